import Foundation
import MeshAdapters
import MeshCore
import Testing
import YAMLReader

/// A home folder of its own with `.ssh`.
struct KeyHome {
  static let ed25519 =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8nVYBrWSEVYIS3yAZpi8ySDRvJHIlJbzl6Jq5hcYo"
  static let other =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMpm7DzoNVPcm7H1XQ4mXvAlPTsfhPZgFzGLM7ZHoaPk"

  let path: String
  var environment: [String: String] { ["HOME": path, "PATH": "/usr/bin:/bin"] }

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/meshctl-home-\(UUID())"
    try FileManager.default.createDirectory(
      atPath: path + "/.ssh", withIntermediateDirectories: true)
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  static func host(_ change: (inout MeshCore.Host) -> Void = { _ in }) -> MeshCore.Host {
    var host = MeshCore.Host(key: "one", mark: SourceMark(line: 1, column: 1))
    host.ssh.user = "ops"
    change(&host)
    return host
  }
}

@Suite("Which public keys hosts let in") struct PublicKeyFilesTests {
  private func code(_ body: () throws -> Void) -> DiagnosticCode? {
    do {
      try body()
      return nil
    } catch { return (error as? Failure)?.diagnostic.code }
  }

  @Test func theOwnKeysInOrderAndOthersPassedOver() throws {
    let home = try KeyHome()
    defer { home.remove() }
    try home.write(".ssh/id_b.pub", KeyHome.other + " b\n")
    try home.write(".ssh/id_a.pub", KeyHome.ed25519 + " a\n")
    try home.write(".ssh/id_a-cert.pub", "ssh-ed25519-cert-v01@openssh.com AAAA\n")
    try home.write(".ssh/id_a", "-----BEGIN OPENSSH PRIVATE KEY-----\n")
    try home.write(".ssh/junk.pub", "---- BEGIN SSH2 PUBLIC KEY ----\n")
    let reading = try PublicKeyFiles(environment: home.environment).standard()
    #expect(reading.keys.keys.map(\.comment) == ["a", "b"])
    #expect(reading.files == [".ssh/id_a.pub", ".ssh/id_b.pub"].map { home.path + "/" + $0 })
    #expect(reading.warnings.map(\.code) == [.bootstrapKeyForm])
    #expect(reading.warnings.map(\.severity) == [.warning])
  }

  @Test func whatTheInventoryNamesWins() throws {
    let home = try KeyHome()
    defer { home.remove() }
    try home.write(".ssh/id_a.pub", KeyHome.ed25519 + " a\n")
    try home.write("fleet", "\(KeyHome.other) fleet\n")
    let files = PublicKeyFiles(environment: home.environment)
    let named = try files.keys(for: KeyHome.host { $0.bootstrap.authorizedKeys = "~/fleet" })
    #expect(named.keys.keys.map(\.comment) == ["fleet"])
    // The key that ssh is told to use belongs to them too.
    try home.write("deploy.pub", "\(KeyHome.other) deploy\n")
    let identity = try files.keys(
      for: KeyHome.host { $0.ssh.identityFile = home.path + "/deploy" })
    #expect(identity.keys.keys.map(\.comment) == ["a", "deploy"])
  }

  @Test func aNamedFileThatIsWrongIsAnError() throws {
    let home = try KeyHome()
    defer { home.remove() }
    let files = PublicKeyFiles(environment: home.environment)
    try home.write("private", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n")
    try home.write("empty", "# none\n")
    try Data([0xFF, 0xFE, 0x73, 0x00]).write(to: URL(filePath: home.path + "/utf16"))
    #expect(code { _ = try files.read([home.path + "/private"]) } == .bootstrapPrivateKey)
    #expect(code { _ = try files.read([home.path + "/empty"]) } == .bootstrapNoKeys)
    #expect(code { _ = try files.read([home.path + "/utf16"]) } == .bootstrapKeyForm)
    #expect(code { _ = try files.read([home.path + "/missing"]) } == .fileUnreadable)
    #expect(code { _ = try files.standard() } == .bootstrapNoKeys)
    #expect(code { _ = try files.keys(for: KeyHome.host()) } == .bootstrapNoKeys)
  }
}
