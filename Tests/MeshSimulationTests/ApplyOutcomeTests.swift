import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Synchronization
import Testing

@Suite("How an apply ends")
struct ApplyOutcomeTests {
  private static let gone = Failure(
    DiagnosticCode(rawValue: "MESH-TEST-GONE"), "the server is gone", hint: "wait")

  private func applier(_ mesh: Mesh, _ control: FakeControlPlane) -> Applier {
    var ports = mesh.ports()
    ports.control = control
    return Applier(request: mesh.request(), ports: ports)
  }

  @Test func aListThatFailsAfterTheWorkLosesNoOutcome() async throws {
    let mesh = try Mesh("hosts: {one: {owner: ops}, two: {owner: ops}, bad: {owner: ops}}")
    await mesh.change("bad") { $0.faults.installFailsAt = "key" }
    let real = SimulatedControlPlane(mesh.world)
    var control = FakeControlPlane(over: real)
    control.onNodes = {
      // Both joined hosts have been seen online: the next look is the one after the round.
      let waited = mesh.events.all.count {
        if case .stepOK(.join, _) = $0.kind { true } else { false }
      }
      guard waited < 2 else { throw ApplyOutcomeTests.gone }
      return try await real.nodes()
    }
    let applier = applier(mesh, control)

    let summary = try await applier.execute(try await applier.planned())

    #expect(summary.outcomes.map(\.result) == [.failed, .failed, .failed])
    #expect(summary.outcomes[0].diagnostics.map(\.code) == [.notVerified])
    #expect(summary.outcomes[0].stepsDone.contains(.join))
    #expect(summary.outcomes[2].diagnostics.map(\.code) == [.installKey])
    #expect(summary.diagnostics.map(\.code.rawValue) == ["MESH-TEST-GONE"])
    #expect(
      mesh.events.lines(of: "one").suffix(2) == [
        "failed verify MESH-VERIFY-DIFFERS", "done failed",
      ])
    #expect(try await mesh.apply().outcomes.map(\.result) == [.inSync, .inSync, .failed])
  }

  @Test func theSameStepsAreNotTriedAgainWhereTheServerUndoesThem() async throws {
    let mesh = try Mesh("hosts: {one: {tags: [tag:web]}}")
    try await mesh.apply()
    let id = try #require(await mesh.node("one")).id
    let undo: @Sendable () async throws -> Void = {
      try await mesh.world.withServer { server, now in
        _ = try server.setTags(node: id, tags: ["tag:db"], now: now)
      }
    }
    try await undo()
    let real = SimulatedControlPlane(mesh.world)
    var control = FakeControlPlane(over: real)
    control.onSetTags = { node, tags in
      try await real.setTags(nodeID: node, tags: tags)
      try await undo()
    }
    let applier = applier(mesh, control)

    let summary = try await applier.execute(try await applier.planned())

    #expect(summary.rounds == 1)
    #expect(summary.outcomes.map(\.result) == [.failed])
    #expect(summary.outcomes[0].stepsDone == [.setTags])
    #expect(summary.outcomes[0].diagnostics.map(\.code) == [.notVerified])
  }

  @Test func aRoundWithoutProgressIsTheLast() async throws {
    let mesh = try Mesh("hosts: {one: {owner: ops}}")
    await mesh.change("one") { $0.faults.diesDuring = .elevate }
    let summary = try await mesh.apply()
    #expect(summary.rounds == 1)
    #expect(summary.outcomes.map(\.result) == [.failed])
    #expect(summary.outcomes[0].stepsDone == [])
  }

  @Test func everyKindOfEndInOneRun() async throws {
    let mesh = try Mesh(
      """
      hosts:
        same: {owner: ops}
        new: {owner: ops}
        broken: {owner: ops}
        held: {tags: [tag:web]}
        asks: {owner: ops}
      """,
      seed: Mesh.seed(nodes: [ApplyOutcomeTests.node("1", "same")]))
    await mesh.world.withServer { server, _ in
      server.adopt(ServerNode.stranger(called: "held", id: 90))
    }
    await mesh.change("broken") { $0.faults.joinTimesOut = true }
    await mesh.change("asks") { $0.privilege = .sudoPassword }

    let summary = try await mesh.apply()

    #expect(
      summary.outcomes.map(\.result) == [.inSync, .changed, .failed, .blocked, .waiting])
    #expect(mesh.events.lines(of: "new").suffix(2) == ["ok verify", "done changed"])
    #expect(mesh.events.lines(of: "same") == [])
    #expect(mesh.events.lines(of: "asks") == ["waits MESH-ELEVATE-PASSWORD", "done waiting"])
  }

  @Test func usersAreReadAgainAfterOneWasCreated() async throws {
    let mesh = try Mesh("hosts: {one: {owner: office, routes: [10.0.0.0/24]}}")
    let shown = try await mesh.applier().planned()
    #expect(shown.plan.usersToCreate == ["office"])
    // The second round compares the owner with the new user.
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed])
    #expect(await mesh.server().users.map(\.name) == ["ops", "office"])
  }

  @Test func noUserIsCreatedForAHostThatCannotJoin() async throws {
    let mesh = try Mesh("hosts: {one: {owner: office}}")
    await mesh.change("one") { $0.faults.unreachable = true }
    #expect(try await mesh.applier().planned().plan.usersToCreate == [])
    #expect(try await mesh.apply().outcomes.map(\.result) == [.blocked])
    #expect(await mesh.server().users.map(\.name) == ["ops"])
  }

  @Test func aRunningClientThatTheServerLostIsBroughtBack() async throws {
    let mesh = try Mesh("guards: {offline_after: 0s}\nhosts: {one: {owner: ops}}")
    try await mesh.apply()
    await mesh.world.withServer { server, _ in server.restart() }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed])
    #expect(await mesh.node("one")?.isOnline(at: mesh.world.clock.now()) == true)
  }

  static func node(_ id: String, _ name: String) -> MeshNode {
    var node = MeshNode(id: id, machineKey: "", nodeKey: "", hostname: name, givenName: name)
    node.user = MeshUser(id: "1", name: "ops")
    node.online = true
    return node
  }
}
