import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 5: unset means unmanaged")
struct UnsetIsUnmanaged {
  /// A client that was joined once, is logged out now, and has a mind of its own in everything.
  private func opinionated() -> SimulatedClient {
    var client = SimulatedClient(
      version: "1.100.0", isRunning: true, machineKey: "mkey:" + String(repeating: "a", count: 64))
    var preferences = SimulatedPreferences()
    preferences.controlURL = "https://mesh.example.com"
    preferences.acceptRoutes = true
    preferences.acceptDNS = false
    preferences.ssh = true
    preferences.shieldsUp = true
    preferences.operatorUser = "ops"
    preferences.advertiseRoutes = ["192.168.7.0/24"]
    preferences.exitNodeIP = "100.64.0.9"
    preferences.exitNodeAllowLANAccess = true
    preferences.snatSubnetRoutes = false
    preferences.statefulFiltering = true
    preferences.netfilterMode = 1
    preferences.webClient = true
    preferences.autoUpdateCheck = false
    preferences.autoUpdateApply = true
    client.preferences = preferences
    return client
  }

  // A daemon that is down cannot tell its preferences before it is started.
  @Test(arguments: [true, false])
  func aJoinKeepsEveryPreferenceThatIsNotDeclared(isRunning: Bool) async throws {
    let mesh = try Mesh("hosts: {delta: {owner: ops}}")
    var client = opinionated()
    client.isRunning = isRunning
    let before = client
    await mesh.change("delta") { $0.client = before }

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.changed], "\(summary.outcomes)")
    var expected = before.preferences
    expected.hostname = "delta"
    expected.wantRunning = true
    expected.loggedOut = false
    #expect(await mesh.host("delta").client?.preferences == expected)
    #expect(await mesh.node("delta")?.approvedRoutes == [])
  }

  @Test func preferencesComeBackAlsoWhenTheJoinFailsLater() async throws {
    let mesh = try Mesh("hosts: {delta: {owner: ops}}")
    let before = opinionated()
    await mesh.change("delta") {
      $0.client = before
      $0.faults.joinTimesOut = true
    }

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.failed])
    let after = try #require(await mesh.host("delta").client?.preferences)
    #expect(after.webClient)
    #expect(after.autoUpdateCheck == false)
    #expect(after.autoUpdateApply == true)
    #expect(after.advertiseRoutes == ["192.168.7.0/24"])
  }

  @Test func declaredPreferencesWinOverTheClient() async throws {
    let mesh = try Mesh("hosts: {delta: {owner: ops, accept_dns: true, routes: []}}")
    let before = opinionated()
    await mesh.change("delta") { $0.client = before }

    try await mesh.apply()

    let after = try #require(await mesh.host("delta").client?.preferences)
    #expect(after.acceptDNS)
    #expect(after.advertiseRoutes == [])
    #expect(after.ssh && after.shieldsUp && after.acceptRoutes)
  }

  @Test func driftOfOneAttributeTouchesNoOther() async throws {
    let mesh = try Mesh("hosts: {delta: {accept_routes: true, exit_node: true}}")
    try await mesh.apply()
    let node = try #require(await mesh.node("delta"))
    try await mesh.world.withServer { server, now in
      _ = try server.setTags(node: node.id, tags: ["tag:db"], now: now)
      _ = try server.approveRoutes(node: node.id, routes: ["10.9.0.0/16"], now: now)
      _ = try server.expire(node: node.id, at: now.adding(seconds: 9_000_000), now: now)
    }
    await mesh.change("delta") {
      $0.client?.preferences.acceptRoutes = false
      $0.client?.preferences.shieldsUp = true
      $0.client?.preferences.advertiseRoutes += ["10.9.0.0/16"]
    }
    let drifted = try #require(await mesh.node("delta"))
    let client = try #require(await mesh.host("delta").client)

    try await mesh.apply(probe: true)

    var expected = drifted
    expected.approvedRoutes = ["0.0.0.0/0", "10.9.0.0/16", "::/0"]
    let after = try #require(await mesh.node("delta"))
    #expect(Set(after.approvedRoutes) == Set(expected.approvedRoutes))
    expected.approvedRoutes = after.approvedRoutes
    expected.availableRoutes = after.availableRoutes
    #expect(after == expected)
    #expect(Set(after.availableRoutes) == ["0.0.0.0/0", "10.9.0.0/16", "::/0"])
    var wanted = client.preferences
    wanted.acceptRoutes = true
    var now = try #require(await mesh.host("delta").client?.preferences)
    #expect(Set(now.advertiseRoutes) == Set(wanted.advertiseRoutes))
    now.advertiseRoutes = wanted.advertiseRoutes
    #expect(now == wanted)
  }

  @Test func aHostThatIsOnTheMeshAlreadyIsNotJoinedAnew() async throws {
    // Known to the server under another name, and its daemon is down: the plan cannot know it.
    let mesh = try Mesh("hosts: {delta: {owner: ops}}")
    try await mesh.apply()
    let id = try #require(await mesh.node("delta")).id
    try await mesh.world.withServer { server, now in
      _ = try server.rename(node: id, to: "old-name", now: now)
    }
    await mesh.stopClient("delta")
    let keys = await mesh.server().preAuthKeys.count

    let first = try await mesh.apply()

    #expect(first.outcomes.map(\.result) == [.failed])
    #expect(first.outcomes[0].diagnostics.map(\.code.rawValue) == ["MESH-JOIN-ALREADY"])
    #expect(await mesh.server().preAuthKeys.count == keys)
    #expect(await mesh.server().nodes.map(\.id) == [id])
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed])
    #expect(await mesh.server().nodes.map(\.givenName) == ["delta"])
  }
}
