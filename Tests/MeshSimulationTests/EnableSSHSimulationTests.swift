import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Hosts without SSH, in simulation") struct EnableSSHSimulationTests {
  static let text = """
    hosts:
      by-command: {owner: ops, routes: [10.0.0.0/24], bootstrap: {command: [virsh, run]}}
      by-person: {owner: ops}
      fine: {owner: ops}
    """

  static func mesh() async throws -> Mesh {
    let mesh = try Mesh(text)
    for key in ["by-command", "by-person"] { await mesh.change(key) { $0.listens = false } }
    return mesh
  }

  @Test func aCommandLeadsToTheJoinAndAPersonIsWaitedFor() async throws {
    let mesh = try await EnableSSHSimulationTests.mesh()
    let shown = try await mesh.applier().planned().plan
    #expect(shown.hosts.map(\.action) == [.join, .wait, .join])
    #expect(shown.hosts[0].steps.first == .enableSSH)
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.changed, .waiting, .changed])
    #expect(summary.outcomes[0].stepsDone.first == .enableSSH)
    #expect(summary.outcomes[0].stepsDone.contains(.approveRoutes))
    #expect(summary.outcomes[1].diagnostics.first?.code == .bootstrapPerson)
    #expect(summary.outcomes[1].diagnostics.first?.hint?.contains("bootstrap linux --line") == true)

    // The person has been there.
    await mesh.change("by-person") { $0.listens = true }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.inSync, .changed, .inSync])
    #expect(try await mesh.leftOver() == [])
  }

  @Test func aCommandThatFailsOrDoesNotHelpFailsItsHostOnly() async throws {
    let mesh = try await EnableSSHSimulationTests.mesh()
    await mesh.change("by-command") { $0.bootstrapWorks = false }
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.failed, .waiting, .changed])
    #expect(summary.outcomes[0].diagnostics.first?.code == .bootstrapCommand)
    #expect(await mesh.validKeys() == [])
  }

  /// Killed or cut at any effect, the next run converges.
  @Test(arguments: FaultPlan.Kind.allCases) func resumable(kind: FaultPlan.Kind) async throws {
    for effect in 1...4 {
      let mesh = try await EnableSSHSimulationTests.mesh()
      await mesh.change("by-person") { $0.listens = true }
      await mesh.world.plan(FaultPlan(kind, atEffect: effect))
      do { try await mesh.apply() } catch is SimulatedKill {} catch is Failure {}
      await mesh.world.revive()
      let summary = try await mesh.apply()
      #expect(
        summary.outcomes.allSatisfy { [.changed, .inSync].contains($0.result) },
        "\(kind) at \(effect): \(summary.outcomes)")
      #expect(try await mesh.leftOver() == [], "\(kind) at \(effect)")
    }
  }

  @Test func aWorldFileSaysWhereSSHIsMissing() async throws {
    let mesh = try await EnableSSHSimulationTests.mesh()
    await mesh.change("by-command") { $0.bootstrapWorks = false }
    let world = try World(parsing: await mesh.world.world().text)
    #expect(world.hosts["by-command"]?.listens == false)
    #expect(world.hosts["by-command"]?.bootstrapWorks == false)
    #expect(world.hosts["fine"]?.listens == true)
  }
}
