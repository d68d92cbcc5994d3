import MeshCore
import Testing

/// One row of the reference's tables each.
@Suite struct ClassifierTests {
  @Test(arguments: [
    ("sudo: a password is required", SudoClassifier.Verdict.passwordNeeded),
    ("sudo: interactive authentication is required", .passwordNeeded),
    (
      "sudo: a terminal is required to read the password; either use the -S option", .passwordNeeded
    ),
    ("sudo: no tty present and no askpass program specified", .passwordNeeded),
    ("sudo-rs: A terminal is required to authenticate", .passwordNeeded),
    ("sudo: sorry, you must have a tty to run sudo", .terminalNeeded),
    (
      "Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt",
      .wrongPassword
    ),
    ("sudo: 3 incorrect password attempts", .wrongPassword),
    ("sudo: maximum 3 incorrect authentication attempts", .wrongPassword),
    ("ops is not in the sudoers file.  This incident will be reported.", .noRights),
    ("Sorry, user ops is not allowed to run sudo on web1.", .noRights),
    ("sudo: I'm sorry ops. I'm afraid I can't do that", .noRights),
    ("Sorry, user ops is not allowed to execute '/bin/sh -s' as root on web1.", .commandNotListed),
    (
      "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.",
      .noNewPrivileges
    ),
    ("sh: 1: sudo: not found", .missing),
    ("env: \u{2018}sudo\u{2019}: No such file or directory", .missing),
    ("doas: Authorization required", .passwordNeeded),
    ("doas: Operation not permitted", .noRights),
  ])
  func sudo(text: String, verdict: SudoClassifier.Verdict) throws {
    #expect(SudoClassifier.verdict(of: text) == verdict)
    let finding = try #require(SudoClassifier.diagnostic(of: text, on: HostFixture.host()))
    #expect(finding.code.rawValue.hasPrefix("MESH-ELEVATE-"))
    #expect(finding.hint != nil && finding.evidence.map(text.contains) == true)
    #expect(finding.host == "web1")
  }

  @Test func sudoSaysNothingKnown() {
    #expect(SudoClassifier.verdict(of: "E: Unable to locate package") == nil)
    #expect(SudoClassifier.diagnostic(of: "", on: HostFixture.host()) == nil)
  }

  @Test(arguments: [
    (
      "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)",
      DiagnosticCode.clientDaemonDown
    ),
    (
      "failed to connect to local tailscaled process; it doesn't appear to be running",
      .clientDaemonDown
    ),
    (
      "failed to connect to local Tailscaled process and failed to enumerate processes while looking for it",
      .clientDaemonDown
    ),
    (
      "Failed to connect to local Tailscale daemon for /localapi/v0/status; not running? Error: dial unix /x: connect: no such file or directory",
      .clientDaemonDown
    ),
    ("systemd tailscaled.service not running.", .clientDaemonDown),
    ("Access denied: prefs write access denied\n\nUse 'sudo tailscale up --x'.", .clientNeedsRoot),
    ("Access denied: checkprefs access denied", .clientNeedsRoot),
    ("Access denied: denied", .clientNeedsRoot),
    ("503 Service Unavailable: no backend", .clientTransient),
    ("context deadline exceeded", .clientTransient),
    ("cannot start backend when state store is unhealthy", .clientState),
    ("can't reconfigure tailscaled when using a config file; config file is locked", .clientLocked),
    (
      "Error: changing settings via 'tailscale up' requires mentioning all\nnon-default flags.",
      .joinFlags
    ),
    ("can't change --login-server without --force-reauth", .joinOtherServer),
    ("aborted, no changes made", .joinRisk),
    (
      "timeout waiting for Tailscale service to enter a Running state; check health with \"tailscale status\"",
      .joinTimeout
    ),
    ("backend error: invalid pre auth key", .joinKeyUnknown),
    ("backend error: invalid authkey", .joinKeyUnknown),
    ("backend error: invalid key: API key does not exist", .joinKeyUnknown),
    ("backend error: authkey expired", .joinKeySpent),
    ("backend error: authkey already used", .joinKeySpent),
    ("backend error: authkey revoked", .joinKeySpent),
    ("backend error: node exists with a different machine key", .joinMachineKey),
    ("backend error: requested tags [tag:x] are invalid or not permitted", .joinTags),
    ("backend error: registration timed out", .joinRegistration),
    ("register request: http 400: unsupported client version: v1.60", .clientTooOld),
    ("register request: http 401: AuthKey not found", .joinKeyUnknown),
    ("Warning: client version \"1.2\" != tailscaled server version \"1.1\"", .clientVersions),
    ("flag provided but not defined: -stateful-filtering", .clientFlag),
    ("10.77.0.1/24 has non-address bits set; expected 10.77.0.0/24", .clientFlag),
    (
      "You are logged out. The last login error was: fetch control key: Get \"http://a.local:8080/key?v=1\": failed to resolve \"a.local\": lookup a.local: no such host",
      .joinResolve
    ),
    (
      "fetch control key: Get \"http://x/key?v=1\": no DNS fallback candidates remain for \"x\"",
      .joinResolve
    ),
    (
      "fetch control key: Get \"http://x/key\": dial tcp 10.0.0.1:8080: connect: connection refused",
      .joinConnect
    ),
    ("fetch control key: Get \"http://x/key\": dial tcp 10.0.0.1:8080: i/o timeout", .joinConnect),
    ("fetch control key: Get \"http://x/key\": context deadline exceeded", .joinConnect),
    ("fetch control key: Get \"http://x/key\": EOF", .joinProtocol),
    (
      "fetch control key: Get \"https://x/key\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
      .joinTLS
    ),
    ("x509: certificate is valid for a, not b", .joinTLS),
    (
      "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
      .joinTLS
    ),
    ("http: server gave HTTP response to HTTPS client", .joinTLS),
    ("fetch control key: 404 Not Found", .joinProtocol),
    ("control server is too old; no noise key", .joinProtocol),
    ("all connection attempts failed (HTTP: unexpected status, HTTPS: dial tcp)", .joinProtocol),
    (
      "Tailscale cannot connect because the network is down. Check your Internet connection.",
      .joinConnect
    ),
    (
      "Tailscale could not connect to any relay server. Check your Internet connection.",
      .joinStarting
    ),
    (
      "Subnet routing is enabled, but IP forwarding is disabled. Check that IP forwarding is enabled",
      .clientForwarding
    ),
    ("node registration rate limited; will retry after 5s", .joinRegistration),
    ("You are logged out. The last login error was: something new", .joinRegistration),
  ])
  func client(text: String, code: DiagnosticCode) throws {
    #expect(ClientClassifier.code(of: text) == code)
    let finding = try #require(ClientClassifier.diagnostic(of: text, on: HostFixture.host()))
    #expect(!finding.message.contains("HOST") && finding.hint?.contains("HOST") == false)
    #expect(finding.evidence.map { text.contains($0.dropLast($0.hasSuffix("…") ? 1 : 0)) } == true)
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
