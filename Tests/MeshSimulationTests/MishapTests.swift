import MeshCore
import MeshEngine
import MeshSimulation
import Testing

/// Hosts that something happened to (reference tailscale-client.md §2, headscale-api.md §5.5).
@Suite struct MishapTests {
  private func joined() async throws -> Bench {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    _ = try await bench.join("web1", ["--hostname=web1"])
    return bench
  }

  private func client(_ bench: Bench) async throws -> ClientFacts {
    try #require(try await bench.facts("web1").client)
  }

  @Test("A wiped client has no key; joining again makes a second node with a suffixed name (#634)")
  func reinstalled() async throws {
    let bench = try await joined()
    await bench.world.reinstall("web1")
    let wiped = try await client(bench)
    #expect(wiped.backendState == "NeedsLogin")
    #expect(wiped.nodeKey == nil)
    #expect(!wiped.haveNodeKey)
    #expect(try await bench.control.nodes().nodes[0].online == false)
    _ = try await bench.join("web1", ["--hostname=web1"])
    let nodes = try await bench.control.nodes().nodes
    #expect(nodes.map(\.givenName) == ["web1", "web1-1"])
    #expect(nodes[0].machineKey != nodes[1].machineKey)
    #expect(nodes.map(\.online) == [false, true])
    await bench.world.reinstall("web1", keepsClient: false)
    #expect(try await bench.facts("web1").client == nil)
  }

  @Test("A stopped client keeps its key and addresses and says Stopped, also once it has expired")
  func stopped() async throws {
    let bench = try await joined()
    let before = try await client(bench)
    await bench.world.stop("web1")
    let stopped = try await client(bench)
    #expect(stopped.backendState == "Stopped")
    #expect(stopped.nodeKey == before.nodeKey)
    #expect(stopped.addresses == before.addresses)
    #expect(!stopped.selfOnline)
    #expect(try await bench.control.nodes().nodes[0].online == false)
    try await bench.world.withServer { server, now in _ = try server.expire(node: 1, now: now) }
    #expect(try await client(bench).backendState == "Stopped")
    try await bench.world.withServer { server, now in
      _ = try server.expire(node: 1, disable: true, now: now)
    }
    let report = try await bench.run(
      .join, on: "web1", [.init("ARGS", ""), .init("TIMEOUT", "60")])
    #expect(report.status("up") == 0)
    #expect(try await client(bench).backendState == "Running")
    #expect(try await bench.control.nodes().nodes[0].online)
  }

  @Test("A client that was logged out has no key, and its node has expired")
  func loggedOut() async throws {
    let bench = try await joined()
    await bench.world.logout("web1")
    let client = try await client(bench)
    #expect(client.backendState == "NeedsLogin")
    #expect(client.nodeKey == nil)
    let now = bench.world.clock.now()
    #expect(await bench.world.withServer { server, _ in server.nodes[0].isExpired(at: now) })
    _ = try await bench.join("web1", ["--hostname=web1"])
    #expect(try await bench.control.nodes().nodes.map(\.id) == ["1"])
    #expect(try await self.client(bench).backendState == "Running")
  }

  @Test("A client on another server moves only by --force-reauth while it runs")
  func elsewhere() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    let other = try #require(ServerURL("https://other.example.com"))
    await bench.world.joinElsewhere("web1", other)
    let before = try await client(bench)
    #expect(before.backendState == "Running")
    #expect(before.preferences?.controlURL == "https://other.example.com")
    #expect(before.addresses == ["100.99.0.1"])
    let refused = try await bench.join("web1", ["--hostname=web1"])
    #expect(refused.status("up") == 1)
    #expect(refused.text("up") == "can't change --login-server without --force-reauth")
    #expect(try await bench.control.nodes().nodes.isEmpty)
    let moved = try await bench.join("web1", ["--hostname=web1", "--force-reauth"])
    #expect(moved.status("up") == 0)
    let node = try #require(try await bench.control.nodes().nodes.first)
    #expect(try await client(bench).nodeKey == node.nodeKey)
    #expect(node.nodeKey != before.nodeKey)
  }

  @Test("A stopped client may move without it, and gets a new key")
  func stoppedElsewhere() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    let other = try #require(ServerURL("https://other.example.com"))
    await bench.world.joinElsewhere("web1", other)
    let key = try await client(bench).nodeKey
    await bench.world.stop("web1")
    #expect(try await bench.join("web1", ["--hostname=web1"]).status("up") == 0)
    let moved = try await client(bench)
    #expect(moved.nodeKey != key)
    #expect(moved.backendState == "Running")
  }

  @Test("--force-reauth rotates the node key and drops the connection first (3849)")
  func forced() async throws {
    let bench = try await joined()
    let key = try await client(bench).nodeKey
    let failed = try await bench.join(
      "web1", ["--hostname=web1", "--force-reauth"], authKey: Secret("hskey-auth-nonsense"))
    #expect(failed.status("up") == 1)
    #expect(try await bench.control.nodes().nodes[0].online == false)
    let down = try await client(bench)
    #expect(down.backendState == "NeedsLogin")
    #expect(down.nodeKey == key)
    // The daemon starts again with the key it had.
    #expect(try await bench.run(.clearKey, on: "web1").status("restart") == 0)
    #expect(try await client(bench).backendState == "Running")
    #expect(try await bench.control.nodes().nodes[0].online)
    let forced = try await bench.join("web1", ["--hostname=web1", "--force-reauth"])
    #expect(forced.status("up") == 0)
    let node = try await bench.control.nodes().nodes[0]
    #expect(node.id == "1")
    #expect(node.nodeKey != key)
    #expect(try await client(bench).nodeKey == node.nodeKey)
  }

  @Test("#3410: the client of a deleted node looks connected; only --force-reauth brings it back")
  func zombie() async throws {
    let bench = try await joined()
    let before = try await client(bench)
    try await bench.control.deleteNode(id: "1")
    let zombie = try await client(bench)
    #expect(zombie.backendState == "Running")
    #expect(zombie.selfOnline)
    #expect(zombie.nodeKey == before.nodeKey)
    #expect(zombie.addresses == before.addresses)
    let again = try await bench.run(
      .join, on: "web1", [.init("ARGS", ""), .init("TIMEOUT", "60")])
    #expect(again.status("up") == 0)
    #expect(try await bench.control.nodes().nodes.isEmpty)
    _ = try await bench.join("web1", ["--hostname=web1", "--force-reauth"])
    #expect(try await bench.control.nodes().nodes.map(\.id) == ["2"])
  }

  @Test("A world file keeps all of it")
  func worldFile() async throws {
    let bench = try await joined()
    await bench.world.stop("web1")
    await bench.world.withHost("web1") { $0.client?.isReauthenticating = true }
    let world = await bench.world.world()
    let read = try World(parsing: world.text)
    #expect(read.hosts == world.hosts)
    #expect(read.text == world.text)
    #expect(read.hosts["web1"]?.client?.remembered?.node.givenName == "web1")
  }
}
