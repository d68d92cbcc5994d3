import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 3: killed at any instant, the next run converges")
struct Resumable {
  enum Start: CaseIterable { case fresh, drifted }

  /// How the mesh stands before the run that meets an accident.
  private func prepared(_ start: Start) async throws -> Mesh {
    var mesh = try Mesh(Mesh.three)
    // One after the other, so that the n-th effect is the same one in every run.
    mesh.parallelism = 1
    guard start == .drifted else { return mesh }
    try await mesh.apply()
    let alpha = try #require(await mesh.node("alpha")).id
    let gamma = try #require(await mesh.node("gamma-three")).id
    try await mesh.world.withServer { server, now in
      _ = try server.setTags(node: alpha, tags: ["tag:db"], now: now)
      _ = try server.approveRoutes(node: alpha, routes: [], now: now)
      _ = try server.rename(node: gamma, to: "renamed", now: now)
    }
    await mesh.change("gamma") { $0.client?.preferences.shieldsUp = false }
    await mesh.stopClient("beta")
    await mesh.world.plan(nil)
    return mesh
  }

  @Test(arguments: Start.allCases, FaultPlan.Kind.allCases)
  func everyEffectMayGoWrong(start: Start, kind: FaultPlan.Kind) async throws {
    let smooth = try await prepared(start)
    try await smooth.apply(probe: true)
    let count = await smooth.world.effectCount
    #expect(count > 5)
    for effect in 1...count {
      let mesh = try await prepared(start)
      await mesh.world.plan(FaultPlan(kind, atEffect: effect))
      await run(mesh, kind)
      let said = "\(kind) at effect \(effect) of \(count)"
      let lost = await mesh.validKeys()

      await mesh.world.revive()
      let summary = try await mesh.apply(probe: true)

      #expect(summary.outcomes.allSatisfy { [.inSync, .changed].contains($0.result) }, "\(said)")
      #expect(try await mesh.leftOver() == [], "\(said)")
      let nodes = await mesh.server().nodes
      #expect(Set(nodes.map(\.machineKey)).count == nodes.count, "\(said)")
      #expect(Set(nodes.map(\.givenName)) == ["alpha", "beta", "gamma-three"], "\(said)")
      #expect(nodes.count == 3, "\(said)")
      #expect(await mesh.ledger.leftOver() == [], "\(said)")
      // A key whose id never came back is nobody's to expire; it ends by itself.
      let left = await mesh.validKeys()
      if kind == .killAfter, mesh.wire.all.requests.count > mesh.wire.all.minted, left == lost {
        #expect(left.count <= 1, "\(said)")
        #expect(left.allSatisfy { $0.expiration.seconds(since: $0.createdAt) <= 900 }, "\(said)")
      } else {
        #expect(left == [], "\(said)")
      }
    }
  }

  /// The run with the accident: a killed process cleans nothing up.
  private func run(_ mesh: Mesh, _ kind: FaultPlan.Kind) async {
    let applier = mesh.applier(probe: true)
    do {
      let summary = try await applier.execute(try await applier.planned())
      #expect(kind == .fail || kind == .dropAnswer)
      #expect(summary.outcomes.count == 3)
    } catch is SimulatedKill {
      #expect(kind == .kill || kind == .killAfter)
      return
    } catch {
      Issue.record("\(kind): \(error)")
    }
    #expect(await applier.cleanUp() == [])
  }
}
