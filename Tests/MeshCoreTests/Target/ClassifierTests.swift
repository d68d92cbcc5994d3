import MeshCore
import Testing

/// What stands beside the rows of `Cases/classifier`.
@Suite struct ClassifierTests {
  @Test func sudoSaysNothingKnown() {
    #expect(SudoClassifier.verdict(of: "E: Unable to locate package") == nil)
    #expect(SudoClassifier.diagnostic(of: "", on: HostFixture.host()) == nil)
  }

  @Test func benignHealthIsNoFinding() {
    for text in [
      "Some peers are advertising routes but --accept-routes is false", "Tailscale is stopped.",
      "Tailscale is starting. Please wait.",
    ] { #expect(ClientClassifier.code(of: text) == nil, "\(text)") }
  }

  @Test(arguments: ClientParserTests.versions) func recordedFailures(version: String) throws {
    #expect(
      ClientClassifier.code(
        of: try ClientParserTests.sample(version, "tailscale-up-badkey.txt.stderr"))
        == .joinKeyUnknown)
    #expect(
      ClientClassifier.code(
        of: try ClientParserTests.sample(version, "tailscale-up-conflict.txt.stderr"))
        == .joinFlags)
    #expect(
      ClientClassifier.code(
        of: try ClientParserTests.sample(version, "tailscale-nodaemon.txt.stderr"))
        == .clientDaemonDown)
    #expect(
      ClientClassifier.code(
        of: try ClientParserTests.sample(version, "tailscale-set-bad-route.txt.stderr"))
        == .clientFlag)
  }

  @Test func joinFailureReadsHealthWhenUpOnlyTimedOut() throws {
    let status = """
      {"BackendState":"NeedsLogin","Health":["Tailscale is starting. Please wait.",
       "You are logged out. The last login error was: fetch control key: Get \\"http://a/key\\": no such host"]}
      """
    let answer = HostFixture.answer([
      "up": (1, "timeout waiting for Tailscale service to enter a Running state"),
      "status": (0, status), "prefs": (0, "{}"),
    ])
    let finding = try #require(ClientClassifier.joinFailure(answer, on: HostFixture.host()))
    #expect(finding.code == .joinResolve)
    #expect(finding.evidence?.contains("no such host") == true)
  }

  @Test func joinFailureOfARegisteredHostIsAWarning() throws {
    let answer = HostFixture.answer([
      "up": (124, ""), "status": (0, "{\"BackendState\":\"Starting\",\"Self\":{\"Online\":true}}"),
    ])
    let finding = try #require(ClientClassifier.joinFailure(answer, on: HostFixture.host()))
    #expect(finding.code == .joinStarting && finding.severity == .warning)
  }

  @Test func joinFailureByExitCode() {
    let host = HostFixture.host()
    #expect(ClientClassifier.joinFailure(HostFixture.answer(["up": (0, "x")]), on: host) == nil)
    #expect(
      ClientClassifier.joinFailure(HostFixture.answer(["up": (75, "busy")]), on: host)?.code
        == .joinBusy)
    #expect(
      ClientClassifier.joinFailure(HostFixture.answer(["up": (137, "")]), on: host)?.code
        == .joinTimeout)
    #expect(
      ClientClassifier.joinFailure(HostFixture.answer(["up": (1, "what?")]), on: host)?.code
        == .clientFailed)
    let cut = RemoteAnswer(exitStatus: 0, report: HostFixture.report([:], isComplete: false))
    #expect(ClientClassifier.joinFailure(cut, on: host)?.code == .sshLost)
    #expect(ClientClassifier.setFailure(cut, on: host)?.code == .sshLost)
    #expect(ClientClassifier.setFailure(HostFixture.answer(["set": (0, "")]), on: host) == nil)
    #expect(
      ClientClassifier.setFailure(
        HostFixture.answer(["set": (2, "flag provided but not defined: -x")]), on: host)?.code
        == .clientFlag)
  }
}
