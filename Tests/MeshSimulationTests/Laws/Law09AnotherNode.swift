import MeshCore
import MeshEngine
import MeshSimulation
import Testing

/// Laws 6 and 9: what was shown of one node is never done to another.
@Suite("Laws 6 and 9: another node than the one that was shown") struct Law09AnotherNode {
  static let text = """
    guards: {offline_after: 0s, max_deletes: off}
    hosts:
      alpha: {tags: [tag:web], routes: [10.9.0.0/24], shields_up: true}
    """

  static func node(_ id: String, _ name: String, online: Bool) -> MeshNode {
    var node = MeshNode(
      id: id, machineKey: "mkey:" + String(repeating: id, count: 64),
      nodeKey: "nodekey:" + String(repeating: id, count: 64), hostname: name, givenName: name)
    node.user = MeshUser(id: "1", name: "ops")
    node.online = online
    return node
  }

  @Test func aStoppedClientThatProvesToBeAnotherGetsNothing() async throws {
    let mesh = try Mesh(
      Self.text,
      seed: Mesh.seed(nodes: [
        Self.node("1", "beta", online: false), Self.node("2", "alpha", online: false),
      ]))
    // The host that is called alpha carries the key of node #1.
    await mesh.change("alpha") {
      $0.client?.machineKey = "mkey:" + String(repeating: "1", count: 64)
      $0.client?.nodeKey = "nodekey:" + String(repeating: "1", count: 64)
    }
    let applier = mesh.applier()
    let shown = try await applier.planned()
    #expect(shown.plan.hosts[0].node?.id == "2")
    #expect(shown.plan.hosts[0].identity == .name)

    let summary = try await applier.execute(shown)

    for node in await mesh.server().nodes {
      #expect(node.tags.isEmpty, "#\(node.id)")
      #expect(node.approvedRoutes.isEmpty, "#\(node.id)")
    }
    #expect(await mesh.host("alpha").client?.preferences.shieldsUp == false)
    #expect(summary.outcomes.map(\.result) == [.blocked])
    #expect(summary.outcomes[0].diagnostics.map(\.code) == [.notProven])
    _ = await applier.cleanUp()
  }

  @Test func anEmptyListWhileHostsReportToBeJoinedStopsTheRun() async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}, beta: {owner: ops}, gamma: {owner: ops}}")
    try await mesh.apply()
    await mesh.world.withServer { server, now in
      for node in server.nodes { try? server.delete(node: node.id) }
      _ = now
    }
    await #expect(throws: Failure.self) { _ = try await mesh.applier().planned() }
    #expect(await mesh.server().nodes.isEmpty)
  }
}
