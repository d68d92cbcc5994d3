import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Random worlds")
struct RandomWorldTests {
  static let batches = (0..<6).map { UInt64($0 * 50 + 10_000) }

  @Test(arguments: batches)
  func afterAnApplyEveryHostIsInSyncOrSaysWhyNot(first: UInt64) async throws {
    for seed in first..<first + 50 {
      let mesh = try await RandomMesh(seed: seed).mesh
      let summary = try await mesh.apply(probe: true)
      let again = try await mesh.applier(probe: true).planned().plan
      for (outcome, plan) in zip(summary.outcomes, again.hosts) {
        switch outcome.result {
        case .inSync, .changed:
          #expect(plan.action == .none, "seed \(seed): \(outcome) \(plan)")
        case .failed, .blocked, .waiting:
          let errors = outcome.diagnostics.filter { $0.severity == .error }
          let finding = try #require(errors.first, "seed \(seed): \(outcome)")
          #expect(finding.hint != nil, "seed \(seed): \(finding)")
        }
      }
      #expect(await mesh.validKeys() == [], "seed \(seed)")
      #expect(await mesh.ledger.leftOver() == [], "seed \(seed)")
      let nodes = await mesh.server().nodes
      #expect(Set(nodes.map(\.machineKey)).count == nodes.count, "seed \(seed)")
    }
  }

  @Test(arguments: batches)
  func aSecondApplyLeavesConvergedHostsAlone(first: UInt64) async throws {
    for seed in first..<first + 50 {
      let mesh = try await RandomMesh(seed: seed).mesh
      let converged = Set(
        try await mesh.apply().outcomes.filter { [.inSync, .changed].contains($0.result) }
          .map(\.host))
      let calls = mesh.wire.all.calls.count

      let summary = try await mesh.apply()

      for outcome in summary.outcomes where converged.contains(outcome.host) {
        #expect(outcome.result == .inSync, "seed \(seed): \(outcome)")
      }
      let touched = Set(mesh.wire.all.calls.dropFirst(calls).map(\.host))
      #expect(touched.isDisjoint(with: converged), "seed \(seed)")
    }
  }

  @Test func strangersKeepWhatTheyHave() async throws {
    for seed in UInt64(20_000)..<20_100 {
      let mesh = try await RandomMesh(seed: seed).mesh
      guard let before = await mesh.server().nodes.first(where: { $0.id == 90 }) else { continue }
      try await mesh.apply(probe: true)
      #expect(await mesh.server().nodes.first { $0.id == 90 } == before, "seed \(seed)")
    }
  }

  @Test func theSameSeedGivesTheSameRun() async throws {
    for seed in UInt64(30_000)..<30_030 {
      var runs: [(lines: [[String]], world: World)] = []
      for _ in 1...2 {
        var mesh = try await RandomMesh(seed: seed).mesh
        mesh.parallelism = 1
        try await mesh.apply(probe: true)
        let lines = mesh.inventory.hosts.map { mesh.events.lines(of: $0.key) }
        runs.append((lines, await mesh.world.world()))
      }
      #expect(runs[0].lines == runs[1].lines, "seed \(seed)")
      #expect(runs[0].world == runs[1].world, "seed \(seed)")
    }
  }
}
