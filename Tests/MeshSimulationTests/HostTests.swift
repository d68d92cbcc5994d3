import MeshCore
import MeshEngine
import MeshSimulation
import Testing

/// Simulated hosts through the parsers that read live ones.
@Suite struct HostTests {
  @Test("A fresh host is Debian 12 with sudo and no client")
  func fresh() async throws {
    let facts = try await Bench([Host("web1")]).facts("web1")
    #expect(facts.os == .linux)
    #expect(facts.distribution == "debian")
    #expect(facts.distributionVersion == "12")
    #expect(facts.distributionCodename == "bookworm")
    #expect(facts.architecture == "x86_64")
    #expect(facts.user == "ops")
    #expect(facts.hostname == "web1")
    #expect(facts.elevation == .sudo)
    #expect(facts.initSystem == "systemd")
    #expect(facts.packageManagers == ["apt"])
    #expect(facts.service == .missing)
    #expect(facts.hasTUN)
    #expect(facts.client == nil)
  }

  @Test("Each way to root is read as such", arguments: SimulatedHost.Privilege.allCases)
  func elevation(privilege: SimulatedHost.Privilege) async throws {
    let bench = try Bench([Host("web1")])
    await bench.world.withHost("web1") { $0.privilege = privilege }
    let wanted: HostFacts.Elevation =
      switch privilege {
      case .root: .root
      case .sudo: .sudo
      case .sudoPassword: .sudoPassword
      case .doas: .doas
      case .refused: .refused
      case .unavailable: .unavailable
      }
    #expect(try await bench.facts("web1").elevation == wanted)
  }

