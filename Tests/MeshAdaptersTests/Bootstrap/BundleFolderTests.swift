import Foundation
import MeshAdapters
import MeshCore
import Testing

@Suite("Files of a bundle in a folder") struct BundleFolderTests {
  private let home: KeyHome
  private let folder: BundleFolder

  init() throws {
    home = try KeyHome()
    folder = BundleFolder(home.path + "/deep/oem")
  }

  private func files(_ line: String = KeyHome.ed25519) throws -> [BootstrapBundle.File] {
    let keys = try AuthorizedKeys(parsing: line, source: "x")
    return BootstrapBundle.files(BootstrapRequest(os: .windows, keys: keys))
  }

  private func mode(_ name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: home.path + "/deep/oem/" + name)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }

  @Test func aSecondTimeChangesNothing() throws {
    defer { home.remove() }
    let first = try folder.write(try files(), force: false)
    #expect(first.allSatisfy { $0.result == .written } && first.count == 5)
    let second = try folder.write(try files(), force: false)
    #expect(second.allSatisfy { $0.result == .same })
    #expect(try home.read("deep/oem/authorized_keys") == KeyHome.ed25519 + "\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: home.path + "/deep/oem")
    #expect(left.count == 5, "nothing temporary is left: \(left)")
  }

  @Test func scriptsCanBeRunAndTheRestCannot() throws {
    defer { home.remove() }
    let keys = try AuthorizedKeys(parsing: KeyHome.ed25519, source: "x")
    _ = try folder.write(
      BootstrapBundle.files(BootstrapRequest(os: .linux, keys: keys)), force: false)
    #expect(try mode("enable-ssh.sh") == 0o755)
    #expect(try mode("authorized_keys") == 0o644)
  }

  @Test func keysAreAddedAndNeverReplacedEvenByForce() throws {
    defer { home.remove() }
    _ = try folder.write(try files("restrict " + KeyHome.other), force: false)
    let results = try folder.write(try files(), force: true)
    #expect(results.last?.result == .added)
    #expect(
      try home.read("deep/oem/authorized_keys")
        == "restrict \(KeyHome.other)\n\(KeyHome.ed25519)\n")
  }

  @Test func whatDiffersIsKeptAndNothingElseIsWritten() throws {
    defer { home.remove() }
    try FileManager.default.createDirectory(
      atPath: home.path + "/deep/oem", withIntermediateDirectories: true)
    try home.write("deep/oem/install.bat", "rem mine\r\n")
    let failure = try #require(throws: Failure.self) {
      try folder.write(try files(), force: false)
    }
    #expect(failure.diagnostic.code == .bootstrapFileDiffers)
    #expect(failure.diagnostic.hint?.contains("enable-ssh.ps1") == true)
    #expect(try home.read("deep/oem/install.bat") == "rem mine\r\n")
    #expect(!FileManager.default.fileExists(atPath: home.path + "/deep/oem/enable-ssh.ps1"))

    // A person's own file that calls ours is right, and --force replaces what is not.
    try home.write("deep/oem/install.bat", "rem mine\r\ncall powershell -File enable-ssh.ps1\r\n")
    let kept = try folder.write(try files(), force: false)
    #expect(kept.first { $0.name == "install.bat" }?.result == .same)
    try home.write("deep/oem/setup-ssh-key.ps1", "old")
    let forced = try folder.write(try files(), force: true)
    #expect(forced.first { $0.name == "setup-ssh-key.ps1" }?.result == .replaced)
    #expect(try home.read("deep/oem/install.bat").hasPrefix("rem mine"))
  }

  /// A pull request names the folder, and may have laid a link.
  @Test func theKeysOfThisMachineAreLeftAlone() throws {
    defer { home.remove() }
    try FileManager.default.createSymbolicLink(
      atPath: home.path + "/oem", withDestinationPath: home.path + "/.ssh")
    for place in ["/.ssh", "/.ssh/", "/deep/../.ssh/.", "/oem"] {
      let failure = try #require(throws: Failure.self, "\(place)") {
        try BundleFolder(home.path + place).write(try files(), force: true)
      }
      #expect(failure.diagnostic.code == .bootstrapFolder)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path + "/.ssh") == [])
  }

  @Test func whatIsNoTextIsRefusedAndStaysAsItIs() throws {
    defer { home.remove() }
    let place = home.path + "/deep/oem/authorized_keys"
    try FileManager.default.createDirectory(
      atPath: home.path + "/deep/oem", withIntermediateDirectories: true)
    let bytes = Data([0xFF, 0xFE, 0x73, 0x00, 0x0A, 0x00])
    try bytes.write(to: URL(filePath: place))
    let failure = try #require(throws: Failure.self) {
      try folder.write(try files(), force: true)
    }
    #expect(failure.diagnostic.code == .bootstrapKeyForm)
    #expect(failure.diagnostic.message.contains("is not UTF-8 text"))
    #expect(try Data(contentsOf: URL(filePath: place)) == bytes)
    #expect(!FileManager.default.fileExists(atPath: home.path + "/deep/oem/enable-ssh.ps1"))
  }

  @Test func keysThatWereThereAreCounted() throws {
    defer { home.remove() }
    let keys = try AuthorizedKeys(parsing: KeyHome.ed25519, source: "x")
    #expect(try folder.others(than: keys) == 0)
    _ = try folder.write(
      try files("restrict \(KeyHome.other) a\n\(KeyHome.ed25519) b"), force: false)
    #expect(try folder.others(than: keys) == 1)
  }

  @Test func aPrivateKeyThereIsNoFileOfOurs() throws {
    defer { home.remove() }
    try FileManager.default.createDirectory(
      atPath: home.path + "/deep/oem", withIntermediateDirectories: true)
    try home.write("deep/oem/authorized_keys", "-----BEGIN OPENSSH PRIVATE KEY-----\n")
    let failure = try #require(throws: Failure.self) {
      try folder.write(try files(), force: true)
    }
    #expect(failure.diagnostic.code == .bootstrapPrivateKey)
  }
}
