import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 8: nothing is deleted without being named")
struct NothingDeleted {
  @Test func noApplyOfThisVersionTakesANodeAway() async throws {
    for seed in UInt64(2000)..<2060 {
      let mesh = try await RandomMesh(seed: seed).mesh
      let before = await mesh.server().nodes.map(\.id)
      _ = try await mesh.apply()
      let after = await mesh.server().nodes.map(\.id)
      #expect(Array(after.prefix(before.count)) == before, "seed \(seed)")
    }
  }
}
