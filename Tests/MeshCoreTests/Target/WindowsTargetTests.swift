import MeshCore
import Testing

@Suite struct WindowsTargetTests {
  static let sections: [String: (Int, String)] = [
    "uname": (0, "Windows_NT"), "machine": (0, "AMD64"), "product": (0, "Windows 11 Pro"),
    "build": (0, "10.0.22631.3007"), "user": (0, "WIN-LAB\\ops"),
    "sid": (0, "S-1-5-21-1-2-3-1001"), "uid": (0, "0"), "hostname": (0, "WIN-LAB"),
    "sshd": (0, "Running Automatic"), "ssh": (0, "10.0.0.9 50000 10.0.0.20 22"),
    "service": (0, "running"), "client-version": (0, "{\"majorMinorPatch\":\"1.102.3\"}"),
    "status": (
      0,
      "{\"BackendState\":\"Running\",\"HaveNodeKey\":true,\"Self\":{\"PublicKey\":\"nodekey:ab\"}}"
    ),
    "prefs": (0, "{\"ControlURL\":\"http://x\",\"RouteAll\":true,\"ForceDaemon\":true}"),
    "not-asked": (0, ""), "logged-in": (0, "yes"), "owner": (0, "WIN-LAB\\ops"),
    "windows": (0, ""), "logged-on": (0, "WIN-LAB\\docker"), "policy": (0, ""),
    "networks": (0, ""), "winget": (0, ""), "reboot": (0, "no"), "tools": (0, "curl"),
    "waiting": (0, ""), "forwarding": (0, ""), "client-logs": (0, "on"),
  ]

  static func answer(_ change: [String: (Int, String)] = [:]) -> RemoteAnswer {
    HostFixture.answer(sections.merging(change) { $1 })
  }

  static func facts(_ change: [String: (Int, String)] = [:]) throws -> HostFacts {
    let host = HostFixture.host("win-lab") { $0.os = .windows }
    guard case .facts(let facts) = TargetProfile.of(.windows).facts(answer(change), host) else {
      throw HostFixture.BadFixture(text: "no facts")
    }
    return facts
  }

  @Test func wholeProbe() throws {
    let facts = try Self.facts()
    #expect(facts.os == .windows && facts.elevation == .root && facts.architecture == "AMD64")
    #expect(facts.user == "WIN-LAB\\ops" && facts.hostname == "WIN-LAB")
    #expect(facts.service == .running && facts.sshPeer == "10.0.0.9" && facts.tools == ["curl"])
    #expect(facts.client?.nodeKey == "nodekey:ab" && facts.client?.version == "1.102.3")
    #expect(facts.client?.preferences?.acceptRoutes == true)
    let windows = try #require(facts.windows)
    #expect(windows.product == "Windows 11 Pro" && windows.build == "10.0.22631.3007")
    #expect(windows.userSID == "S-1-5-21-1-2-3-1001" && windows.sshService == "Running Automatic")
    #expect(windows.owner == "WIN-LAB\\ops" && windows.notAsked == nil)
    #expect(windows.loggedOn == ["WIN-LAB\\docker"] && windows.guiOwners == [])
    #expect(facts.waiting == nil && !windows.rebootPending && !windows.hasWinget)
  }

  @Test func clientLogs() throws {
    #expect(try Self.facts().settings == HostSettings())
    #expect(try Self.facts(["client-logs": (0, "off")]).settings?.clientLogsOff == true)
    #expect(try !Self.facts().forwardsByKernel, "the client forwards packets itself there")
  }

