import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 6: a name is not an identity")
struct NameIsNoIdentity {
  private static let inventory = """
    guards: {offline_after: 0s, max_deletes: off}
    hosts: {alpha: {tags: [tag:web], routes: [10.0.0.0/24], exit_node: true}}
    """

  private func stranger(online: Bool, tagged: Bool) -> ServerNode {
    var stranger = ServerNode.stranger(called: "alpha", id: 90, online: online)
    if tagged {
      stranger.tags = ["tag:db"]
      stranger.userID = nil
    }
    stranger.availableRoutes = ["0.0.0.0/0", "10.0.0.0/24", "::/0"]
    return stranger
  }

  @Test(arguments: [true, false])
  func anOnlineStrangerBeforeTheJoinKeepsEverything(tagged: Bool) async throws {
    let mesh = try Mesh(NameIsNoIdentity.inventory)
    let stranger = stranger(online: true, tagged: tagged)
    await mesh.world.withServer { server, _ in server.adopt(stranger) }

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.blocked])
    #expect(await mesh.server().nodes == [stranger])
    #expect(await mesh.server().preAuthKeys == [])
    #expect(mesh.wire.all.calls.isEmpty)
  }

  @Test(arguments: [true, false])
  func anOfflineStrangerBeforeTheJoinLosesTheNameOnly(tagged: Bool) async throws {
    let mesh = try Mesh(NameIsNoIdentity.inventory)
    let before = stranger(online: false, tagged: tagged)
    await mesh.world.withServer { server, _ in server.adopt(before) }

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.changed])
    var stranger = before
    stranger.givenName = "alpha-old-90"
    #expect(await mesh.node("alpha-old-90") == stranger)
    let joined = try #require(await mesh.node("alpha"))
    #expect(joined.tags == ["tag:web"])
    #expect(joined.approvedRoutes.count == 3)
    #expect(try await mesh.leftOver() == [])
  }

  @Test(arguments: [true, false], [true, false])
  func aStrangerThatTakesTheNameLaterGetsNothing(online: Bool, tagged: Bool) async throws {
    let mesh = try Mesh(NameIsNoIdentity.inventory)
    try await mesh.apply()
    let id = try #require(await mesh.node("alpha")).id
    var stranger = stranger(online: online, tagged: tagged)
    let takesTheName = stranger
    try await mesh.world.withServer { server, now in
      _ = try server.rename(node: id, to: "somewhere", now: now)
      _ = try server.approveRoutes(node: id, routes: [], now: now)
      server.adopt(takesTheName)
    }

    let summary = try await mesh.apply(probe: true)

    // The host proves its own node, which gets what is its; a stranger that is there keeps the name.
    #expect(summary.outcomes.map(\.result) == [online ? .blocked : .changed])
    if !online { stranger.givenName = "alpha-old-90" }
    #expect(await mesh.server().nodes.first { $0.id == 90 } == stranger)
    let own = try #require(await mesh.server().nodes.first { $0.id == id })
    #expect(own.givenName == (online ? "somewhere" : "alpha"))
    #expect(own.approvedRoutes.count == 3)
  }

  @Test func aStrangerWhileTheHostIsDownGetsNothing() async throws {
    let mesh = try Mesh(NameIsNoIdentity.inventory)
    try await mesh.apply()
    let id = try #require(await mesh.node("alpha")).id
    let stranger = stranger(online: false, tagged: false)
    try await mesh.world.withServer { server, now in
      _ = try server.rename(node: id, to: "somewhere", now: now)
      server.adopt(stranger)
    }
    await mesh.stopClient("alpha")

    // Points to the stranger by name: only the service is started, then the host proves itself.
    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.blocked])
    #expect(await mesh.node("alpha") == stranger)
    #expect(await mesh.host("alpha").client?.isRunning == true)
  }

  @Test func aNodeThatTwoHostsClaimGetsNothing() async throws {
    let mesh = try Mesh(
      """
      hosts:
        one: {tags: [tag:web], aliases: [shared]}
        two: {tags: [tag:db], aliases: [shared]}
      """)
    let shared = ServerNode.stranger(called: "shared", id: 90)
    await mesh.world.withServer { server, _ in server.adopt(shared) }
    await mesh.change("one") { $0.faults.unreachable = true }
    await mesh.change("two") { $0.faults.unreachable = true }

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.blocked, .blocked])
    #expect(await mesh.node("shared") == shared)
  }

  @Test func twoHostsWithOneDiskGetNothing() async throws {
    let mesh = try Mesh(
      "guards: {max_deletes: off}\nhosts: {one: {owner: ops}, two: {tags: [tag:db]}}")
    try await mesh.apply()
    let copied = await mesh.host("one").client
    let before = await mesh.server().nodes
    await mesh.change("two") { $0.client = copied }

    let summary = try await mesh.apply(probe: true)

    #expect(summary.outcomes.map(\.result) == [.blocked, .blocked])
    #expect(await mesh.server().nodes == before)
  }
}
