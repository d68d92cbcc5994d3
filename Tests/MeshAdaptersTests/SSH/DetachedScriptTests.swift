import Foundation
import MeshCore
import Testing

/// An upgrade that outlives its connection, in every shell.
@Suite(.timeLimit(.minutes(3))) struct DetachedScriptTests {
  static let upgrade: RemoteCall = {
    var call = InstallConversationTests.call(.installPacman, version: "1.102.3")
    call.isDetached = true
    return call
  }()

  /// A manager that waits for the test before it installs.
  private func slowHost() throws -> ScriptHost {
    let host = try ScriptHost(systemd: false)
    try host.offer("1.102.3")
    try host.install("1.80.0")
    let wait =
      "n=0; while [ ! -e '@ROOT@/go' ] && [ $n -lt 600 ]; do /bin/sleep 0.1; n=$((n + 1)); done\n"
    try host.program(
      "pacman",
      FakePrograms.pacman.replacing(
        "case \" $* \" in *' -Sy '*)", with: ": >'@ROOT@/begun'\n\(wait)case \" $* \" in *' -Sy '*)"
      ))
    return host
  }

  @Test(arguments: ShellRun.shells) func answersLikeTheScriptItself(shell: [String]) async throws {
    let host = try slowHost()
    defer { host.remove() }
    try host.write("go", "")
    let report = try await host.run(Self.upgrade, in: shell)
    #expect(report.isComplete && report.status("stage") == 0, "\(report)")
    #expect(report.text("version") == "1.102.3")
    #expect(!host.exists("run/meshctl-job"))
  }

  /// The connection breaks while it installs: it goes on, and the next call waits for the same run.
  @Test(arguments: ShellRun.shells) func outlivesItsConnection(shell: [String]) async throws {
    let host = try slowHost()
    defer { host.remove() }
    let words = shell.joined(separator: " ")
    try host.write("first", try host.text(of: Self.upgrade, mark: "one"))
    try host.write("second", try host.text(of: Self.upgrade, mark: "two"))
    let root = host.root.path
    let driver = """
      \(words) -s <'\(root)/first' >'\(root)/said-first' 2>&1 & p=$!
      n=0; while [ ! -e '\(root)/begun' ] && [ $n -lt 300 ]; do /bin/sleep 0.1; n=$((n + 1)); done
      kill -HUP $p; wait $p; echo "code=$?"
      stat -c %a '\(root)/run/meshctl-job'
      \(words) -s <'\(root)/second' >'\(root)/said-second' 2>&1 & p=$!
      /bin/sleep 0.5; : >'\(root)/go'
      wait $p; echo "code=$?"
      grep -c -e '-S --needed' '\(root)/log'
      """
    let said = try await ShellRun.output(["bash"], driver, path: host.path)
    #expect(said == "code=129\n700\ncode=0\n1\n")
    #expect(!ScriptReport(parsing: host.read("said-first") ?? "", mark: "one").isComplete)
    let second = ScriptReport(parsing: host.read("said-second") ?? "", mark: "two")
    #expect(second.isComplete && second.status("stage") == 0, "\(second)")
    #expect(second.text("version") == "1.102.3")
    #expect(!host.exists("run/meshctl-job"))
  }

  /// What an earlier run left is not taken for this one's answer.
  @Test(arguments: ShellRun.shells) func anOldAnswerIsNotTaken(shell: [String]) async throws {
    let host = try slowHost()
    defer { host.remove() }
    try host.write("go", "")
    try host.write("run/meshctl-job/done", "0\n")
    try host.write("run/meshctl-job/mark", "old\n")
    try host.write("run/meshctl-job/report", "old stage 1\nupdate\nold end 0\n")
    let report = try await host.run(Self.upgrade, in: shell)
    #expect(report.status("stage") == 0 && report.text("version") == "1.102.3", "\(report)")
  }

  /// A run that was ended (out of memory, a reboot in a container) is said to be.
  @Test(arguments: ShellRun.shells) func aRunThatDiedIsBegunAgain(shell: [String]) async throws {
    let host = try slowHost()
    defer { host.remove() }
    try host.write("go", "")
    try host.write("run/meshctl-job/pid", "999999999\n")
    try host.write("run/meshctl-job/mark", "old\n")
    try host.write("run/meshctl-job/what", "something else\n")
    let report = try await host.run(Self.upgrade, in: shell)
    #expect(report.status("stage") == 0 && report.text("version") == "1.102.3", "\(report)")
  }

  /// A run that does not end is reported before the call's own time is up.
  @Test(arguments: ShellRun.shells) func anotherRunIsBusy(shell: [String]) async throws {
    let host = try slowHost()
    defer { host.remove() }
    let root = host.root.path
    let text = try host.text(of: Self.upgrade, mark: "two")
    let limit = "JOB_LIMIT=" + ShellQuoting.quoted(String(Self.upgrade.timeout * 9 / 10))
    #expect(text.contains(limit))
    let short = text.replacing(limit, with: "JOB_LIMIT=2")
    try host.write("first", try host.text(of: Self.upgrade, mark: "one"))
    try host.write("second", short)
    let words = shell.joined(separator: " ")
    let driver = """
      \(words) -s <'\(root)/first' >'\(root)/said-first' 2>&1 & p=$!
      n=0; while [ ! -e '\(root)/begun' ] && [ $n -lt 300 ]; do /bin/sleep 0.1; n=$((n + 1)); done
      \(words) -s <'\(root)/second' >'\(root)/said-second' 2>&1
      : >'\(root)/go'
      wait $p; echo "code=$?"
      ls '\(root)/run' | grep -c meshctl-job
      """
    #expect(try await ShellRun.output(["bash"], driver, path: host.path) == "code=0\n0\n")
    let second = ScriptReport(parsing: host.read("said-second") ?? "", mark: "two")
    #expect(second.status("stage") == 1 && second.text("stage") == "busy", "\(second)")
    let first = ScriptReport(parsing: host.read("said-first") ?? "", mark: "one")
    #expect(first.isComplete && first.status("stage") == 0, "\(first)")
  }

  @Test func noSecretIsWrittenDown() {
    var call = RemoteCall.join(arguments: ["--reset"], key: .preAuthKey)
    call.isDetached = true
    #expect(throws: (any Error).self) {
      try ScriptRendering.standardInput(
        of: call, mark: "m", secrets: [.preAuthKey: Secret("hskey-1")])
    }
  }

  @Test func cutInputRunsNothing() throws {
    let whole = try ScriptRendering.standardInput(of: Self.upgrade, mark: "m").reveal()
    #expect(whole.hasPrefix("{\n") && whole.hasSuffix("}\n"))
    #expect(whole.split(separator: "\n").count { $0 == "END-m" } == 1)
  }
}