  @Test func notAnAdministrator() throws {
    let facts = try Self.facts(["uid": (0, "1000")])
    #expect(facts.elevation == .refused)
    #expect(
      ElevationChoice.choose(BecomeSettings(), facts: facts)
        == .impossible("WIN-LAB\\ops is no administrator there"))
  }

  /// No client, a service that does not run, one that another user holds: never an error.
  @Test func clients() throws {
    let missing: [String: (Int, String)] = [
      "client-version": (127, "tailscale: not found"), "status": (127, "tailscale: not found"),
      "prefs": (127, "tailscale: not found"), "service": (0, "missing"),
    ]
    #expect(try Self.facts(missing).client == nil)
    #expect(try Self.facts(missing).service == .missing)

    let words = "the Tailscale service does not run"
    let stopped = try Self.facts([
      "service": (0, "stopped"), "status": (77, words), "prefs": (77, words),
      "not-asked": (0, words), "logged-in": (0, "no"),
    ])
    #expect(stopped.client?.backendState == nil && stopped.service == .stopped)
    #expect(stopped.client?.statusError == words)

    let server = "Tailscale runs in server mode for WIN-LAB\\docker"
    let held = try Self.facts([
      "status": (77, server),
      "prefs": (0, "{\"ControlURL\":\"http://other\",\"WantRunning\":true}"),
      "not-asked": (0, server), "owner": (0, "WIN-LAB\\docker"),
    ])
    #expect(held.client?.backendState == nil && held.client?.nodeKey == nil)
    #expect(held.client?.preferences?.controlURL == "http://other")
    #expect(held.windows?.notAsked == server && held.windows?.owner == "WIN-LAB\\docker")
  }

  /// Another user's window is open, but the client's own state says that nobody is logged in: a join
  /// may be tried, and takes nothing from anybody.
  @Test func heldButLoggedOut() throws {
    let words = "the Tailscale window of WIN-LAB\\docker holds the client"
    let facts = try Self.facts([
      "status": (77, words), "prefs": (77, words), "not-asked": (0, words),
      "logged-in": (0, "no"), "windows": (0, "WIN-LAB\\docker"),
    ])
    #expect(facts.client?.backendState == "NeedsLogin")
    #expect(facts.windows?.guiOwners == ["WIN-LAB\\docker"])
    let unknown = try Self.facts([
      "status": (77, words), "prefs": (77, words), "not-asked": (0, words), "logged-in": (0, ""),
    ])
    #expect(unknown.client?.backendState == nil)
  }

  @Test func policiesNetworksAndTheRest() throws {
    let windows = try #require(
      try Self.facts([
        "policy": (
          0,
          "LoginURL=https://old.example\nUnattendedMode=always\nAlwaysOn.Enabled=1\n"
            + "UseTailscaleSubnets=never\nAuthKey=set"
        ),
        "networks": (
          0, "yes NordLynx (NordLynx Tunnel)\nno OpenVPN (TAP-Windows Adapter V9)\nnonsense"
        ),
        "winget": (0, "C:\\x\\winget.exe"), "reboot": (0, "yes"),
      ]).windows)
    #expect(windows.policyLoginURL == "https://old.example" && windows.alwaysOn)
    #expect(windows.policyUnattended == "always")
    #expect(windows.policies == ["UseTailscaleSubnets": "never", "AuthKey": "set"])
    #expect(
      windows.otherVPNs == [
        .init(name: "NordLynx (NordLynx Tunnel)", cutsLAN: true),
        .init(name: "OpenVPN (TAP-Windows Adapter V9)", cutsLAN: false),
      ])
    #expect(windows.hasWinget && windows.rebootPending)
  }

  @Test func waitingJoin() throws {
    let note = """
      {"keyId":"7","created":"2026-11-28T10:00:00Z","expires":"2026-11-29T09:50:00.123Z",
       "url":"http://10.0.0.56:8080","line":"powershell -File C:\\\\temp\\\\join-mesh.ps1","result":""}
      """
    let waiting = try #require(try Self.facts(["waiting": (0, note)]).waiting)
    #expect(waiting.keyID == "7" && waiting.url == "http://10.0.0.56:8080")
    #expect(waiting.line == "powershell -File C:\\temp\\join-mesh.ps1" && waiting.result == nil)
    #expect(waiting.expires == Timestamp(rfc3339: "2026-11-29T09:50:00.123Z"))
    let odd = try Self.facts(["waiting": (0, "{\"keyId\":\"7\",\"expires\":\"soon\"}")]).waiting
    #expect(odd?.keyID == "7" && odd?.expires == nil)
    #expect(odd?.line == WaitingJoin.line)
    let failed = try Self.facts(["waiting": (0, "{\"keyId\":\"7\",\"result\":\"failed: x\"}")])
    #expect(failed.waiting?.result == "failed: x")
  }

  /// A folder that others may write in is not believed, which is not the same as "nothing waits".
  @Test(arguments: [
    (1, "C:\\ProgramData\\meshctl is a link", "C:\\ProgramData\\meshctl is a link"),
    (1, "", "the probe could not read it"), (0, "half a no", "its note is no JSON: half a no"),
  ])
  func aHandOverThatCannotBeReadIsSaid(status: Int, text: String, problem: String) throws {
    let facts = try Self.facts(["waiting": (status, text)])
    #expect(facts.waiting == nil && facts.waitingProblem == problem)
  }

  @Test func nothingWaitsIsNoProblem() throws {
    #expect(try Self.facts().waitingProblem == nil)
    #expect(try Self.facts(["waiting": (0, "{\"keyId\":\"7\"}")]).waitingProblem == nil)
  }

  @Test func cutShort() {
    let host = HostFixture.host("win-lab") { $0.os = .windows }
    func code(_ answer: RemoteAnswer) -> DiagnosticCode? {
      guard case .failed(let finding) = WindowsTarget.facts(in: answer, of: host) else {
        return nil
      }
      return finding.hint == nil || finding.host != "win-lab" ? nil : finding.code
    }
    let empty = HostFixture.report([:], isComplete: false)
    let shell = RemoteAnswer(
      exitStatus: 127, report: empty, errorText: "sh: 1: powershell: not found")
    #expect(code(shell) == .targetOSDiffers)
    #expect(code(RemoteAnswer(exitStatus: 1, report: empty, errorText: "?")) == .sshNoPowerShell)
    let cut = HostFixture.report(["uname": (0, "Windows_NT")], isComplete: false)
    #expect(code(RemoteAnswer(exitStatus: 1, report: cut)) == .sshLost)
  }

  @Test func localIsRefused() {
    let finding = TargetProfile.refusal(
      for: HostFixture.host("win-lab") {
        $0.os = .windows
        $0.connection = .local
      })
    #expect(finding?.code == .targetUnsupported && finding?.hint?.contains("address") == true)
    #expect(TargetProfile.refusal(for: HostFixture.host("win-lab") { $0.os = .windows }) == nil)
  }
}

