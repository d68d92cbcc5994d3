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

  @Test func elevations() throws {
    #expect(try facts(["uid": (0, "0")]).elevation == .root)
    #expect(try facts(["sudo": (0, "")]).elevation == .sudo)
    #expect(try facts(["doas": (0, "")]).elevation == .doas)
    let none: [String: (Int, String)] = ["sudo": (127, "sudo: not found")]
    #expect(try facts(none).elevation == .unavailable)
    #expect(try facts(["sudo": (1, "ops is not in the sudoers file.")]).elevation == .refused)
    let doas = none.merging(["doas": (1, "doas: Authorization required")]) { $1 }
    #expect(try facts(doas).elevation == .refused)
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
    #expect(TargetProfile.refusal(for: HostFixture.host()) == nil)
    for os in [OperatingSystem.macos] {
      let finding = TargetProfile.refusal(for: HostFixture.host { $0.os = os })
      #expect(finding?.code == .targetUnsupported && finding?.hint != nil)
    }
  }

  @Test(arguments: [
    ("ID=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm", "debian/bookworm"),
    (
      "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\nUBUNTU_CODENAME=noble\nVERSION_CODENAME=noble",
      "ubuntu/noble"
    ),
    (
      "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=22\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble",
      "ubuntu/noble"
    ),
    (
      "ID=linuxmint\nID_LIKE=debian\nVERSION_ID=6\nVERSION_CODENAME=faye\nDEBIAN_CODENAME=bookworm",
      "debian/bookworm"
    ),
    ("ID=raspbian\nID_LIKE=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm", "raspbian/bookworm"),
    ("ID=pop\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=22.04\nUBUNTU_CODENAME=jammy", "ubuntu/jammy"),
    ("ID=zorin\nVERSION_ID=17\nVERSION_CODENAME=jammy", "ubuntu/jammy"),
    ("ID=kali\nVERSION_CODENAME=kali-rolling", "debian/bullseye"),
    ("ID=newthing\nID_LIKE='debian'\nVERSION_CODENAME=trixie", "debian/trixie"),
  ])
  func repository(release: String, expected: String) throws {
    let facts = try facts(["os-release": (0, release)])
    let plan = try InstallPlan.choose(
      for: HostFixture.host { $0.tailscale.mirror = "http://mirror/stable/" }, facts: facts)
    let parts = expected.split(separator: "/").map(String.init)
    #expect(plan.script == .installApt && plan.version == .present)
    #expect(
      plan.parameters == [
        .init("MIRROR", "http://mirror/stable"), .init("REPO_OS", parts[0]),
        .init("CODENAME", parts[1]), .init("VERSION", "present"),
      ])
    #expect(plan.words == "apt from http://mirror/stable/\(parts[0]) \(parts[1])")
  }

  @Test(arguments: [
    ("ID=ubuntu\nVERSION_ID=18.04\nVERSION_CODENAME=bionic", "apt"),
    ("ID=debian\nVERSION_ID=10\nVERSION_CODENAME=buster", "apt"),
    ("ID=fedora\nVERSION_ID=42", "dnf"), ("ID=alpine\nVERSION_ID=3.22", "apk"),
    ("ID=other", "apt"), ("ID=debian\nVERSION_CODENAME=\"a b\"", "apt"),
  ])
  func notYet(release: String, manager: String) throws {
    let facts = try facts(["os-release": (0, release), "managers": (0, manager)])
    let failure = #expect(throws: Failure.self) {
      try InstallPlan.choose(for: HostFixture.host(), facts: facts)
    }
    #expect(failure?.diagnostic.code == .installUnsupported)
    #expect(failure?.diagnostic.message.hasSuffix("is not supported") == true)
  }

  @Test func sourcesNotYet() throws {
    let facts = try facts()
    for source in [ClientInstallation.Source.static, .package] {
      #expect(throws: Failure.self) {
        try InstallPlan.choose(for: HostFixture.host { $0.tailscale.source = source }, facts: facts)
      }
    }
    let host = HostFixture.host { $0.tailscale.version = .pinned("1.80.0") }
    let call = RemoteCall.install(try InstallPlan.choose(for: host, facts: facts))
    #expect(
      call.parameters.map { "\($0.name)=\($0.value)" } == [
        "MIRROR=https://pkgs.tailscale.com/stable", "REPO_OS=debian", "CODENAME=bookworm",
        "VERSION=1.80.0",
      ])
  }
}
