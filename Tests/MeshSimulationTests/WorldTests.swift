import MeshCore
import MeshEngine
import MeshSimulation
import Testing

@Suite struct WorldTests {
  private func joined() async throws -> SimulatedWorld {
    let bench = try Bench([Host("web1"), Host("web2")])
    try await bench.user("ops")
    try await bench.install("web1")
    _ = try await bench.join("web1", ["--hostname=web1", "--advertise-routes=10.0.0.0/24"])
    await bench.world.withHost("web2") {
      $0.faults.unresolvable = ["mesh.example.com"]
      $0.faults.diesDuring = .join
      $0.becomePassword = Secret("hunter22")
    }
    return bench.world
  }

  @Test("A world is read back as it was written, with the same bytes")
  func roundTrip() async throws {
    let world = try await joined().world()
    let text = world.text
    let read = try World(parsing: text)
    #expect(read == world)
    #expect(read.text == text)
    #expect(read.nodes.count == 1)
    #expect(read.hosts["web2"]?.faults.diesDuring == .join)
  }

  @Test("No secret is kept")
  func secrets() async throws {
    let world = try await joined()
    let secrets = await world.withServer { server, _ in server.preAuthKeys.compactMap(\.secret) }
    #expect(!secrets.isEmpty)
    let text = await world.world().text
    for secret in secrets + ["hunter22"] { #expect(!text.contains(secret)) }
  }

  @Test("A world goes on where it stopped: the node is the same and online")
  func continues() async throws {
    let stored = try await joined().world()
    let bench = try Bench([Host("web1"), Host("web3")], world: try World(parsing: stored.text))
    let nodes = try await bench.control.nodes().nodes
    #expect(nodes.map(\.givenName) == ["web1"])
    let facts = try await bench.facts("web1")
    #expect(facts.client?.nodeKey == nodes[0].nodeKey)
    #expect(facts.client?.selfOnline == true)
    #expect(try await bench.facts("web3").client == nil)
  }

  @Test(
    "What is not known is refused with its path",
    arguments: [
      (#""extra": 1"#, "extra is not a known key"),
      (#""hosts": {"a": {"clinet": null}}"#, "hosts.a.clinet is not a known key"),
      (#""hosts": {"a": {"faults": {"x": 1}}}"#, "hosts.a.faults.x is not a known key"),
      (
        #""hosts": {"a": {"privilege": "none"}}"#,
        "hosts.a.privilege has to be one of the known words"
      ),
      (#""server": {"nodes": [{"id": 1}]}"#, "server.nodes[0].machineKey is missing"),
      (
        #""server": {"users": [{"id": "1", "name": "a"}]}"#,
        "server.users[0].id has to be a whole number"
      ),
      (#""hosts": {"a": {}, "a": {}}"#, "hosts.a stands there twice"),
    ])
  func strict(part: String, message: String) throws {
    let text = """
      {"format": "meshctl-world", "version": 1, "time": "2026-01-01T00:00:00Z", \(part)}
      """
    #expect {
      try World(parsing: text)
    } throws: { error in
      let diagnostic = (error as? Failure)?.diagnostic
      return diagnostic?.code == .worldFile && diagnostic?.message == message
    }
  }

  @Test("Another format or version is refused")
  func versions() {
    for text in [
      "", "{", #"{"format": "x"}"#, #"{"format": "meshctl-world", "version": 2}"#, "[]",
    ] {
      #expect(throws: Failure.self) { try World(parsing: text) }
    }
  }

  @Test("A seeded node that matches by pin, name or alias is the host, others are fresh machines")
  func seeds() async throws {
    var nodes = ["web1", "old-name", "pinned"].enumerated().map { index, name in
      MeshNode(
        id: "\(index + 5)", machineKey: "", nodeKey: "", hostname: name, givenName: name)
    }
    nodes[0].online = true
    nodes[0].availableRoutes = ["10.0.0.0/24"]
    nodes[0].user = MeshUser(id: "3", name: "ops")
    nodes[2].machineKey = "mkey:" + String(repeating: "c", count: 64)
    var alias = Host("web2")
    alias.aliases = ["old-name"]
    var pinned = Host("web3")
    pinned.machineKey = nodes[2].machineKey
    let seed = WorldSeed(
      nodes: nodes, version: "0.28.0", takenAt: Timestamp(seconds: 1_790_000_000))
    let bench = try Bench([Host("web1"), alias, pinned, Host("web4")], seed: seed)
    #expect(try await bench.control.identify().version == "0.28.0")
    let list = try await bench.control.nodes()
    #expect(list.serverTime == Timestamp(seconds: 1_790_000_000))
    #expect(list.nodes.map(\.id) == ["5", "6", "7"])
    #expect(try await bench.control.users().map(\.name) == ["ops"])
    let facts = try await bench.facts("web1")
    #expect(facts.client?.backendState == "Running")
    #expect(facts.client?.nodeKey == list.nodes[0].nodeKey)
    #expect(facts.client?.preferences?.advertiseRoutes == ["10.0.0.0/24"])
    #expect(try await bench.facts("web2").service == .stopped)
    #expect(try await bench.facts("web3").service == .stopped)
    #expect(try await bench.facts("web4").client == nil)
  }

  @Test("The same seed gives the same bytes, another one others")
  func determinism() async throws {
    func run(_ seed: UInt64) async throws -> String {
      let bench = try Bench([Host("web1")], seed: WorldSeed(randomSeed: seed))
      try await bench.user("ops")
      try await bench.install("web1")
      _ = try await bench.join("web1", ["--hostname=web1"])
      return await bench.world.world().text
    }
    let first = try await run(1)
    #expect(try await run(1) == first)
    #expect(try await run(2) != first)
  }
}
