import Foundation
import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale by its command: what misbehaves")
struct HeadscaleCommandMisbehaviourTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the shell does instead.
    var script: String
    var code: DiagnosticCode
    /// Must stand in message, evidence or hint.
    var words: String
    /// Writes that are known not to have happened need no second look.
    var isUnclear = true
  }

  static let cases = [
    Case(
      testDescription: "junk", script: "echo 'Segmentation fault (core dumped)'",
      code: .apiBadAnswer, words: "Segmentation fault"),
    Case(
      testDescription: "JSON that ends early", script: "printf '[{\"id\":1,\"machine_key\":'",
      code: .apiBadAnswer, words: "printed to"),
    Case(
      testDescription: "10 MB of junk",
      script: "head -c 10000000 /dev/zero | tr '\\0' x", code: .apiBadAnswer, words: "headscale"),
    Case(
      testDescription: "10 MB on standard error",
      script: "head -c 10000000 /dev/zero | tr '\\0' x >&2; exit 1", code: .apiRefused,
      words: "xxx"),
    Case(
      testDescription: "exit 127",
      script: "echo 'sudo: headscale: command not found' >&2; exit 127",
      code: .apiCommand, words: "command not found", isUnclear: false),
    Case(
      testDescription: "a password is wanted",
      script: "echo 'sudo: a password is required' >&2; exit 1", code: .apiCommand,
      words: "NOPASSWD", isUnclear: false),
    Case(
      testDescription: "no server",
      script:
        "echo '{\"error\":\"connecting to headscale: dial unix /run/x.sock: connect: connection refused\"}' >&2; exit 1",
      code: .apiUnreachable, words: "connection refused", isUnclear: false),
    Case(
      testDescription: "a flag it does not know",
      script: "echo '{\"error\":\"unknown flag: --disable\"}' >&2; exit 1", code: .apiRefused,
      words: "unknown flag", isUnclear: false),
    Case(
      testDescription: "an error in words",
      script:
        "echo '{\"error\":\"rpc error: code = Unknown desc = disk\\u001b[31m full\"}' >&2; exit 1",
      code: .apiRefused, words: "\\u{1B}[31m full"),
    Case(testDescription: "killed", script: "kill -9 $$", code: .apiRefused, words: "exit 137"),
    Case(testDescription: "hangs", script: "sleep 62.5", code: .apiTimeout, words: "did not end"),
  ]

  /// The command answers reads of other calls as a server with node 7 and user 1.
  private func broken(_ script: String, where condition: String) -> String {
    "if \(condition); then \(script); exit; fi"
  }

  private func seen(_ problem: Diagnostic, _ words: String) -> Bool {
    [problem.message, problem.evidence, problem.hint].contains { $0?.contains(words) == true }
  }

  @Test(arguments: cases)
  func `A read has one clear error`(this: Case) async throws {
    // A length of its own: other tests sleep at the same time.
    let own = this.script.replacingOccurrences(of: "62.5", with: "62.25")
    let script = broken(own, where: "[ \"$1\" = nodes ]")
    try await FakeHeadscaleCommand.run(script) { command in
      let control = try command.control(timeout: this.code == .apiTimeout ? 10 : 60)
      let problem = try await failure { try await control.nodes() }
      #expect(problem.code == this.code, "\(problem)")
      #expect(seen(problem, this.words), "\(problem)")
      #expect(command.writes.isEmpty)
      if this.code == .apiTimeout {
        #expect(LoopbackSSHD.processes(with: "sleep 62.25").isEmpty)
      }
    }
  }

  @Test("Each write, each way of breaking: one clear error, run once", arguments: cases)
  func everyWrite(this: Case) async throws {
    let reads = "case \"$1 $2\" in version*|*' list'|policy*) false ;; esac"
    for write in HeadscaleWrite.all {
      var listing = ""
      if write.testDescription == "disable expiry" {
        listing =
          "[ \"$1 $2\" = 'nodes list' ] && { echo '[{\"id\":7,\"machine_key\":\"mkey:1\",\"node_key\":\"nodekey:1\",\"given_name\":\"old\",\"expiry\":{\"seconds\":1795400000}}]'; exit; }\n"
      }
      if write.testDescription == "expire key" || write.testDescription == "create key" {
        listing =
          "[ \"$1 $2\" = 'preauthkeys list' ] && { echo '[{\"id\":4,\"key\":\"x-***\",\"acl_tags\":[\"tag:a\"],\"expiration\":{\"seconds\":4000000000},\"created_at\":{\"seconds\":1}}]'; exit; }\n"
      }
      let script = listing + broken(this.script, where: reads)
      try await FakeHeadscaleCommand.run(script) { command in
        let control = try command.control(timeout: this.code == .apiTimeout ? 10 : 60)
        let problem = try await failure { try await write.call(control) }
        #expect(problem.code == this.code, "\(write.testDescription): \(problem)")
        #expect(command.writes.count == 1, "\(command.writes)")
        let looksAgain = command.calls.last != command.writes.last
        #expect(looksAgain == this.isUnclear, "\(write.testDescription): \(command.calls)")
      }
    }
  }

  @Test("A write that failed in words is done when the list shows it") func goalHolds() async throws
  {
    let script = """
      if [ "$1 $2" = "nodes rename" ]; then echo '{"error":"context deadline exceeded"}' >&2; exit 1; fi
      """
    try await FakeHeadscaleCommand.run(script) { command in
      let control = try command.control()
      try await control.rename(nodeID: "7", to: "old")
      #expect(command.writes.count == 1)
      let problem = try await failure { try await control.rename(nodeID: "99", to: "old") }
      #expect(problem.code == .apiNodeGone)
    }
  }

  @Test("A warning before the JSON is stepped over, and no further than a line's beginning")
  func warning() async throws {
    let warning = "echo 'WARN[0000] [docker] the \"version\" attribute is obsolete'; echo '[!] hm'"
    try await FakeHeadscaleCommand.run(warning) { command in
      let control = try command.control()
      let nodes = try await control.nodes().nodes
      #expect(nodes.map(\.id) == ["7"])
      try await control.rename(nodeID: "7", to: "new")
      #expect(command.writes.count == 1)
    }
  }

  @Test("A program that is not there, or is something else") func notThere() async throws {
    let url = try #require(ServerURL("https://mesh.example.com"))
    for (words, code) in [
      (["/nonexistent/headscale"], DiagnosticCode.apiCommand), (["echo"], .apiNotHeadscale),
      (["true"], .apiNotHeadscale), (["false"], .apiRefused), (["cat"], .apiRefused),
    ] {
      let control = HeadscaleControl(
        HeadscaleCLI(
          LocalHeadscale(words: words, environment: ["PATH": "/usr/bin:/bin"], timeout: 10),
          url: url))
      let problem = try await failure { try await control.identify() }
      #expect(problem.code == code, "\(problem)")
      #expect(problem.message.contains(words[0]))
    }
  }

  @Test("Tags that the policy does not know are told as that (#3152)") func tags() async throws {
    let script = """
      [ "$2" = tag ] && { echo '{"error":"rpc error: code = InvalidArgument desc = requested tags [tag:x] are invalid or not permitted"}' >&2; exit 1; }
      """
    try await FakeHeadscaleCommand.run(script) { command in
      let problem = try await failure {
        try await command.control().setTags(nodeID: "7", tags: ["tag:x"])
      }
      #expect(problem.code == .apiTags)
      #expect(problem.hint?.contains("tagOwners") == true)
    }
  }
}
