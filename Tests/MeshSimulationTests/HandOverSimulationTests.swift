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

  /// A host that is to be off the mesh is not joined by what waits there.
  @Test(arguments: [SimulatedDesktop.JoinOverSSH.drops, .hangs])
  func anAbsentHostIsNotJoinedAnyMore(joins: SimulatedDesktop.JoinOverSSH) async throws {
    let mesh = try await HandOverSimulationTests.mesh(joins)
    try await mesh.apply()
    let gone = try Mesh(
      HandOverSimulationTests.text.replacing("os: windows,", with: "os: windows, state: absent,"),
      over: mesh)
    _ = try await gone.apply(probe: true)
    if joins == .drops {
      #expect(await gone.host("win").handOver == nil)
      #expect(await gone.validKeys() == [])
    }
  }

  /// Another server, another script: what waits is replaced, and its key ended.
  @Test func anotherLoginServerReplacesWhatWaits() async throws {
    let mesh = try await HandOverSimulationTests.mesh(.hangs)
    try await mesh.apply()
    let old = try #require(await mesh.host("win").handOver)
    await mesh.change("win") { $0.handOver?.url = "https://elsewhere.example.com" }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.waiting, .inSync])
    let new = try #require(await mesh.host("win").handOver)
    #expect(new.keyID != old.keyID && new.url != "https://elsewhere.example.com")
    #expect(await mesh.validKeys().map { String($0.id) } == [new.keyID])
  }

  /// A refused key does not make a new one before the day is over.
  @Test func oneKeyADay() async throws {
    let mesh = try await HandOverSimulationTests.mesh(.hangs)
    try await mesh.apply()
    await mesh.change("win") { $0.handOver?.result = "failed: backend error: authkey already used" }
    let minted = mesh.wire.all.minted
    for _ in 1...3 { #expect(try await mesh.apply().outcomes[0].result == .waiting) }
    #expect(mesh.wire.all.minted == minted)
  }

  /// Hosts whose direct join left a node are no replacements, however many they are.
  @Test func droppedJoinsAreNotCountedByTheGuards() async throws {
    var mesh = try Mesh("hosts: {one: {os: windows, owner: ops}, two: {os: windows, owner: ops}}")
    mesh.parallelism = 1
    for key in ["one", "two"] { await mesh.change(key) { $0.desktop.joinOverSSH = .drops } }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.waiting, .waiting])
    // The nodes are there, offline and young; the hosts wait all the same.
    #expect(try await mesh.apply().outcomes.map(\.result) == [.waiting, .waiting])
    try await mesh.world.clock.sleep(seconds: Double(HandOver.lifetime) + 1)
    #expect(try await mesh.apply().outcomes.map(\.result) == [.waiting, .waiting])
    for key in ["one", "two"] { await mesh.world.runWaitingScript(on: key) }
    #expect(try await mesh.leftOver() == [])
    #expect(await mesh.server().nodes.count == 2)
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
