import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 1: plan never writes")
struct PlanNeverWrites {
  @Test(arguments: (0..<10).map { UInt64($0 * 50) })
  func randomWorldsStayAsTheyAre(first: UInt64) async throws {
    for seed in first..<first + 50 {
      let mesh = try await RandomMesh(seed: seed).mesh
      let world = await mesh.world.world()
      let server = await mesh.server()

      _ = try await mesh.applier(probe: true).planned()
      let observer = Observer(ports: mesh.ports().readOnly, parallelism: 4)
      _ = try await observer.observeServer()
      _ = try await observer.probe(mesh.inventory.hosts)

      #expect(await mesh.world.world() == world, "seed \(seed)")
      #expect(await mesh.world.world().text == world.text, "seed \(seed)")
      #expect(await mesh.server() == server, "seed \(seed)")
      #expect(await mesh.world.effectCount == 0, "seed \(seed)")
    }
  }
}
