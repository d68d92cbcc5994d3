import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 2: a converged host costs nothing")
struct ConvergedCostsNothing {
  @Test func secondApplyTouchesNoHostAndMintsNoKey() async throws {
    let mesh = try Mesh(Mesh.three)
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed, .changed, .changed])
    let keys = await mesh.server().preAuthKeys.count
    await mesh.world.plan(nil)
    let lists = mesh.wire.all.lists

    let summary = try await mesh.apply()

    #expect(mesh.wire.all.lists == lists + 1)
    #expect(summary.outcomes.map(\.result) == [.inSync, .inSync, .inSync])
    #expect(summary.rounds == 0)
    #expect(await mesh.world.probeCount == 0)
    #expect(await mesh.world.effectCount == 0)
    #expect(await mesh.server().preAuthKeys.count == keys)
  }

  @Test func onlyTheHostThatDiffersIsProbed() async throws {
    let mesh = try Mesh(Mesh.three)
    try await mesh.apply()
    let id = try #require(await mesh.node("alpha")).id
    await mesh.world.withServer { server, now in
      _ = try? server.setTags(node: id, tags: ["tag:db"], now: now)
    }
    await mesh.world.plan(nil)

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.result) == [.changed, .inSync, .inSync])
    #expect(await mesh.world.probeCount == 1)
    #expect(await mesh.world.effectCount == 1)
    #expect(await mesh.node("alpha")?.tags == ["tag:web"])
  }
}
