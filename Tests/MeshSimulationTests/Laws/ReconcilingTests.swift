import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Whatever state a mesh is in, one apply brings it to the inventory")
struct ReconcilingTests {
  @Test(arguments: Reconciling.allCases)
  func oneApplyIsEnough(what: Reconciling) async throws {
    let mesh = try await what.mesh()
    let summary = try await mesh.apply(probe: true)

    for outcome in summary.outcomes {
      #expect([.inSync, .changed].contains(outcome.result), "\(outcome)")
    }
    #expect(try await mesh.leftOver() == [])
    #expect(Set(await mesh.server().nodes.map(\.givenName)) == what.names)
    #expect(await mesh.validKeys() == [])
  }

  @Test func whatLooksWrongFromTheServerNeedsNoProbeOfAll() async throws {
    // Who swapped names without a pin, and who is joined elsewhere under another name, only tells by a probe.
    let hidden: [Reconciling] = [.swapProven, .moved, .swapPastAnOfflineHolder]
    for what in Reconciling.allCases where !hidden.contains(what) {
      let mesh = try await what.mesh()
      try await mesh.apply()
      #expect(try await mesh.leftOver() == [], "\(what)")
    }
  }

  @Test(arguments: Reconciling.allCases, FaultPlan.Kind.allCases)
  func everyEffectMayGoWrong(what: Reconciling, kind: FaultPlan.Kind) async throws {
    let smooth = try await what.mesh()
    try await smooth.apply(probe: true)
    let count = await smooth.world.effectCount
    #expect(count > 1)
    for effect in 1...count {
      let mesh = try await what.mesh()
      await mesh.world.plan(FaultPlan(kind, atEffect: effect))
      await run(mesh, kind)
      await mesh.world.revive()
      let said = "\(kind) at effect \(effect) of \(count)"

      // What was interrupted may need one run to find its way, and one to finish.
      try await mesh.apply(probe: true)
      try await mesh.apply(probe: true)

      #expect(try await mesh.leftOver() == [], "\(said)")
      let nodes = await mesh.server().nodes
      // A record that the interrupted run parked may wait for its age.
      let current = nodes.filter { !$0.givenName.hasSuffix("-old-\($0.id)") }
      #expect(
        Set(current.map(\.givenName)) == what.names.filter { !$0.contains("-old-") }, "\(said)")
      #expect(current.count == what.names.count { !$0.contains("-old-") }, "\(said)")
      if what == .ownerChangeUnmanagedRoutes {
        #expect(await mesh.node("beta")?.approvedRoutes == ["192.168.7.0/24"], "\(said)")
      }
    }
  }

  private func run(_ mesh: Mesh, _ kind: FaultPlan.Kind) async {
    let applier = mesh.applier(probe: true)
    do {
      _ = try await applier.execute(try await applier.planned())
    } catch is SimulatedKill {
      return
    } catch {
      Issue.record("\(kind): \(error)")
    }
    _ = await applier.cleanUp()
  }

  /// A cron run probes nobody who looks right, and must still find what a kill left.
  @Test func withoutAProbeOfAllTheFormerRecordOfAKilledOwnerChangeGoes() async throws {
    let smooth = try await Reconciling.ownerChange.mesh()
    try await smooth.apply()
    let count = await smooth.world.effectCount
    var parked = 0
    for effect in 1...count {
      let mesh = try await Reconciling.ownerChange.mesh()
      await mesh.world.plan(FaultPlan(.killAfter, atEffect: effect))
      let applier = mesh.applier()
      _ = try? await applier.execute(try await applier.planned())
      await mesh.world.revive()
      let left = await mesh.server().nodes.filter { $0.givenName.hasPrefix("beta-old") }
      let joined = await mesh.node("beta") != nil
      if !left.isEmpty, joined { parked += 1 }

      try await mesh.apply()
      try await mesh.apply()

      #expect(
        Set(await mesh.server().nodes.map(\.givenName)) == ["alpha", "beta", "gamma-three"],
        "killed after effect \(effect) of \(count)")
    }
    #expect(parked > 0)
  }

  // MARK: One by one

  @Test func aReinstalledHostTakesItsNameAndItsTwinGoesByAge() async throws {
    let mesh = try await Reconciling.reinstalled.mesh()
    let old = try #require(await mesh.node("alpha"))
    try await mesh.apply()
    let new = try #require(await mesh.node("alpha"))
    #expect(new.machineKey != old.machineKey)
    #expect(new.tags == ["tag:web"])
    #expect(await mesh.node("alpha-old-1")?.machineKey == old.machineKey)

    mesh.world.clock.advance(seconds: 86_000)
    try await mesh.apply()
    #expect(await mesh.node("alpha-old-1") != nil)

    mesh.world.clock.advance(seconds: 500)
    let summary = try await mesh.apply()
    #expect(summary.nodes.map(\.reason) == [.parkedTwin])
    #expect(await mesh.node("alpha-old-1") == nil)
    #expect(try await mesh.leftOver() == [])
  }

  @Test func aLoggedOutHostGetsItsOwnNodeBack() async throws {
    let mesh = try await Reconciling.loggedOut.mesh()
    let old = try #require(await mesh.node("alpha"))
    try await mesh.apply()
    let now = try #require(await mesh.node("alpha"))
    #expect(now.id == old.id)
    #expect(await mesh.server().nodes.count == 3)
  }

  @Test func anOwnerChangeReplacesTheNodeAndKeepsWhatNobodyManages() async throws {
    let mesh = try await Reconciling.ownerChangeUnmanagedRoutes.mesh()
    let old = try #require(await mesh.node("beta"))
    try await mesh.apply()
    let new = try #require(await mesh.node("beta"))
    #expect(new.id != old.id)
    #expect(new.machineKey == old.machineKey)
    #expect(new.userID == 1)
    #expect(new.approvedRoutes == ["192.168.7.0/24"])
    #expect(await mesh.server().nodes.count == 3)
  }

  @Test func anExpiredNodeStaysTheSameNode() async throws {
    for (what, name) in [(Reconciling.expiredOwned, "beta"), (.expiredTagged, "alpha")] {
      let mesh = try await what.mesh()
      let old = try #require(await mesh.node(name))
      try await mesh.apply()
      let now = try #require(await mesh.node(name))
      #expect(now.id == old.id)
      #expect(now.expiry == nil || now.expiry?.isZeroTime == true)
    }
  }

  /// A stopped daemon tells no key, so its login might be a forced one.
  @Test func theLoginOfAStoppedClientCountsToo() async throws {
    let first = try Mesh(Mesh.three)
    try await first.apply()
    let beta = try #require(await first.node("beta")).id
    let gamma = try #require(await first.node("gamma-three")).id
    let pin = try #require(await first.node("gamma-three")).machineKey
    try await first.world.withServer { server, now in
      _ = try server.expire(node: beta, now: now)
      _ = try server.expire(node: gamma, now: now)
    }
    await first.stopClient("gamma")
    first.world.clock.advance(seconds: 2)
    let mesh = try Mesh(
      """
      guards: {max_deletes: 1, offline_after: 0s}
      hosts:
        alpha: {tags: [tag:web]}
        beta: {owner: office}
        gamma: {owner: office, name: gamma-three, machine_key: '\(pin)'}
      """, over: first)
    let keys = await mesh.server().nodes.map(\.nodeKey)
    let summary = try await mesh.apply(probe: true)
    #expect(summary.outcomes.map(\.result) == [.inSync, .blocked, .blocked])
    #expect(await mesh.server().nodes.map(\.nodeKey) == keys)
  }

  @Test func aSquattedParkedNameIsSaidBeforeAnythingIsDone() async throws {
    let mesh = try await Reconciling.ownerChange.mesh()
    let id = try #require(await mesh.node("beta")).id
    await mesh.world.withServer { server, _ in
      server.adopt(.stranger(called: "beta-old-\(id)", id: 90))
    }
    let effects = await mesh.world.effectCount
    let summary = try await mesh.apply(probe: true)
    #expect(summary.outcomes.map(\.result) == [.inSync, .blocked, .inSync])
    #expect(await mesh.world.effectCount == effects)
  }

  @Test func anAbsentHostOnAnotherMeshKeepsItsClient() async throws {
    let first = try Mesh(Mesh.three)
    try await first.apply()
    let pin = try #require(await first.node("beta")).machineKey
    await first.change("beta") {
      $0.client?.nodeKey = "nodekey:" + String(repeating: "7", count: 64)
      $0.client?.preferences.controlURL = "https://elsewhere.example.net"
    }
    let mesh = try Mesh(
      """
      guards: {max_deletes: 1, confirm_after: 0s}
      hosts:
        beta: {state: absent, machine_key: '\(pin)'}
      """, over: first)
    try await mesh.apply()
    #expect(await mesh.node("beta") == nil)
    #expect(await mesh.host("beta").client?.preferences.wantRunning == true)
  }

  @Test func anAbsentHostIsTakenDownToo() async throws {
    let mesh = try await Reconciling.absent.mesh()
    try await mesh.apply()
    #expect(await mesh.host("beta").client?.preferences.wantRunning == false)
    #expect(await mesh.host("beta").client?.preferences.loggedOut == false)
  }

  @Test func aHostOfAnotherServerStaysThereUnlessItMayBeMoved() async throws {
    var mesh = try await Reconciling.moved.mesh()
    mesh.flags.allowMove = false
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.inSync, .blocked, .inSync])
    let url = await mesh.host("beta").client?.preferences.controlURL
    #expect(url == "https://elsewhere.example.net")
  }
}
