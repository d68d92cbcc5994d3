import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Joins that wait for a person, in simulation") struct HandOverSimulationTests {
  static let text = """
    guards: {offline_after: 0s, max_deletes: off}
    hosts:
      win: {os: windows, owner: ops}
      lin: {owner: ops}
    """

  static func mesh(_ joins: SimulatedDesktop.JoinOverSSH) async throws -> Mesh {
    var mesh = try Mesh(text)
    mesh.parallelism = 1
    await mesh.change("win") { $0.desktop.joinOverSSH = joins }
    return mesh
  }

  @Test(arguments: [SimulatedDesktop.JoinOverSSH.drops, .hangs])
  func aPersonFinishesWhatSSHCannot(joins: SimulatedDesktop.JoinOverSSH) async throws {
    let mesh = try await HandOverSimulationTests.mesh(joins)
    let first = try await mesh.apply()
    #expect(first.outcomes.map(\.result) == [.waiting, .changed])
    #expect(first.outcomes[0].diagnostics.first?.code == .joinWaits)
    let waiting = try #require(await mesh.host("win").handOver)
    #expect(await mesh.validKeys().map { String($0.id) } == [waiting.keyID])

    // Nobody came yet: nothing is minted, and the host still waits.
    let minted = mesh.wire.all.minted
    #expect(try await mesh.apply().outcomes.map(\.result) == [.waiting, .inSync])
    #expect(mesh.wire.all.minted == minted)
    #expect(await mesh.host("win").handOver == waiting)

    await mesh.world.runWaitingScript(on: "win")
    #expect(await mesh.host("win").handOver == nil)
    #expect(try await mesh.applier().planned().plan.hosts.allSatisfy { $0.action == .none })
    #expect(try await mesh.leftOver() == [])
    #expect(await mesh.validKeys() == [])
    #expect(await mesh.server().nodes.count == 2)
  }

  @Test func theDesktopsOwnSessionJoinsAtOnce() async throws {
    let mesh = try await HandOverSimulationTests.mesh(.hangs)
    await mesh.change("win") {
      $0.desktop.loggedOn = "Docker"
      $0.desktop.taskJoins = true
    }
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.changed, .changed], "\(summary.outcomes)")
    #expect(await mesh.validKeys() == [])
  }

  /// Nobody came for a day: the old key is expired, and one other waits.
  @Test func aKeyThatEndedIsReplacedByOne() async throws {
    let mesh = try await HandOverSimulationTests.mesh(.hangs)
    try await mesh.apply()
    let old = try #require(await mesh.host("win").handOver)
    try await mesh.world.clock.sleep(seconds: Double(HandOver.lifetime) + 1)
    #expect(try await mesh.apply().outcomes.map(\.result) == [.waiting, .inSync])
    let new = try #require(await mesh.host("win").handOver)
    #expect(new.keyID != old.keyID)
    #expect(await mesh.validKeys().map { String($0.id) } == [new.keyID])
  }

  /// Whatever happens at whatever effect: no key lives long but the one that waits on the host, and
  /// with the person's help the next runs converge.
  @Test(arguments: FaultPlan.Kind.allCases) func resumable(kind: FaultPlan.Kind) async throws {
    let smooth = try await HandOverSimulationTests.mesh(.hangs)
    try await smooth.apply()
    let count = await smooth.world.effectCount
    #expect(count > 8)
    for effect in 1...count {
      let mesh = try await HandOverSimulationTests.mesh(.hangs)
      await mesh.world.plan(FaultPlan(kind, atEffect: effect))
      let applier = mesh.applier()
      do {
        _ = try await applier.execute(try await applier.planned())
        _ = await applier.cleanUp()
      } catch is SimulatedKill {} catch {
        _ = await applier.cleanUp()
      }
      await mesh.world.revive()
      for _ in 1...2 {
        try await mesh.apply()
        await mesh.world.runWaitingScript(on: "win")
      }
      let said = "\(kind) at effect \(effect) of \(count)"
      #expect(try await mesh.leftOver() == [], "\(said)")
      #expect(await mesh.server().nodes.count == 2, "\(said)")
      #expect(await mesh.ledger.leftOver() == [], "\(said)")
      let waits = await mesh.host("win").handOver?.keyID
      for key in await mesh.validKeys() {
        let life = key.expiration.seconds(since: key.createdAt)
        #expect(life <= 900 || String(key.id) == waits, "\(said): key #\(key.id) lives \(life) s")
      }
    }
  }
}
