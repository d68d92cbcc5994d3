import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 4: no state file decides what to do")
struct NoStateFile {
  // Effects of this run: create-user, elevate, check, install, mint, join, …
  @Test(arguments: 2...8)
  func aLostLedgerCostsOnlyTheLifeOfAKey(effect: Int) async throws {
    let mesh = try Mesh("hosts: {solo: {owner: office}}")
    await mesh.world.plan(FaultPlan(.kill, atEffect: effect))
    let dead = mesh.applier()
    _ = try? await dead.execute(try await dead.planned())
    for id in await mesh.ledger.leftOver() { await mesh.ledger.remove(keyID: id) }

    await mesh.world.revive()
    try await mesh.apply()

    #expect(try await mesh.leftOver() == [])
    #expect(await mesh.server().nodes.map(\.givenName) == ["solo"])
    mesh.world.clock.advance(seconds: 900)
    #expect(await mesh.validKeys() == [])
  }
}
