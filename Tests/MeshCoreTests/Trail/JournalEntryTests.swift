import MeshCore
import MeshTestSupport
import Testing

/// Lines of the journal: what is written, and what is read back.
@Suite struct JournalEntryTests {
  static let run = RunIdentity(
    id: RunIdentity.id(0xABC), author: RunAuthor(user: "ops", uid: 1000, host: "ctl-1", pid: 77),
    meshctl: "0.1.0", mesh: "https://mesh.example.com", inventory: "inventory.yaml",
    startedAt: time(0))

  static func time(_ second: Int64) -> Timestamp {
    Timestamp(seconds: 1_795_892_100 + second, nanoseconds: 250_000_000)
  }

  static func step(
    _ host: String?, _ step: StepKind, node: String? = "12", second: Int64 = 1,
    _ changes: [JournalChange] = []
  ) -> JournalEntry {
    var entry = JournalEntry(.step, at: time(second), of: run, plan: "sha256:0123456789abcdef")
    entry.host = host
    entry.node = node
    entry.step = step.rawValue
    entry.changes = changes.isEmpty ? nil : changes
    entry.result = .ok
    return entry
  }

  /// Every kind that writes has a row, every attribute of a plan somebody who changes it.
  @Test func theTableOfStepsIsComplete() {
    #expect(StepKind.allCases.filter { !$0.writes } == [.elevate, .checkServer, .verify])
    let written = Set(StepKind.allCases.compactMap(\.written).joined())
    #expect(Set(Change.Attribute.allCases).subtracting(written).isEmpty)
  }

  @Test func nothingAndNotKnownAreTold() throws {
    let entry = Self.step(
      "web-1", .setTags,
      [
        JournalChange("tags", old: .some(nil), new: .list(["tag:a"])),
        JournalChange("name", old: nil, new: .text("web")),
      ])
    let line = entry.line
    #expect(line.contains(#"{"attribute":"tags","new":["tag:a"],"old":null}"#))
    #expect(line.contains(#"{"attribute":"name","new":"web"}"#))
    let back = try #require(JournalEntry(line: Array(line.utf8.dropLast())))
    #expect(back.line == line)
    #expect(RunIdentity.id(0xABC) == "000000000abc")
  }

  /// Whatever a server or a person called things, a line has an end.
  @Test func linesAreBounded() {
    let heavy = "e" + String(repeating: "\u{301}", count: 200_000)
    let bad = String(repeating: "\u{1}", count: 100_000)
    var entry = Self.step(
      heavy, .join, node: bad,
      (0..<20).map { _ in
        JournalChange(
          "tags", old: .text(bad), new: .list(Array(repeating: heavy, count: 1000)))
      })
    entry.message = bad
    entry.detail = heavy
    let line = entry.line
    #expect(line.utf8.count <= JournalEntry.longest)
    #expect(line.contains(#""cut":true"#))
    #expect(line.filter { $0 == "\n" }.count == 1)
    #expect(JournalEntry(line: Array(line.utf8.dropLast())) != nil)
  }

  @Test(arguments: [
    "", "{}", "[]", "null", #"{"v":1}"#, "{\"v\":2", String(repeating: "[", count: 60_000),
    String(repeating: "{\"a\":", count: 10_000),
  ])
  func whatIsNoEntryIsNone(text: String) {
    #expect(JournalEntry(line: Array(text.utf8)) == nil)
  }

  @Test func aLaterVersionIsNotGuessedAt() {
    let line = Self.step("a", .leave).line.replacing("\"v\":1", with: "\"v\":2")
    #expect(JournalEntry(line: Array(line.utf8.dropLast())) == nil)
  }

  // MARK: Choosing

  @Test(arguments: [
    (["web-*"], [true, false, false]), (["web-1,db"], [true, true, false]),
    (["!db"], [true, false, false]), ([], [true, true, true]),
    (["*", "!web-?"], [false, true, false]),
  ])
  func hosts(patterns: [String], shown: [Bool]) throws {
    let filter = try JournalFilter(hosts: patterns)
    let entries = [
      Self.step("web-1", .leave), Self.step("db", .leave), Self.step(nil, .createUser),
    ]
    #expect(entries.map(filter.shows) == shown)
  }

  @Test func timesAndRuns() throws {
    let entry = Self.step("web-1", .leave)
    #expect(try JournalFilter(since: Self.time(2)).shows(entry) == false)
    #expect(try JournalFilter(since: Self.time(1), run: "00000000").shows(entry))
    #expect(try JournalFilter(run: "f").shows(entry) == false)
    #expect(throws: Failure.self) { try JournalFilter(hosts: ["web,"]) }
  }

  // MARK: For people

  @Test(arguments: [60, 80, 140]) func text(width: Int) {
    var text = JournalText(style: TextStyle(width: width))
    var start = JournalEntry(.start, at: Self.time(0), of: Self.run, plan: nil)
    start.plan = "sha256:0123456789abcdef"
    var key = JournalEntry(.key, at: Self.time(2), of: Self.run, plan: nil)
    key.host = "desk"
    key.key = "17"
    key.result = .minted
    var failed = Self.step("desk", .join, node: nil, second: 3)
    failed.result = .failed
    failed.code = "MESH-JOIN-NOT-SEEN"
    failed.message = "the server lists no node \u{1B}[2J with the key that the host reports"
    var end = JournalEntry(.end, at: Self.time(9), of: Self.run, plan: nil)
    end.exitCode = 3
    end.done = 2
    end.failed = 1
    end.seconds = 9
    var other = Self.step("web-1", .leave, second: 100_000)
    other.run = "feed00000000"
    other.who.sudoUser = "alice"
    let entries = [
      start,
      Self.step(
        "web-1", .setTags,
        [JournalChange("tags", old: .list(["tag:web"]), new: .list(["tag:db", "tag:web"]))]),
      Self.step(
        "web-1", .approveRoutes,
        [
          JournalChange(
            "approvedRoutes", old: .list(["10.0.0.0/24"]),
            new: .list(["10.0.0.0/24", "10.2.0.0/16"]))
        ]),
      Self.step(nil, .deleteNode, [JournalChange("presence", old: .text("nas"), new: .some(nil))]),
      key, failed, end, other,
    ]
    let all = entries.map { text.text($0) }.joined() + text.closing
    GoldenFile("Goldens/log-\(width).txt").expect(all)
    #expect(!all.contains("\u{1B}"))
  }
}
