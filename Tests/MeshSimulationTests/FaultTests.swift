import MeshCore
import MeshEngine
import MeshSimulation
import Testing

@Suite struct FaultTests {
  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch let failure as Failure {
      return failure.diagnostic.code.rawValue
    } catch {
      return "\(type(of: error))"
    }
  }

  @Test("An unreachable host fails its probe and its scripts")
  func unreachable() async throws {
    let bench = try Bench([Host("web1")])
    await bench.world.withHost("web1") { $0.faults.unreachable = true }
    #expect(await code { _ = try await bench.facts("web1") } == "MESH-SSH-UNREACHABLE")
    #expect(await code { _ = try await bench.run(.elevate, on: "web1") } == "MESH-SSH-UNREACHABLE")
  }

  @Test("sudo: the right password is taken, a wrong one and none are refused")
  func passwords() async throws {
    let bench = try Bench([Host("web1")])
    await bench.world.withHost("web1") {
      $0.privilege = .sudoPassword
      $0.becomePassword = Secret("right")
    }
    func elevate(_ elevation: Elevation) async -> String? {
      await code {
        let report = try await bench.run(.elevate, on: "web1", elevation: elevation)
        #expect(report.text("uid") == "0")
      }
    }
    #expect(await elevate(.sudoPassword(Secret("right"))) == nil)
    #expect(await elevate(.sudoPassword(Secret("wrong"))) == "MESH-ELEVATE-WRONG-PASSWORD")
    #expect(await elevate(.sudo) == "MESH-ELEVATE-PASSWORD")
    await bench.world.withHost("web1") { $0.privilege = .refused }
    #expect(await elevate(.sudo) == "MESH-ELEVATE-REFUSED")
    await bench.world.withHost("web1") { $0.privilege = .doas }
    #expect(await elevate(.doas) == nil)
    let unprivileged = try await bench.run(.elevate, on: "web1", elevation: .none)
    #expect(unprivileged.text("uid") == "1000")
  }

  @Test(
    "A failing installation names its stage", arguments: ["download", "key", "update", "install"])
  func installation(stage: String) async throws {
    let bench = try Bench([Host("web1")])
    await bench.world.withHost("web1") { $0.faults.installFailsAt = stage }
    let report = try await bench.run(.installApt, on: "web1", [.init("VERSION", "present")])
    #expect(report.sections["stage"] == ScriptReport.Section(status: 1, text: stage))
    #expect(report.text("version") == "")
    #expect(try await bench.facts("web1").client == nil)
  }

  @Test("A script that dies did its work; a join that times out did not")
  func scripts() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    try await bench.install("web1")
    await bench.world.withHost("web1") { $0.faults.joinTimesOut = true }
    #expect(try await bench.join("web1", []).status("up") == 1)
    #expect(try await bench.control.nodes().nodes.isEmpty)
    await bench.world.withHost("web1") {
      $0.faults.joinTimesOut = false
      $0.faults.diesDuring = .join
    }
    #expect(await code { _ = try await bench.join("web1", []) } == "MESH-SSH-LOST")
    #expect(try await bench.control.nodes().nodes.count == 1)
  }

  @Test("The n-th effect fails, dies, or loses its answer", arguments: FaultPlan.Kind.allCases)
  func plan(kind: FaultPlan.Kind) async throws {
    let bench = try Bench([Host("web1")])
    await bench.world.plan(FaultPlan(kind, atEffect: 2))
    try await bench.user("first")
    let code = await code { try await bench.user("second") }
    let isDone = kind == .dropAnswer || kind == .killAfter
    let isDead = kind == .kill || kind == .killAfter
    #expect(code == (isDead ? "SimulatedKill" : "MESH-API-TIMEOUT"))
    if isDead {
      #expect(await self.code { _ = try await bench.control.users() } == "SimulatedKill")
      #expect(await self.code { _ = try await bench.run(.elevate, on: "web1") } == "SimulatedKill")
      await bench.world.revive()
    }
    let names = try await bench.control.users().map(\.name)
    #expect(names == (isDone ? ["first", "second"] : ["first"]))
    try await bench.user("third")
  }

  @Test("A key whose answer got lost is expired at once; one that a kill left stays")
  func lostKey() async throws {
    let bench = try Bench([Host("web1")])
    try await bench.user("ops")
    for (kind, isLeft) in [(FaultPlan.Kind.dropAnswer, false), (.killAfter, true)] {
      await bench.world.plan(FaultPlan(kind, atEffect: 1))
      #expect(
        await code {
          _ = try await bench.control.createPreAuthKey(KeyRequest(owner: .user("ops")))
        } != nil)
      await bench.world.revive()
      let expiration = await bench.world.withServer { server, now in
        server.preAuthKeys.last.map { $0.expiration > now }
      }
      #expect(expiration == isLeft)
    }
  }

  @Test("Reads and probes are no effects")
  func counting() async throws {
    let bench = try Bench([Host("web1")])
    _ = try await bench.control.nodes()
    _ = try await bench.facts("web1")
    #expect(await bench.world.effectCount == 0)
    #expect(await bench.world.probeCount == 1)
    _ = try await bench.run(.elevate, on: "web1")
    #expect(await bench.world.effectCount == 1)
  }

  @Test("The control plane's refusals carry the adapter's codes")
  func control() async throws {
    let bench = try Bench([Host("web1")])
    let request = KeyRequest(owner: .user("nobody"))
    #expect(
      await code { _ = try await bench.control.createPreAuthKey(request) }
        == "MESH-API-USER-UNKNOWN")
    #expect(
      await code { try await bench.control.rename(nodeID: "9", to: "x") } == "MESH-API-NODE-GONE")
    try await bench.user("ops")
    #expect(await code { try await bench.user("ops") } == "MESH-API-REFUSED")
    try await bench.install("web1")
    _ = try await bench.join("web1", [])
    #expect(
      await code { try await bench.control.setTags(nodeID: "1", tags: ["tag:x"]) }
        == "MESH-API-TAGS")
    #expect(try await bench.control.policy() == .none)
    _ = try await bench.world.withServer { server, now in
      try server.setPolicy(#"{"tagOwners":{"tag:x":[]}}"#, now: now).text
    }
    #expect(try await bench.control.policy() == .tagOwners(["tag:x"]))
    try await bench.control.setTags(nodeID: "1", tags: ["tag:x"])
    #expect(try await bench.control.nodes().nodes[0].user == nil)
  }

  @Test("Below 0.29 keys of tagged hosts need an owner")
  func keyOwner() async throws {
    let bench = try Bench([], seed: WorldSeed(version: "0.28.0"))
    let request = KeyRequest(owner: .tags(["tag:x"], keyOwner: nil))
    #expect(
      await code { _ = try await bench.control.createPreAuthKey(request) } == "MESH-API-KEY-OWNER")
  }

  @Test("Virtual time: overlapping sleeps do not add up, a cancelled sleep throws")
  func clock() async throws {
    let clock = SimulatedClock(Timestamp(seconds: 100))
    try await withThrowingTaskGroup { group in
      for _ in 0..<3 { group.addTask { try await clock.sleep(seconds: 0.5) } }
      try await group.waitForAll()
    }
    #expect(clock.now() >= Timestamp(seconds: 100, nanoseconds: 500_000_000))
    #expect(clock.now() <= Timestamp(seconds: 101, nanoseconds: 500_000_000))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(seconds: 1000)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(clock.now() < Timestamp(seconds: 200))
  }
}
