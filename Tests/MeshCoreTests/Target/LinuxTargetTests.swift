import MeshCore
import Testing

@Suite struct LinuxTargetTests {
  private static let sections: [String: (Int, String)] = [
    "uname": (0, "Linux"), "machine": (0, "x86_64"),
    "os-release": (0, "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm"),
    "user": (0, "ops"), "uid": (0, "1000"), "hostname": (0, "web1"),
    "sudo": (1, "sudo: a password is required"), "doas": (127, "doas: not found"),
    "init": (0, "systemd"), "managers": (0, "apt"), "service": (0, "running"), "tun": (0, "yes"),
    "client-version": (0, "{\"majorMinorPatch\":\"1.102.3\"}"),
    "status": (
      0,
      "{\"BackendState\":\"Running\",\"HaveNodeKey\":true,\"Self\":{\"PublicKey\":\"nodekey:ab\"}}"
    ),
    "prefs": (0, "{\"ControlURL\":\"http://x\"}"), "ssh": (0, "10.0.0.9 50000 10.0.0.1 22"),
    "wsl": (0, "no"), "tools": (0, "curl\nbash"),
  ]

  private func facts(_ change: [String: (Int, String)] = [:]) throws -> HostFacts {
    let answer = HostFixture.answer(Self.sections.merging(change) { $1 })
    guard case .facts(let facts) = LinuxTarget.facts(in: answer, of: HostFixture.host()) else {
      throw HostFixture.BadFixture(text: "no facts")
    }
    return facts
  }

  private func failure(_ answer: RemoteAnswer) -> DiagnosticCode? {
    guard case .failed(let finding) = LinuxTarget.facts(in: answer, of: HostFixture.host()) else {
      return nil
    }
    return finding.hint == nil ? nil : finding.code
  }

  @Test func wholeProbe() throws {
    let facts = try facts()
    #expect(facts.os == .linux && facts.architecture == "x86_64" && facts.user == "ops")
    #expect(facts.distribution == "debian" && facts.distributionCodename == "bookworm")
    #expect(facts.elevation == .sudoPassword)
    #expect(facts.elevationEvidence == "sudo: a password is required")
    #expect(facts.initSystem == "systemd" && facts.packageManagers == ["apt"])
    #expect(facts.service == .running && facts.hasTUN && !facts.isWSL)
    #expect(facts.tools == ["curl", "bash"] && facts.sshPeer == "10.0.0.9")
    #expect(facts.client?.version == "1.102.3" && facts.client?.nodeKey == "nodekey:ab")
    #expect(facts.client?.preferences?.controlURL == "http://x")
  }

  @Test func clientStates() throws {
    let missing: [String: (Int, String)] = [
      "client-version": (127, "tailscale: not found"), "status": (127, "tailscale: not found"),
      "prefs": (127, "tailscale: not found"),
    ]
    #expect(try facts(missing).client == nil)
    let down = try facts([
      "status": (1, "failed to connect to local tailscaled; it"), "prefs": (1, "x"),
    ])
    #expect(down.client?.backendState == nil && down.client?.preferences == nil)
    #expect(down.client?.statusError == "failed to connect to local tailscaled; it")
    #expect(try facts(["service": (0, "no-init")]).service == .noInit)
  }

  @Test func anotherSystem() {
    #expect(failure(HostFixture.answer(["uname": (0, "Darwin")])) == .targetOSDiffers)
    #expect(failure(HostFixture.answer(["uname": (0, "MINGW64_NT-10.0")])) == .targetOSDiffers)
    #expect(failure(HostFixture.answer(["uname": (0, "FreeBSD")])) == .targetUnsupported)
    let empty = HostFixture.report([:], isComplete: false)
    let cmd = RemoteAnswer(
      exitStatus: 1, report: empty,
      errorText: "'exec' is not recognized as an internal or external command,\r\noperable program")
    #expect(failure(cmd) == .targetOSDiffers)
    #expect(failure(RemoteAnswer(exitStatus: 1, report: empty, errorText: "no")) == .sshNoShell)
    let cut = HostFixture.report(["uname": (0, "Linux")], isComplete: false)
    #expect(failure(RemoteAnswer(exitStatus: 1, report: cut)) == .sshLost)
  }

  @Test func profiles() {
    #expect(Set(TargetProfile.all.map(\.os)) == Set(OperatingSystem.allCases))
    for os in OperatingSystem.allCases {
      #expect(TargetProfile.refusal(for: HostFixture.host { $0.os = os }) == nil)
    }
  }

  @Test func whatTheHostIsAndDoes() throws {
    let facts = try facts([
      "forwarding": (0, "4\n6"), "client-logs": (0, "off"), "client-package": (0, "apt"),
      "image": (0, "yes"),
      "status": (0, "{\"Version\":\"1.98.2-t1\",\"TUN\":false,\"BackendState\":\"Running\"}"),
    ])
    #expect(facts.settings == HostSettings(forwarding: [.ipv4, .ipv6], clientLogsOff: true))
    #expect(facts.clientPackage == "apt" && facts.isImage)
    #expect(facts.client?.daemonVersion == "1.98.2" && facts.client?.usesTUN == false)
    #expect(!facts.forwardsByKernel)
    let old = try self.facts()
    #expect(old.settings == nil && old.clientPackage == nil && !old.isImage)
  }
}
