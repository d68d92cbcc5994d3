import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import Testing

/// A host that answers what it likes.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HostileHostTests {
  /// What stands where ssh should, and what the run has to say about it.
  struct Answer: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var script: String
  }

  /// Everything but a whole report; `probe` wants one with a mark that it has just made up.
  static let answers = [
    Answer(testDescription: "endless lines", script: "exec yes 'meshctl end 0'"),
    Answer(testDescription: "one endless line", script: "exec tr '\\0' a </dev/zero"),
    Answer(testDescription: "endless errors", script: "exec yes x >&2"),
    Answer(testDescription: "silence", script: "exec sleep 600"),
    Answer(testDescription: "bytes", script: "head -c 300000 /dev/urandom; exit 0"),
    Answer(
      testDescription: "an imitation of our marks",
      script: """
        for m in mark m MESHCTL_MARK '$MESHCTL_MARK' end ''; do
          printf '%s uid 0\\n0\\n%s status 0\\n{}\\n%s end 0\\n' "$m" "$m" "$m"; done; exit 0
        """),
    Answer(
      testDescription: "terminal controls",
      script: "printf '\\033[2J\\033]52;c;eA==\\007\\302\\23331m\\342\\200\\256x\\r\\n' >&2; exit 3"
    ),
    Answer(
      testDescription: "terminal controls instead of a connection",
      script: "printf 'ssh: \\033]0;x\\007 Permission denied (\\033[2J).\\r\\n' >&2; exit 255"),
    Answer(
      testDescription: "a report that stops",
      script: """
        mark=$(sed -n "s/^MESHCTL_MARK='*\\([a-z0-9]*\\)'*$/\\1/p" | head -n 1)
        printf '%s uid 0\\n0\\n' "$mark"; exit 0
        """),
  ]

  private func hosts(_ script: String) throws -> (OpenSSHHosts, URL) {
    // It answers the questions about its own settings with nothing, and then what the test wants.
    let folder = try ShellRun.folder(
      with: "ssh", "#!/bin/sh\ncase $1 in -Q | -G | -F) exit 1 ;; esac\n\(script)\n")
    return (
      OpenSSHHosts(
        environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"],
        program: folder.appending(path: "ssh").path), folder
    )
  }

  @Test(
    "Whatever it answers ends in time, as an error that acts on no terminal", arguments: answers)
  func answersAreBounded(answer: Answer) async throws {
    let (hosts, folder) = try hosts(answer.script)
    defer { try? FileManager.default.removeItem(at: folder) }
    var call = RemoteCall.elevate
    call.timeout = 2
    let started = ContinuousClock.now
    let failure = await #expect(throws: Failure.self) {
      try await hosts.run(
        call, secrets: [:], elevation: .none, on: SSHArgumentsTests.host { $0.ssh.user = "ops" })
    }
    #expect(ContinuousClock.now - started < .seconds(30))
    await hosts.close()
    let finding = try #require(failure?.diagnostic)
    let shown = DiagnosticText.render([finding])
    #expect(!shown.unicodeScalars.contains { $0 != "\n" && VisibleText.isHidden($0) }, "\(shown)")
    #expect(shown.utf8.count < 4_000, "one error is no book")
    #expect(finding.host == "web1" && finding.hint != nil)
  }

  /// What it says of itself stays text of that host, however it looks; a second section of one name, or
  /// one that we never asked for, changes no other.
  @Test func aWholeReportIsDataOnly() async throws {
    let (hosts, folder) = try hosts(
      """
      mark=$(sed -n "s/^MESHCTL_MARK='*\\([a-z0-9]*\\)'*$/\\1/p" | head -n 1)
      printf '%s uid 0\\n0\\033[2J\\n%s uid 1\\n77\\n%s other-host 0\\nweb2\\n%s end 0\\n' \\
        "$mark" "$mark" "$mark" "$mark"
      """)
    defer { try? FileManager.default.removeItem(at: folder) }
    let answer = try await hosts.run(
      .elevate, secrets: [:], elevation: .none, on: SSHArgumentsTests.host())
    await hosts.close()
    #expect(answer.report.isComplete)
    #expect(answer.report.text("uid") == "77", "the last of a name")
    #expect(Set(answer.report.sections.keys) == ["uid", "other-host"])
  }

  /// A host that is asked for a join sees the key; it is not in what we keep of its answer.
  @Test func anEchoedKeyIsNotKept() async throws {
    let (hosts, folder) = try hosts(
      """
      all=$(cat); mark=$(printf '%s\\n' "$all" | sed -n "s/^MESHCTL_MARK='*\\([a-z0-9]*\\)'*$/\\1/p" | head -n 1)
      printf '%s up 1\\n%s\\n%s end 0\\n' "$mark" "$(printf '%s' "$all" | grep hskey)" "$mark"
      printf '%s' "$all" | grep hskey >&2
      """)
    defer { try? FileManager.default.removeItem(at: folder) }
    let answer = try await hosts.run(
      .join(arguments: ["--reset"], key: .preAuthKey),
      secrets: [.preAuthKey: Secret("hskey-auth-echo-me")], elevation: .none,
      on: SSHArgumentsTests.host())
    await hosts.close()
    #expect(answer.report.text("up") == "(secret)" && answer.errorText.contains("(secret)"))
    #expect(!"\(answer)".contains("hskey-auth"))
  }
}