/// Which installer, with which parameters.
@Suite struct WindowsInstallTests {
  private func plan(_ architecture: String = "AMD64", _ change: (inout Host) -> Void = { _ in })
    throws -> InstallPlan
  {
    var host = HostFixture.host("win-lab") { $0.os = .windows }
    change(&host)
    return try InstallPlan.choose(
      for: host, facts: try WindowsTargetTests.facts(["machine": (0, architecture)]))
  }

  private func text(_ plan: InstallPlan) -> String {
    plan.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
  }

  @Test func architectures() throws {
    for (architecture, name) in [
      ("AMD64", "amd64"), ("ARM64", "arm64"), ("x86", "x86"), ("amd64", "amd64"),
    ] { #expect(text(try plan(architecture)).contains("ARCH=\(name) ")) }
    #expect(throws: Failure.self) { try plan("IA64") }
  }

  @Test func sources() throws {
    #expect(
      text(try plan())
        == "MIRROR=https://pkgs.tailscale.com/stable ARCH=amd64 SHA256= WINGET=yes VERSION=present")
    let own = try plan {
      $0.tailscale.mirror = "https://mirror.lan/ts/"
      $0.tailscale.version = .pinned("1.98.1")
      $0.tailscale.sha256 = "ab12"
    }
    #expect(
      text(own) == "MIRROR=https://mirror.lan/ts ARCH=amd64 SHA256=ab12 WINGET=no VERSION=1.98.1")
    #expect(throws: Failure.self) { try plan { $0.tailscale.sha256 = "ab12" } }
    #expect(throws: Failure.self) { try plan { $0.tailscale.source = .repository } }
    #expect(throws: Failure.self) { try plan { $0.tailscale.source = .static } }
  }
}