  @Test("Install, join, look: the node is the host's, and the key is spent")
  func join() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    var facts = try await bench.facts("web1")
    #expect(facts.service == .running)
    #expect(facts.client?.backendState == "NeedsLogin")
    #expect(facts.client?.nodeKey == nil)
    let report = try await bench.join(
      "web1",
      [
        "--hostname=web1", "--advertise-routes=10.0.0.0/24", "--advertise-exit-node",
        "--accept-routes=true", "--ssh", "--operator=ops",
      ])
    #expect(report.sections["up"] == ScriptReport.Section(status: 0, text: ""))
    let client = try #require(LinuxTarget.client(in: report, version: "1.102.3"))
    let node = try #require(try await bench.control.nodes().nodes.first)
    #expect(client.nodeKey == node.nodeKey)
    #expect(client.backendState == "Running")
    #expect(client.selfOnline)
    #expect(node.online)
    #expect(node.givenName == "web1")
    #expect(node.user?.name == "ops")
    #expect(node.availableRoutes == ["0.0.0.0/0", "10.0.0.0/24", "::/0"])
    let preferences = try #require(client.preferences)
    #expect(preferences.controlURL == "https://mesh.example.com")
    #expect(preferences.acceptRoutes)
    #expect(preferences.tailscaleSSH)
    #expect(preferences.operatorUser == "ops")
    #expect(preferences.wantRunning)
    facts = try await bench.facts("web1")
    #expect(facts.client?.addresses == node.ipAddresses)
    let used = await bench.world.withServer { server, _ in server.preAuthKeys[0].used }
    #expect(used)
  }

  @Test("--reset sets all preferences; without it the others have to be mentioned")
  func reset() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    _ = try await bench.join("web1", ["--hostname=web1", "--ssh"])
    let refused = try await bench.run(
      .join, on: "web1", [.init("ARGS", "--shields-up"), .init("TIMEOUT", "60")])
    #expect(refused.status("up") == 1)
    #expect(refused.text("up")?.contains("requires mentioning all") == true)
    #expect(refused.text("up")?.contains("--ssh") == true)
    _ = try await bench.join("web1", ["--hostname=web1"])
    let facts = try await bench.facts("web1")
    #expect(facts.client?.preferences?.tailscaleSSH == false)
    #expect(try await bench.control.nodes().nodes.count == 1)
  }

  @Test(
    "Flag errors are exit 2, bad values exit 1, in the client's words",
    arguments: [
      ("--nope", 2, "flag provided but not defined: -nope"),
      ("--unattended", 2, "flag provided but not defined: -unattended"),
      ("--auth-key=x", 2, "flag provided but not defined: -auth-key"),
      ("--ssh=maybe", 2, "invalid boolean value \"maybe\" for -ssh: parse error"),
      (
        "--advertise-routes=10.77.0.1/24", 1,
        "10.77.0.1/24 has non-address bits set; expected 10.77.0.0/24"
      ),
    ])
  func flags(flag: String, status: Int, text: String) async throws {
    let bench = try Bench([Host("web1")])
    try await bench.install("web1")
    let report = try await bench.run(.setPreferences, on: "web1", [.init("ARGS", flag)])
    #expect(report.sections["set"] == ScriptReport.Section(status: status, text: text))
  }

  @Test("`set` changes what is named and the server hears of it; the exit-node offer stays")
  func set() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    _ = try await bench.join("web1", ["--hostname=web1", "--advertise-exit-node", "--ssh"])
    let report = try await bench.run(
      .setPreferences, on: "web1",
      [.init("ARGS", "--advertise-routes=10.1.0.0/16\n--hostname=web2")])
    #expect(report.status("set") == 0)
    let node = try await bench.control.nodes().nodes[0]
    #expect(node.availableRoutes == ["0.0.0.0/0", "10.1.0.0/16", "::/0"])
    #expect(node.givenName == "web2")
    #expect(LinuxTarget.client(in: report)?.preferences?.tailscaleSSH == true)
  }

  @Test("#6215: a bad key is remembered until the daemon is restarted")
  func badKey() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    let bad = try await bench.join("web1", [], authKey: Secret("hskey-auth-nonsense"))
    #expect(bad.status("up") == 1)
    #expect(bad.text("up")?.hasPrefix("backend error: ") == true)
    #expect(try await bench.join("web1", []).text("up") == bad.text("up"))
    #expect(try await bench.run(.clearKey, on: "web1").status("restart") == 0)
    #expect(try await bench.join("web1", []).status("up") == 0)
  }

  @Test("A name that does not resolve: check-server says so, up times out and health tells why")
  func unresolved() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    await bench.world.withHost("web1") { $0.faults.unresolvable = ["mesh.example.com"] }
    let check = try await bench.run(
      .checkServer, on: "web1",
      [
        .init("SCHEME", "https"), .init("HOST", "mesh.example.com"), .init("PORT", "443"),
        .init("URL", "https://mesh.example.com"),
      ])
    #expect(check.text("verdict") == "resolve")
    let before = bench.world.clock.now()
    let report = try await bench.join("web1", [])
    #expect(bench.world.clock.now() > before)
    #expect(report.status("up") == 1)
    #expect(report.text("up")?.hasPrefix("timeout waiting for") == true)
    let health = try #require(LinuxTarget.client(in: report)?.health.first)
    #expect(health.contains("failed to resolve \"mesh.example.com\""))
    #expect(try await bench.control.nodes().nodes.isEmpty)
  }

  @Test(
    "A stopped service is started and its node comes back; a deleted node's client notices nothing")
  func service() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    _ = try await bench.join("web1", ["--hostname=web1"])
    let key = try await bench.control.nodes().nodes[0].nodeKey
    await bench.world.withHost("web1") { $0.client?.isRunning = false }
    await bench.world.withServer { server, now in server.disconnect(nodeKey: key, now: now) }
    var facts = try await bench.facts("web1")
    #expect(facts.service == .stopped)
    #expect(facts.client?.backendState == nil)
    let report = try await bench.run(.startService, on: "web1")
    #expect(report.status("stage") == 0)
    #expect(try await bench.control.nodes().nodes[0].online)
    try await bench.world.withServer { server, _ in try server.delete(node: 1) }
    facts = try await bench.facts("web1")
    #expect(facts.client?.backendState == "Running")
    #expect(facts.client?.nodeKey == key)
  }

  @Test("An expired node needs login and keeps its key")
  func expired() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    _ = try await bench.join("web1", ["--hostname=web1"])
    try await bench.world.withServer { server, now in _ = try server.expire(node: 1, now: now) }
    let client = try #require(try await bench.facts("web1").client)
    #expect(client.backendState == "NeedsLogin")
    #expect(client.keyExpired)
    #expect(client.haveNodeKey)
    _ = try await bench.join("web1", ["--hostname=web1"])
    #expect(try await bench.facts("web1").client?.backendState == "Running")
    #expect(try await bench.control.nodes().nodes.count == 1)
  }

  @Test("Status and preferences have only members the real client has, with its types")
  func shapes() async throws {
    let bench = try Bench([Host("web1"), Host("web2")])
    try await bench.user("ops")
    try await bench.install("web1")
    try await bench.install("web2")
    let joined = try await bench.join("web1", ["--hostname=web1", "--operator=ops"])
    let fresh = try await bench.run(.setPreferences, on: "web2")
    for (report, section, sample) in [
      (joined, "status", "tailscale-status-self.json"), (joined, "prefs", "tailscale-prefs.json"),
      (fresh, "status", "tailscale-status-needslogin.json"),
    ] {
      let text = try #require(report.text(section))
      let recorded = try JSONReader.read(
        try RecordedAnswers.text("hs0.29.2-ts1.102.3", sample))
      expectWithin(try JSONReader.read(text), recorded, path: section)
    }
  }

  /// Null stands for any type, as an unset slice or pointer does in Go.
  private func expectWithin(_ value: JSONValue, _ recorded: JSONValue, path: String) {
    guard let members = value.members, let known = recorded.members else {
      let shapes = [JSONShape(value), JSONShape(recorded)]
      let isEmpty = value == [] || recorded == [] || value == .null || recorded == .null
      #expect(isEmpty || shapes[0] == shapes[1], "\(path)")
      return
    }
    // Left out when empty (omitempty), so not in these samples.
    let optional = ["OperatorUser", "Tags"]
    for member in members where !optional.contains(member.name) && !path.hasSuffix("User") {
      guard let other = known.first(where: { $0.name == member.name }) else {
        Issue.record("the real client has no \(path).\(member.name)")
        continue
      }
      expectWithin(member.value, other.value, path: "\(path).\(member.name)")
    }
    // And the other way round, but for what only real networking fills.
    let ours = Set(members.map(\.name))
    let missing = known.map(\.name).filter { !ours.contains($0) }
    #expect(Set(missing).isSubset(of: ["Capabilities", "CapMap"]), "\(path): \(missing)")
  }
}
