import Foundation
import MeshAdapters
import MeshCore
import MeshTestSupport
import Testing

@Suite("The cache file")
struct AttemptCacheTests {
  private let parent = NSTemporaryDirectory() + "/meshctl-cache-\(UUID().uuidString)"
  private var folder: String { parent + "/state" }
  private let now = Timestamp(seconds: 1_800_000_000)

  private func cache(_ mesh: String = "https://mesh.example.com") -> AttemptCache {
    AttemptCache(folder: folder, mesh: mesh, clock: ManualClock(now))
  }

  private var file: String { folder + "/cache.json" }

  private func attempt(_ count: Int = 1) -> Attempt {
    Attempt(
      situation: "0123456789abcdef", since: now.adding(seconds: -600), last: now, count: count,
      code: .sshTimeout, waits: false)
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func remembersByMeshAndForgets() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    #expect(cache().recall().isEmpty)
    try cache().remember(["one": attempt(), "two": attempt(2)])
    try cache("https://other.example.com").remember(["one": attempt(3)])
    #expect(cache().recall() == ["one": attempt(), "two": attempt(2)])
    #expect(cache("https://other.example.com").recall() == ["one": attempt(3)])
    // Another shard's hosts stay.
    try cache().remember(["one": nil as Attempt?, "three": attempt()])
    #expect(cache().recall().keys.sorted() == ["three", "two"])
    #expect(try mode(file) == 0o600)
    #expect(try mode(folder) == 0o700)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(left == ["cache.json", "cache.lock"])
  }

  @Test func anEmptyCacheKeepsNoMesh() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try cache().remember(["one": attempt()])
    try cache().remember(["one": nil as Attempt?])
    #expect(try String(contentsOfFile: file, encoding: .utf8).contains("example.com") == false)
  }

  @Test func whatIsOldIsDropped() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    var old = attempt()
    old.last = now.adding(seconds: -61 * 86_400)
    old.since = old.last
    try cache().remember(["gone": old, "one": attempt()])
    #expect(cache().recall().keys.sorted() == ["one"])
  }

  @Test(arguments: [
    "", "{", "[]", "null", #"{"formatVersion":2,"meshes":{}}"#, "\u{0}\u{0}",
    #"{"formatVersion":1,"meshes":{"https://mesh.example.com":{"one":{"situation":1}}}}"#,
    #"{"formatVersion":1,"meshes":{"https://mesh.example.com":{"one":{"situation":"s","since":"x","last":"y","count":1,"code":"MESH-SSH-TIMEOUT","waits":false}}}}"#,
    #"{"formatVersion":1,"meshes":{"https://mesh.example.com":{"one":{"situation":"s","since":"2026-01-01T00:00:00Z","last":"2026-01-01T00:00:00Z","count":1,"code":"\u001b[31mEVIL","waits":false}}}}"#,
  ])
  func junkCountsAsEmptyAndIsReplaced(_ text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    #expect(cache().recall().isEmpty)
    try cache().remember(["two": attempt()])
    #expect(cache().recall().keys.sorted() == ["two"])
  }

  @Test func aLinkIsNotFollowed() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try cache().remember(["one": attempt()])
    let elsewhere = folder + "/elsewhere"
    try FileManager.default.moveItem(atPath: file, toPath: elsewhere)
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: elsewhere)
    #expect(cache().recall().isEmpty)
    let before = try Data(contentsOf: URL(filePath: elsewhere))
    try cache().remember(["two": attempt()])
    // The link is replaced by a file; what it pointed to is not touched.
    #expect(try Data(contentsOf: URL(filePath: elsewhere)) == before)
    #expect(cache().recall().keys.sorted() == ["two"])
    try FileManager.default.removeItem(atPath: folder + "/cache.lock")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/cache.lock", withDestinationPath: elsewhere)
    #expect(throws: Failure.self) { try cache().remember(["two": attempt()]) }
  }

  @Test func whatAKilledRunLeftIsTakenAway() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try cache().remember(["one": attempt()])
    try "junk".write(toFile: file + ".tmp", atomically: false, encoding: .utf8)
    try cache().remember(["two": attempt()])
    #expect(cache().recall().keys.sorted() == ["one", "two"])
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(left == ["cache.json", "cache.lock"])
  }

  @Test func manyRunsAtOnceLoseNothing() async throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<40 {
        group.addTask {
          #expect(throws: Never.self) {
            try cache("mesh \(index % 4)").remember(["host \(index)": attempt(index + 1)])
          }
        }
      }
    }
    for mesh in 0..<4 { #expect(cache("mesh \(mesh)").recall().count == 10) }
  }
}
