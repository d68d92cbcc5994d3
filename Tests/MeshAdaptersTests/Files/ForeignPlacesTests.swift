import Foundation
import MeshAdapters
import MeshCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Another user of the controller who was there first: folders, links and files in the way of ours.
@Suite(.timeLimit(.minutes(1))) struct ForeignPlacesTests {
  /// Whose things root can lay out; another user's cannot be made by anybody else.
  static let isRoot = geteuid() == 0
  private static let nobody: uid_t = 65_534

  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/meshctl-foreign-\(UUID())"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  private func mode(_ path: String) -> Int {
    var status = stat()
    return lstat(path, &status) == 0 ? Int(status.st_mode & 0o7777) : -1
  }

  private func lock() async -> Diagnostic? {
    do {
      let lock = try await RunLock.acquire(
        apiURL: "https://mesh.example.com", shard: nil, directory: folder + "/meshctl/locks",
        timeout: 0,
        clock: SystemClock())
      try await lock.release()
      return nil
    } catch { return (error as? Failure)?.diagnostic }
  }

  private func code(_ body: () throws -> Void) -> DiagnosticCode? {
    do {
      try body()
      return nil
    } catch { return (error as? Failure)?.diagnostic.code }
  }

  // MARK: The state folder

  @Test func theLockIsForItsOwnerAlone() async throws {
    defer { remove() }
    #expect(await lock() == nil)
    #expect(mode(folder + "/meshctl/locks") == 0o700)
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder + "/meshctl/locks").first)
    #expect(mode(folder + "/meshctl/locks/" + file) == 0o600)
    #expect(await lock() == nil, "a second time too")
  }

  @Test(arguments: ["/meshctl", "/meshctl/locks"])
  func aStateFolderThatOthersMayWrite(place: String)
    async throws
  {
    defer { remove() }
    #expect(await lock() == nil)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: folder + place)
    let finding = await lock()
    #expect(finding?.code == .fileForeign)
    #expect(finding?.evidence == "mode 0777")
  }

  @Test(
    .enabled(if: isRoot, "only root can lay out another user's folder"), arguments: [true, false])
  func aStateFolderOfAnotherUser(isLink: Bool) async throws {
    defer { remove() }
    try FileManager.default.createDirectory(
      atPath: folder + "/theirs/locks", withIntermediateDirectories: true)
    if isLink {
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/meshctl", withDestinationPath: folder + "/theirs")
      #expect(lchown(folder + "/meshctl", Self.nobody, Self.nobody) == 0)
    } else {
      try FileManager.default.moveItem(atPath: folder + "/theirs", toPath: folder + "/meshctl")
      #expect(chown(folder + "/meshctl", Self.nobody, Self.nobody) == 0)
    }
    #expect(await lock()?.code == .fileForeign)
    #expect(await lock()?.evidence == "it belongs to user 65534")
  }

  /// One rule for all that is kept there: nothing of a folder that others write in is believed.
  @Test func nothingOfAnOpenStateFolderIsBelieved() async throws {
    defer { remove() }
    let state = folder + "/meshctl"
    let now = Timestamp(seconds: 1_800_000_000)
    let cache = AttemptCache(folder: state, mesh: "m", clock: SystemClock())
    let memory = SituationMemory(folder: state, mesh: "m", about: ["i"])
    let time = SystemClock().now()
    let attempt = Attempt(
      situation: "s", since: time, last: time, count: 1, code: .sshTimeout, waits: false)
    try cache.remember(["one": attempt])
    try memory.remember("x", at: now)
    #expect(!cache.recall().isEmpty && memory.last(now: now) == "x")
    #expect(await lock() == nil)

    #expect(chmod(state, 0o777) == 0)
    #expect(await lock()?.code == .fileForeign)
    #expect(cache.recall().isEmpty && memory.last(now: now) == nil)
    #expect(code { try cache.remember(["one": attempt]) } == .fileForeign)
    #expect(code { try memory.remember("y", at: now) } == .notifyMemory)
    await #expect {
      try await JournalFile(folder: state).append("{}\n")
    } throws: {
      ($0 as? Failure)?.diagnostic.code == .fileForeign
    }
    #expect(chmod(state, 0o700) == 0)
    #expect(!cache.recall().isEmpty && memory.last(now: now) == "x")
  }

  /// The group of one user alone is nobody else, as on volumes of Kubernetes.
  @Test(.enabled(if: isRoot, "only root can give a folder another group"))
  func aStateFolderThatAGroupMayWrite() async throws {
    defer { remove() }
    #expect(await lock() == nil)
    let state = folder + "/meshctl"
    #expect(chown(state, 0, 3_999_999) == 0 && chmod(state, 0o770) == 0)
    #expect(await lock() == nil, "a number without a name")
    #expect(chown(state, 0, try #require(getgrnam("daemon")?.pointee.gr_gid)) == 0)
    #expect(chmod(state, 0o770) == 0)
    let finding = await lock()
    #expect(finding?.code == .fileForeign && finding?.evidence == "mode 0770")
  }

  @Test(arguments: ["link", "second name", "pipe"])
  func aLockFileThatLeadsElsewhere(kind: String) async throws {
    defer { remove() }
    #expect(await lock() == nil)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder + "/meshctl/locks").first)
    let place = folder + "/meshctl/locks/" + name
    let precious = folder + "/precious"
    try Data("keep me".utf8).write(to: URL(filePath: precious))
    #expect(unlink(place) == 0)
    switch kind {
    case "link": #expect(symlink(precious, place) == 0)
    case "second name": #expect(link(precious, place) == 0)
    default: #expect(mkfifo(place, 0o600) == 0)
    }
    let finding = await lock()
    #expect(finding != nil && finding?.severity == .error)
    #expect(try String(contentsOfFile: precious, encoding: .utf8) == "keep me")
  }

  // MARK: Files that are written

  @Test func aFileKeepsItsMode() throws {
    defer { remove() }
    let place = folder + "/plan.json"
    try BoundedFile.write("one", to: place, what: "the plan")
    #expect(mode(place) & 0o022 == 0)
    for wanted in [0o600, 0o640, 0o664] {
      #expect(chmod(place, mode_t(wanted)) == 0)
      try BoundedFile.write("two", to: place, what: "the plan")
      #expect(mode(place) == wanted)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["plan.json"])
  }

  @Test(arguments: ["pipe", "link", "dangling link", "device"])
  func specialFilesAreNotReplaced(kind: String) throws {
    defer { remove() }
    let place = kind == "device" ? "/dev/null" : folder + "/there"
    let other = folder + "/other"
    switch kind {
    case "pipe": #expect(mkfifo(place, 0o600) == 0)
    case "link":
      try Data("keep me".utf8).write(to: URL(filePath: other))
      #expect(symlink(other, place) == 0)
    case "dangling link": #expect(symlink(other, place) == 0)
    default: break
    }
    let before = mode(place)
    #expect(code { try BoundedFile.requireWritable(place, what: "it") } == .fileNotRegular)
    #expect(code { try BoundedFile.write("x", to: place, what: "it") } == .fileNotRegular)
    #expect(mode(place) == before)
    #expect(
      (try? String(contentsOfFile: other, encoding: .utf8)) == (kind == "link" ? "keep me" : nil))
  }

  /// A link in /tmp would lead `plan --out /tmp/plan` to a file of the attacker's choice.
  @Test(.enabled(if: isRoot, "only root can lay another user's link"))
  func aLinkOfAnotherUserIsNotFollowed() throws {
    defer { remove() }
    try FileManager.default.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: folder)
    let link = folder + "/plan.json"
    #expect(symlink(folder + "/victim", link) == 0)
    #expect(try BoundedFile.followed(link, what: "it") == folder + "/victim", "our own is fine")
    #expect(lchown(link, Self.nobody, Self.nobody) == 0)
    #expect(code { _ = try BoundedFile.followed(link, what: "it") } == .fileForeign)
    // Where only its owner may lay links, the owner's are meant.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    #expect(code { _ = try BoundedFile.followed(link, what: "it") } == nil)
  }

  // MARK: bootstrap --out

  private func bundle() throws -> [BootstrapBundle.File] {
    let keys = try AuthorizedKeys(parsing: KeyHome.ed25519, source: "x")
    return BootstrapBundle.files(BootstrapRequest(os: .linux, keys: keys))
  }

  @Test(arguments: ["enable-ssh.sh", "authorized_keys"])
  func aBundleIsNotWrittenThroughLinks(name: String) throws {
    defer { remove() }
    let oem = folder + "/oem"
    try FileManager.default.createDirectory(atPath: oem, withIntermediateDirectories: true)
    let precious = folder + "/precious"
    for text in [KeyHome.other + "\n", try bundle().first { $0.name == name }?.text ?? ""] {
      try Data(text.utf8).write(to: URL(filePath: precious))
      #expect(chmod(precious, 0o600) == 0)
      unlink(oem + "/" + name)
      #expect(symlink(precious, oem + "/" + name) == 0)
      #expect(
        code { _ = try BundleFolder(oem).write(try bundle(), force: true) } == .fileNotRegular)
      #expect(try String(contentsOfFile: precious, encoding: .utf8) == text)
      #expect(mode(precious) == 0o600, "not made executable either")
    }
  }

  @Test func aBundleGoesNowhereThatOthersMayWrite() throws {
    defer { remove() }
    let oem = folder + "/oem"
    try FileManager.default.createDirectory(atPath: oem, withIntermediateDirectories: true)
    #expect(chmod(oem, 0o777) == 0)
    #expect(code { _ = try BundleFolder(oem).write(try bundle(), force: true) } == .fileForeign)
    #expect(try FileManager.default.contentsOfDirectory(atPath: oem) == [])
    #expect(chmod(oem, 0o755) == 0)
    #expect(code { _ = try BundleFolder(oem).write(try bundle(), force: true) } == nil)
  }

  // MARK: Inventories and secret files

  @Test func whoElseMayReadAndChange() throws {
    defer { remove() }
    let inventory = folder + "/inventory.yaml"
    let text = """
      version: 1
      server: {url: "https://mesh.example.com", api: {key: {file: api.key}}}
      hosts:
        web-1: {become: {password: {file: sudo.txt}}}
        web-2: {become: {password: {file: ./sudo.txt}}}
      """
    try Data(text.utf8).write(to: URL(filePath: inventory))
    for name in ["api.key", "sudo.txt"] {
      try Data("v4lue".utf8).write(to: URL(filePath: folder + "/" + name))
      #expect(chmod(folder + "/" + name, 0o600) == 0)
    }
    func codes() throws -> [DiagnosticCode] {
      try InventoryFile.load(inventory).diagnostics.map(\.code)
    }
    #expect(chmod(inventory, 0o644) == 0)
    #expect(try codes() == [])
    #expect(chmod(inventory, 0o666) == 0)
    #expect(try codes() == [.fileOthersWrite])
    #expect(chmod(inventory, 0o644) == 0)
    #expect(chmod(folder + "/sudo.txt", 0o644) == 0)
    let findings = try InventoryFile.load(inventory).diagnostics
    #expect(Set(findings.map(\.code)) == [.secretPermissions])
    #expect(findings.first?.evidence == "mode 0644" && findings.first?.severity == .warning)
    #expect(findings.first?.hint?.hasPrefix("chmod 600 ") == true)
    #expect(!findings.description.contains("v4lue"))
    #expect(unlink(folder + "/sudo.txt") == 0)
    #expect(try codes() == [], "a missing file is said when it is read")
  }

  /// Whether a group is somebody else: one of its own user and systemd's access lists are not.
  @Test(.enabled(if: isRoot, "only root can give a file another group")) func groups() throws {
    defer { remove() }
    let file = folder + "/key"
    try Data("x".utf8).write(to: URL(filePath: file))
    #expect(chmod(file, 0o640) == 0)
    #expect(chown(file, 0, 0) == 0)
    #expect(FilePermissions.readableByOthers(file) == nil, "root's group")
    let daemon = try #require(getgrnam("daemon")?.pointee.gr_gid)
    #expect(chown(file, 0, daemon) == 0)
    #expect(FilePermissions.readableByOthers(file) == "mode 0640")
    #expect(chown(file, 0, 3_999_999) == 0)
    #expect(FilePermissions.readableByOthers(file) == nil, "a number without a name")
    #expect(FilePermissions.readableByOthers(folder + "/missing") == nil)
  }

  /// The same for changing: git checks out 0664 where the umask is 002.
  @Test(.enabled(if: isRoot, "only root can give a file another group")) func groupsThatWrite()
    throws
  {
    defer { remove() }
    let file = folder + "/inventory.yaml"
    try Data("version: 1\nserver: {url: \"https://mesh.example.com\"}\nhosts: {a: {}}\n".utf8)
      .write(to: URL(filePath: file))
    let daemon = try #require(getgrnam("daemon")?.pointee.gr_gid)
    for (mode, group, isExposed) in [
      (0o664, daemon, true), (0o644, daemon, false), (0o664, 0, false), (0o664, 3_999_999, false),
      (0o666, 0, true),
    ] as [(mode_t, gid_t, Bool)] {
      #expect(chown(file, 0, group) == 0 && chmod(file, mode) == 0)
      #expect((FilePermissions.writableByOthers(file) != nil) == isExposed, "\(mode) \(group)")
      let codes = try InventoryFile.load(file).diagnostics.map(\.code)
      #expect(codes.contains(.fileOthersWrite) == isExposed, "\(mode) \(group)")
    }
  }
}
