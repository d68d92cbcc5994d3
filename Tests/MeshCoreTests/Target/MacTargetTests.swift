import MeshCore
import Testing

/// What a Mac's probe means, and what is not done there.
@Suite struct MacTargetTests {
  private static let sections: [String: (Int, String)] = [
    "uname": (0, "Darwin"), "machine": (0, "arm64"), "product": (0, "15.5"), "user": (0, "jane"),
    "uid": (0, "501"), "groups": (0, "staff everyone admin _developer"),
    "hostname": (0, "mac-1.local"), "sudo": (1, "sudo: a password is required"),
    "doas": (127, "doas: not found"), "init": (0, "launchd"),
    "brew": (0, "/opt/homebrew/bin/brew"), "brew-owner": (0, "jane"), "app": (0, "no"),
    "daemon": (0, ""), "client-version": (127, "tailscale: not found"),
    "status": (127, "tailscale: not found"), "prefs": (127, "tailscale: not found"),
    "service": (0, "missing"), "ssh": (0, "192.0.2.1 50000 192.0.2.2 22"),
    "tools": (0, "curl\nbash\nopenssl"),
  ]

  private static let mac = HostFixture.host("mac-1") { $0.os = .macos }

  private func facts(
    _ changes: [String: (Int, String)] = [:], _ host: Host = MacTargetTests.mac
  ) throws -> HostFacts {
    let sections = Self.sections.merging(changes) { $1 }
    let answer = HostFixture.answer(sections)
    guard case .facts(let facts) = TargetProfile.of(host.os).facts(answer, host) else {
      throw HostFixture.BadFixture(text: "no facts")
    }
    return facts
  }

  private func refusal(_ uname: String, _ os: OperatingSystem) -> Diagnostic? {
    let host = HostFixture.host("box") { $0.os = os }
    let answer = HostFixture.answer(Self.sections.merging(["uname": (0, uname)]) { $1 })
    guard case .failed(let finding) = TargetProfile.of(os).facts(answer, host) else { return nil }
    return finding
  }

  @Test func freshMac() throws {
    let facts = try facts()
    #expect(facts.os == .macos && facts.architecture == "arm64" && facts.user == "jane")
    #expect(facts.distribution == "macos" && facts.distributionVersion == "15.5")
    #expect(facts.elevation == .sudoPassword && facts.isAdmin && facts.hasTUN)
    #expect(facts.initSystem == "launchd" && facts.service == .missing && facts.client == nil)
    #expect(facts.packageManagers == ["brew"] && facts.sshPeer == "192.0.2.1")
    #expect(facts.mac?.brew == "/opt/homebrew/bin/brew" && facts.mac?.brewOwner == "jane")
    #expect(facts.mac?.hasApp == false && facts.mac?.variant == nil)
    #expect(facts.tools == ["curl", "bash", "openssl"])
  }

