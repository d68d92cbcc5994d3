import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 9: what is shown is what is done")
struct ShownIsDone {
  typealias Meddling =
    @Sendable (inout SimulatedHeadscale, ServerNode, Timestamp) throws -> Void

  /// One change to the touched node between the plan and the answer.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var meddle: Meddling
  }

  static let compared: [Case] = [
    Case(testDescription: "deleted") { server, node, _ in try server.delete(node: node.id) },
    Case(testDescription: "tags") { server, node, now in
      _ = try server.setTags(node: node.id, tags: ["tag:db", "tag:web"], now: now)
    },
    Case(testDescription: "approved routes") { server, node, now in
      _ = try server.approveRoutes(node: node.id, routes: ["10.7.0.0/16"], now: now)
    },
    Case(testDescription: "name") { server, node, now in
      _ = try server.rename(node: node.id, to: "moved", now: now)
    },
    Case(testDescription: "expiry") { server, node, now in
      _ = try server.expire(node: node.id, at: now.adding(seconds: 90_000), now: now)
    },
    Case(testDescription: "keys") { server, node, _ in
      try server.replace(node) { $0.nodeKey = "nodekey:" + String(repeating: "d", count: 64) }
    },
    Case(testDescription: "machine key") { server, node, _ in
      try server.replace(node) { $0.machineKey = "mkey:" + String(repeating: "d", count: 64) }
    },
    Case(testDescription: "owner") { server, node, _ in
      try server.replace(node) {
        $0.tags = []
        $0.userID = 1
      }
    },
  ]

  static let ignored: [Case] = [
    Case(testDescription: "offline") { server, node, now in
      server.disconnect(nodeKey: node.nodeKey, now: now)
    },
    Case(testDescription: "addresses") { server, node, _ in
      try server.replace(node) { $0.ipAddresses = ["100.64.7.7"] }
    },
    Case(testDescription: "last seen") { server, node, now in
      try server.replace(node) { $0.lastSeen = now.adding(seconds: 5) }
    },
    Case(testDescription: "order of tags") { server, node, _ in
      try server.replace(node) { $0.tags = $0.tags.reversed() }
    },
  ]

  /// A joined host whose routes and preferences drifted.
  private func drifted() async throws -> Mesh {
    let mesh = try Mesh("hosts: {alpha: {tags: [tag:web, tag:db], routes: [10.0.0.0/24]}}")
    try await mesh.apply()
    let id = try #require(await mesh.node("alpha")).id
    try await mesh.world.withServer { server, now in
      _ = try server.approveRoutes(node: id, routes: [], now: now)
      if let node = server.nodes.first(where: { $0.id == id }) {
        try server.replace(node) { $0.tags = ["tag:db"] }
      }
    }
    await mesh.world.plan(nil)
    return mesh
  }

  @Test(arguments: compared)
  func whatMovedStopsEverything(change: Case) async throws {
    let mesh = try await drifted()
    let applier = mesh.applier(probe: true)
    let shown = try await applier.planned()
    let node = try #require(await mesh.node("alpha"))
    try await mesh.world.withServer { server, now in try change.meddle(&server, node, now) }
    let before = await mesh.server()

    await #expect(throws: StalePlan.self) { try await applier.execute(shown) }

    #expect(await mesh.server() == before)
    #expect(await mesh.world.effectCount == 0)
    #expect(mesh.events.lines(of: "alpha").last == "done changed", "of the first apply")
  }

  @Test(arguments: ignored)
  func whatProvesLittleStopsNothing(change: Case) async throws {
    let mesh = try await drifted()
    let applier = mesh.applier(probe: true)
    let shown = try await applier.planned()
    let node = try #require(await mesh.node("alpha"))
    try await mesh.world.withServer { server, now in try change.meddle(&server, node, now) }

    let summary = try await applier.execute(shown)

    #expect(summary.outcomes.map(\.result) == [.changed])
    #expect(await mesh.node("alpha")?.approvedRoutes == ["10.0.0.0/24"])
  }

  @Test func aNodeThatTakesTheNameOfAJoinStopsEverything() async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}}")
    let applier = mesh.applier()
    let shown = try await applier.planned()
    await mesh.world.withServer { server, _ in
      server.adopt(ServerNode.stranger(called: "alpha", id: 90))
    }
    await #expect(throws: StalePlan.self) { try await applier.execute(shown) }
    #expect(await mesh.world.effectCount == 0)
  }

  @Test func laterRoundsFinishOnlyWhatWasShown() async throws {
    let mesh = try await drifted()
    let applier = mesh.applier(probe: true)
    let shown = try await applier.planned()
    #expect(shown.plan.hosts[0].changes.map(\.attribute) == [.tags, .approvedRoutes])
    let id = try #require(await mesh.node("alpha")).id
    // While the first round works, somebody renames the node: that was not shown.
    let real = SimulatedControlPlane(mesh.world)
    var control = FakeControlPlane(over: real)
    control.onSetTags = { node, tags in
      try await real.setTags(nodeID: node, tags: tags)
      try await mesh.world.withServer { server, now in
        _ = try server.rename(node: id, to: "moved", now: now)
      }
    }
    var ports = mesh.ports()
    ports.control = control
    let meddled = Applier(request: mesh.request(probe: true), ports: ports)

    let summary = try await meddled.execute(shown)

    #expect(summary.outcomes.map(\.result) == [.failed])
    #expect(summary.outcomes[0].diagnostics.map(\.code) == [.notShown])
    #expect(await mesh.node("moved")?.tags == ["tag:db", "tag:web"])
    #expect(await mesh.node("alpha") == nil)
  }
}

extension SimulatedHeadscale {
  mutating func replace(_ node: ServerNode, _ body: (inout ServerNode) -> Void) throws {
    var node = node
    body(&node)
    try delete(node: node.id)
    adopt(node)
  }
}
