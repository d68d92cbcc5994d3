import Foundation
import MeshCore
import Testing
import YAMLReader

/// Plans that were written and are read again.
@Suite struct SavedPlanTests {
  @Test func everythingComesBack() throws {
    let saved = try SavedPlan(bytes: Self.bytes(RichPlan.plan), file: "p.json")
    #expect(saved.plan == RichPlan.plan)
    #expect(saved.meshctl == MeshctlVersion.current)
  }

  @Test(arguments: PlanCase.names) func everyCaseComesBack(name: String) throws {
    let plan = try PlanCase(name).plan
    let saved = try SavedPlan(bytes: Self.bytes(plan), file: "p.json")
    #expect(saved.plan == plan)
    let moved = SavedPlanComparison.differences(saved: saved.plan, now: plan)
    #expect(moved.isEmpty)
    #expect(PlanFingerprint.text(of: saved.plan) == PlanFingerprint.text(of: plan))
  }

  @Test func aFindingKeepsItsPlace() throws {
    var plan = RichPlan.plan
    plan.diagnostics[0].position = SourcePosition(
      file: "inventory.yaml", mark: .init(line: 3, column: 7), length: 4)
    #expect(try SavedPlan(bytes: Self.bytes(plan), file: "p").plan == plan)
  }

  @Test func theFirstFormatIsReadToo() throws {
    let text = #"""
      {"formatVersion":"1.0","meshctl":"0.1.0","inventory":{"path":"i.yaml","digest":"sha256:0"},
       "server":{"url":"https://mesh.example.com"},"hosts":[
        {"name":"a","os":"linux","action":"none","identity":null,"node":null,"changes":[],
         "steps":[],"unknown":[],"diagnostics":[]}],
       "unmanaged":[],"usersToCreate":[],"diagnostics":[],
       "summary":{"join":0,"change":0,"replace":0,"remove":0,"wait":0,"blocked":0,"inSync":1,
                  "unmanaged":0,"byNameOnly":0}}
      """#
    let plan = try SavedPlan(bytes: Array(text.utf8), file: "p").plan
    #expect(plan.hosts.map(\.name) == ["a"])
    #expect(plan.flags == PlanFlags())
  }

  @Test func aNewerMinorFormatIsRead() throws {
    let newer = Self.text(RichPlan.plan)
      .replacing(#""formatVersion" : "1.2""#, with: #""formatVersion" : "1.9", "later" : [1]"#)
    #expect(try SavedPlan(bytes: Array(newer.utf8), file: "p").plan == RichPlan.plan)
  }

  /// What this version does not know is never done; a newer maker is named, by number and not by letter.
  @Test(arguments: [("1.2", false), ("1.3", true), ("1.10", true)])
  func anUnknownAttributeIsRefused(version: String, isNewer: Bool) throws {
    let text = Self.text(RichPlan.plan)
      .replacing(#""formatVersion" : "1.2""#, with: #""formatVersion" : "\#(version)""#)
      .replacing(#""attribute" : "presence""#, with: #""attribute" : "later""#)
    let found = try #require(Self.refusal(text))
    #expect(found.code == .planFile)
    #expect((found.detail?.contains("newer meshctl") == true) == isNewer, "\(found)")
  }

  @Test func aNewerMajorFormatNamesWhatIsNeeded() {
    let newer = Self.text(RichPlan.plan)
      .replacing(#""formatVersion" : "1.2""#, with: #""formatVersion" : "2.0""#)
    let found = Self.refusal(newer)
    #expect(found?.code == .planFormat)
    #expect(found?.message == "p.json is a plan of format 2.0 (made by meshctl 0.1.0)")
    #expect(found?.hint?.contains("format 2") == true)
  }

  static let damaged: [(String, String)] = [
    ("", "not valid JSON"), ("{", "not valid JSON"), ("[]", "another type"),
    (#"{"formatVersion":1}"#, "formatVersion: another type"),
    (#"{"version":1,"hosts":{}}"#, "names no formatVersion"),
    (#"{"formatVersion":"0.9"}"#, "`0.9`"), (#"{"formatVersion":"1"}"#, "`1`"),
    (#"{"formatVersion":"1.x"}"#, "`1.x`"), (#"{"formatVersion":"-1.0"}"#, "`-1.0`"),
    (#"{"formatVersion":"99999999999999999999.0"}"#, "`9999"),
    (#"{"formatVersion": "1.2"}"#, "is missing"),
    (#"{"format":"meshctl-status","formatVersion":"1.0"}"#, "`meshctl-status`"),
    (#"{"formatVersion":"\u001b[2J"}"#, #"\u{1B}[2J"#),
    ("<html>502</html>", "not valid JSON"), ("\u{0}\u{1}", "not valid JSON"),
    (String(repeating: "[", count: 100_000), "not valid JSON"),
    (#"{"formatVersion": "1.2","x":"# + String(repeating: "[", count: 100_000), "JSON"),
  ]

  @Test(arguments: damaged) func damagedFilesGiveOneClearError(text: String, words: String) {
    let found = Self.refusal(text)
    #expect(found?.code == .planFile)
    #expect(found?.message == "p.json is not a plan that can be read")
    #expect(found?.evidence?.contains(words) == true, "\(found?.evidence ?? "none")")
    #expect((found?.evidence?.utf8.count ?? 0) < 400)
  }

  /// Every value of a real plan replaced by another one: an error that names the place, or a plan.
  @Test(arguments: [
    (#""action" : "join""#, #""action" : "explode""#, "hosts[0].action: `explode`"),
    (#""os" : "windows""#, #""os" : "beos""#, "hosts[1].os: `beos`"),
    (
      #""attribute" : "presence""#, #""attribute" : "root""#,
      "hosts[0].changes[0].attribute: `root`"
    ),
    (#""elevate""#, #""erase""#, "hosts[0].steps[0]: `erase`"),
    (#""identity" : "name""#, #""identity" : "sure""#, "hosts[1].identity: `sure`"),
    (#""code" : "MESH-PLAN-TWIN""#, #""code" : "MESH-\u001b[1m""#, #"`MESH-\u{1B}[1m` is no code"#),
    (#""blockedBy" : "MESH-GUARD-DELETES""#, #""blockedBy" : "none""#, "`none` is no code"),
    (#""severity" : "warning""#, #""severity" : "mild""#, "diagnostics[0].severity: `mild`"),
    (#""maxDeletes" : "3""#, #""maxDeletes" : "many""#, "flags.maxDeletes: `many`"),
    (#""maxChanges" : "50%""#, #""maxChanges" : "101%""#, "flags.maxChanges: `101%`"),
    (#""reason" : "offlineHolder""#, #""reason" : "fun""#, "hosts[0].parks[0].reason: `fun`"),
    (#""reason" : "prune""#, #""reason" : "fun""#, "unmanaged[1].delete.reason: `fun`"),
    (#""name" : "desk""#, #""name" : "win-lab""#, "stands twice"),
    (#""id" : "9""#, #""id" : "3""#, "node `3` stands twice"),
    (#""hosts" : 12"#, #""hosts" : "12""#, "counts.hosts: another type"),
    ("2026-11-06T21:20:00.250Z", "yesterday", "`yesterday` is no time"),
    (#""byAge" : true"#, #""byAge" : "yes""#, "byAge: another type"),
    (#""name" : "office-3""#, #""nam" : "office-3""#, "is missing"),
  ]) func aWrongWordIsNamedWithItsPlace(old: String, new: String, words: String) throws {
    let text = Self.text(RichPlan.plan)
    let range = try #require(text.firstRange(of: old), "the plan does not hold \(old)")
    let found = Self.refusal(text.replacingCharacters(in: range, with: new))
    #expect(found?.code == .planFile)
    #expect(found?.evidence?.contains(words) == true, "\(found?.evidence ?? "none")")
  }

  /// Cut anywhere, it is refused; nothing crashes.
  @Test func cutAnywhere() {
    let bytes = Self.bytes(RichPlan.plan)
    for length in stride(from: 0, to: bytes.count - 1, by: 97) {
      #expect(throws: Failure.self) {
        try SavedPlan(bytes: Array(bytes.prefix(length)), file: "p.json")
      }
    }
  }

  /// A secret in a wrong file is not quoted.
  @Test func theContentOfAWrongFileStaysInIt() {
    let found = Self.refusal(
      #"{"formatVersion": "1.2","meshctl":"x","inventory":"hskey-auth-SECRET"}"#)
    #expect(found != nil)
    #expect(!"\(String(describing: found))".contains("SECRET"))
  }

  @Test(arguments: [
    ("{\"formatVersion\":\"1.0\"}", true), ("\u{FEFF} \n{\"a\": 1, \"formatVersion\" : 1}", true),
    ("version: 1\nhosts: {}\n# \"formatVersion\"", false), ("{\"version\": 1}", false), ("", false),
    ("{", false), ("{\"formatversion\":1}", false),
  ]) func plansAreRecognisedByContent(text: String, isPlan: Bool) {
    #expect(SavedPlan.isPlan(Array(text.utf8)) == isPlan)
  }

  private static func text(_ plan: Plan) -> String {
    Report.plan(plan, as: .json, style: TextStyle())
  }

  private static func bytes(_ plan: Plan) -> [UInt8] { Array(text(plan).utf8) }

  private static func refusal(_ text: String) -> Diagnostic? {
    do {
      _ = try SavedPlan(bytes: Array(text.utf8), file: "p.json")
      return nil
    } catch { return error.diagnostic }
  }
}
