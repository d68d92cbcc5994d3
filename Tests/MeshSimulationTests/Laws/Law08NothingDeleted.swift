import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 8: nothing is deleted without being named")
struct NothingDeleted {
  @Test func everyNodeThatGoesWasShownAndCounted() async throws {
    for seed in UInt64(2000)..<2100 {
      var mesh = try await RandomMesh(seed: seed).mesh
      mesh.flags.prune = seed.isMultiple(of: 2)
      let applier = mesh.applier(probe: seed.isMultiple(of: 3))
      let shown = try await applier.planned()
      let before = await mesh.server().nodes
      _ = try await applier.execute(shown)
      _ = await applier.cleanUp()
      let after = Set(await mesh.server().nodes.map(\.id))

      let gone = before.filter { !after.contains($0.id) }
      let named =
        shown.plan.deletions
        + shown.plan.hosts.flatMap(\.deletions).filter { $0.blockedBy == nil }
      for node in gone {
        let deletion = try #require(
          named.first { $0.node.id == String(node.id) }, "seed \(seed): #\(node.id)")
        if deletion.byAge { #expect(node.presence == .offline, "seed \(seed)") }
      }
      if case .count(let limit) = mesh.inventory.guards.maxDeletes {
        #expect(gone.count <= limit, "seed \(seed)")
      }
    }
  }

  // MARK: Pruning

  /// A mesh of one host, and strangers that were last seen so many seconds ago (nil: never).
  private func mesh(
    guards: String = "prune_after: 1d, max_deletes: off", _ strangers: [(online: Bool, Int64?)]
  ) async throws -> Mesh {
    var mesh = try Mesh("guards: {\(guards)}\nhosts: {alpha: {owner: ops}}")
    try await mesh.apply()
    let now = mesh.world.clock.now()
    for (index, stranger) in strangers.enumerated() {
      var node = ServerNode.stranger(
        called: "stranger-\(index)", id: 90 + index, online: stranger.online)
      node.lastSeen = stranger.1.map { now.adding(seconds: -$0) }
      let adopted = node
      await mesh.world.withServer { server, _ in server.adopt(adopted) }
    }
    mesh.flags.prune = true
    return mesh
  }

  private func strangers(_ mesh: Mesh) async -> [Int] {
    await mesh.server().nodes.map(\.id).filter { $0 >= 90 }
  }

  @Test func pruningTakesOldOfflineNodesOnly() async throws {
    let mesh = try await mesh([(false, 90_000), (true, 90_000), (false, 80_000), (false, nil)])
    let summary = try await mesh.apply()
    #expect(summary.nodes.map(\.nodeID) == ["90"])
    #expect(await strangers(mesh) == [91, 92, 93])
    #expect(try await mesh.leftOver() == [])
  }

  @Test func withoutTheFlagNobodyGoes() async throws {
    var mesh = try await mesh([(false, 90_000)])
    mesh.flags.prune = false
    try await mesh.apply()
    #expect(await strangers(mesh) == [90])
  }

  @Test func aNodeThatComesOnlineBeforeTheSecondLookStays() async throws {
    let mesh = try await mesh([(false, 90_000), (false, 90_000)])
    let applier = mesh.applier()
    let shown = try await applier.planned()
    #expect(shown.plan.deletions.map(\.node.id) == ["90", "91"])
    try await mesh.world.withServer { server, _ in
      guard var back = server.nodes.first(where: { $0.id == 91 }) else { return }
      back.presence = .connected
      try server.delete(node: 91)
      server.adopt(back)
    }
    let summary = try await applier.execute(shown)
    #expect(await strangers(mesh) == [91])
    #expect(summary.nodes.map { $0.finding?.code } == [nil, .notDeleted])
  }

  @Test func theSecondLookComesNoSoonerThanConfirmAfter() async throws {
    let mesh = try await mesh([(false, 90_000)])
    let began = mesh.world.clock.now()
    try await mesh.apply()
    #expect(mesh.world.clock.now().seconds(since: began) >= 180)
  }

  @Test func theGuardHoldsAllBackAndTheRestGoesOn() async throws {
    var mesh = try await mesh(
      guards: "prune_after: 1d, max_deletes: 1, offline_after: 0s",
      [(false, 90_000), (false, 90_000)])
    try await mesh.world.withServer { server, now in
      _ = try server.rename(node: 1, to: "otherwise", now: now)
    }
    let held = try await mesh.apply(probe: true)
    #expect(held.diagnostics.map(\.code) == [.guardDeletes])
    #expect(held.outcomes.map(\.result) == [.changed])
    #expect(await strangers(mesh) == [90, 91])

    mesh.flags.maxDeletes = .percent(60)
    let done = try await mesh.apply()
    #expect(done.nodes.count == 2)
    #expect(await strangers(mesh) == [])
  }

  @Test func whereNobodyIsOnlineTheListIsReadAgainFirst() async throws {
    let mesh = try await mesh([(false, 90_000)])
    await mesh.world.withServer { server, now in
      for node in server.nodes { server.disconnect(nodeKey: node.nodeKey, now: now) }
    }
    let began = mesh.world.clock.now()
    _ = try await mesh.applier().planned()
    #expect(mesh.world.clock.now().seconds(since: began) >= 180)
    let idle = mesh.world.clock.now()
    let observer = Observer(ports: mesh.ports().readOnly, parallelism: 1)
    _ = try await observer.observeServer()
    #expect(mesh.world.clock.now() == idle)
  }
}