  @Test func installedMac() throws {
    let facts = try facts([
      "client-version": (0, #"{"majorMinorPatch":"1.102.3","osVariant":"darwin","cap":142}"#),
      "status": (0, #"{"BackendState":"Running","Self":{"PublicKey":"nodekey:1f"}}"#),
      "prefs": (0, #"{"ControlURL":"https://mesh.example.com","OperatorUser":""}"#),
      "service": (0, "running"), "daemon": (0, "homebrew.mxcl.tailscale"),
    ])
    #expect(facts.client?.version == "1.102.3" && facts.client?.nodeKey == "nodekey:1f")
    #expect(facts.mac?.variant == "darwin" && facts.mac?.launchDaemon == "homebrew.mxcl.tailscale")
    #expect(ClientAccess.operates(Self.mac, facts), "an admin changes the client without root")
    let server = try HostFixture.url("https://mesh.example.com")
    #expect(MacTarget.handOver(Self.mac, facts, joins: true, server: server) == nil)
  }

  @Test func mismatchesAreRefusedBothWays() throws {
    #expect(refusal("Darwin", .macos) == nil)
    #expect(refusal("Linux", .linux) == nil)
    let linux = try #require(refusal("Linux", .macos))
    #expect(linux.code == .targetOSDiffers && linux.hint == "set os: linux for box")
    #expect(linux.message == "box runs Linux, the inventory says macos")
    let mac = try #require(refusal("Darwin", .linux))
    #expect(mac.code == .targetOSDiffers && mac.hint == "set os: macos for box")
    #expect(refusal("MINGW64_NT-10.0", .macos)?.hint == "set os: windows for box")
    #expect(refusal("FreeBSD", .macos)?.code == .targetUnsupported)
  }

  @Test(arguments: [("yes", ""), ("no", "macsys"), ("no", "appstore"), ("yes", "macsys")])
  func theAppIsForAPerson(app: String, variant: String) throws {
    let version = variant.isEmpty ? "{}" : #"{"short":"1.102.3","osVariant":"\#(variant)"}"#
    let facts = try facts(["app": (0, app), "client-version": (0, version)])
    let server = try HostFixture.url("https://mesh.example.com")
    let joins = try #require(MacTarget.handOver(Self.mac, facts, joins: true, server: server))
    #expect(joins.code == .clientGUI)
    #expect(joins.hint?.contains("login --login-server=https://mesh.example.com;") == true)
    let changes = try #require(MacTarget.handOver(Self.mac, facts, joins: false, server: server))
    #expect(changes.hint?.hasPrefix("change it in Tailscale.app on mac-1") == true)
  }

  @Test func installation() throws {
    func plan(
      _ changes: [String: (Int, String)] = [:], _ change: (inout Host) -> Void = { _ in }
    ) throws -> Result<InstallPlan, Failure> {
      var host = Self.mac
      change(&host)
      let facts = try facts(changes)
      do throws(Failure) { return .success(try InstallPlan.choose(for: host, facts: facts)) } catch
      { return .failure(error) }
    }
    let chosen = try plan().get()
    #expect(
      chosen.script == .installBrew && chosen.words == "Homebrew (/opt/homebrew/bin/brew), as jane")
    #expect(chosen.parameters == [RemoteCall.Parameter("VERSION", "present")])
    #expect(try plan { $0.tailscale.version = .latest }.get().version == .latest)
    let refused: [(Result<InstallPlan, Failure>, String)] = [
      (try plan { $0.tailscale.version = .pinned("1.98.0") }, "tailscale.version: 1.98.0 on macOS"),
      (try plan { $0.tailscale.source = .static }, "tailscale.source: static on macOS"),
      (try plan { $0.tailscale.source = .repository }, "tailscale.source: repository on macOS"),
      (try plan { $0.tailscale.mirror = "https://m.example" }, "tailscale.mirror on macOS"),
      (try plan(["brew": (0, "")]), "installing on macOS without Homebrew"),
      (try plan(["brew-owner": (0, "root")]), "installing on macOS with a Homebrew of root"),
    ]
    for (result, words) in refused {
      guard case .failure(let failure) = result else {
        Issue.record("not refused: \(words)")
        continue
      }
      #expect(failure.diagnostic.code == .installUnsupported)
      #expect(failure.diagnostic.message.hasPrefix(words), "\(failure.diagnostic.message)")
      #expect(failure.diagnostic.hint != nil && failure.diagnostic.detail != nil)
    }
  }

  @Test func flagsOfLinuxStayThere() throws {
    var current = ReportedPreferences()
    current.operatorUser = "jane"
    let url = try HostFixture.url("https://mesh.example.com")
    let flags = UpArguments.join(Self.mac, server: url, current: current)
    for linuxOnly in ["--netfilter-mode", "--snat-subnet-routes", "--stateful-filtering"] {
      #expect(!flags.contains { $0.hasPrefix(linuxOnly) }, "exit 2 on macOS")
    }
    #expect(flags.contains("--operator=jane") && !flags.contains("--unattended"))
    #expect(flags.contains("--accept-routes=false"))
    let linux = UpArguments.join(HostFixture.host(), server: url, current: current)
    #expect(linux.contains("--netfilter-mode=on"))
  }

  @Test func everyScriptIsThere() throws {
    let linuxOnly: Set<ScriptName> = [.installApt, .installWindows, .handOver, .takeBack]
    let mac: [ScriptName] = [
      .probe, .elevate, .checkServer, .installBrew, .startService, .join, .setPreferences,
      .clearKey, .configureHost, .leave, .prepare, .prepareUndo,
    ]
    for name in mac {
      let call = RemoteCall(name, elevated: false, timeout: 1)
      #expect(throws: Never.self) {
        try ScriptRendering.standardInput(of: call, mark: "m", on: .macos)
      }
    }
    for name in linuxOnly {
      let call = RemoteCall(name, elevated: false, timeout: 1)
      #expect(throws: Failure.self) {
        try ScriptRendering.standardInput(of: call, mark: "m", on: .macos)
      }
    }
  }
}
