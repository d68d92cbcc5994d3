import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Synchronization
import Testing

@Suite("Law 7: secrets", .timeLimit(.minutes(1)))
struct Secrets {
  private static let password = "correct-horse-battery"

  private func mesh() async throws -> Mesh {
    var mesh = try Mesh(
      """
      hosts:
        alpha: {tags: [tag:web], routes: [10.0.0.0/24]}
        beta: {owner: office, become: {password: {env: BETA_SUDO}}}
        gamma: {owner: ops}
      """)
    mesh.passwords = ["beta": Secret(Secrets.password)]
    await mesh.change("beta") {
      $0.privilege = .sudoPassword
      $0.becomePassword = Secret(Secrets.password)
    }
    await mesh.world.plan(nil)
    return mesh
  }

  /// Everything that is shown, kept or sent as a parameter.
  private func said(_ mesh: Mesh, _ shown: ShownPlan, _ summary: RunSummary?) -> String {
    let log = mesh.wire.all
    return mesh.events.text + Report.plan(shown.plan, as: .json, style: TextStyle())
      + Report.plan(shown.plan, as: .text, style: TextStyle()) + String(describing: shown)
      + String(describing: summary) + String(describing: log.calls)
      + String(describing: log.requests) + String(describing: log.answers)
  }

  @Test(arguments: [nil] + ScriptName.allCases)
  func noSecretIsSaidAnywhere(dying: ScriptName?) async throws {
    let mesh = try await mesh()
    await mesh.change("gamma") { $0.faults.diesDuring = dying }
    let applier = mesh.applier()
    let shown = try await applier.planned()
    let summary = try await applier.execute(shown)
    _ = await applier.cleanUp()

    let text = said(mesh, shown, summary) + (await mesh.world.world().text)
    let secrets = mesh.wire.all.secrets
    #expect(secrets.contains(Secrets.password))
    #expect(secrets.contains { $0.hasPrefix("hskey-auth-") })
    for secret in Set(secrets) {
      #expect(!text.contains(secret))
      // The secret half alone opens as much as the whole.
      #expect(!text.contains(secret.suffix(40)))
    }
    #expect(await mesh.validKeys() == [])
    #expect(await mesh.ledger.leftOver() == [])
  }

  @Test func keysAreSingleUseAndShort() async throws {
    let mesh = try await mesh()
    try await mesh.apply()
    let keys = await mesh.server().preAuthKeys
    #expect(keys.count == 3)
    for key in keys {
      #expect(!key.reusable)
      #expect(!key.ephemeral)
      #expect(key.used)
      #expect(key.expiration.seconds(since: key.createdAt) <= 900)
    }
  }

  @Test(arguments: ["download", "key", "update", "install"])
  func noKeyIsMintedForAHostThatDoesNotGetThatFar(stage: String) async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}}")
    await mesh.change("alpha") { $0.faults.installFailsAt = stage }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.failed])
    #expect(await mesh.server().preAuthKeys == [])
  }

  @Test func aRefusedJoinExpiresItsKeyAndClearsTheClient() async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}}")
    await mesh.change("alpha") { $0.faults.joinTimesOut = true }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.failed])
    #expect(await mesh.server().preAuthKeys.count == 1)
    #expect(await mesh.validKeys() == [])
    #expect(mesh.wire.all.calls.map(\.call.script).last == .clearKey)
  }

  @Test func aKeyThatDidItsWorkIsLeftAlone() async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}}")
    // Registered, but never online: the key is used, so nothing is expired and nothing restarted.
    let real = SimulatedControlPlane(mesh.world)
    var control = FakeControlPlane(over: real)
    control.onNodes = {
      var list = try await real.nodes()
      for index in list.nodes.indices { list.nodes[index].online = false }
      return list
    }
    var ports = mesh.ports()
    ports.control = control
    let applier = Applier(request: mesh.request(), ports: ports)
    let summary = try await applier.execute(try await applier.planned())
    #expect(summary.outcomes.map(\.result) == [.failed])
    #expect(summary.outcomes[0].diagnostics.map(\.code) == [.joinNotOnline])
    let key = try #require(await mesh.server().preAuthKeys.first)
    #expect(key.used && key.expiration > mesh.world.clock.now())
    #expect(!mesh.wire.all.calls.map(\.call.script).contains(.clearKey))
    #expect(await mesh.ledger.leftOver() == [])
  }

  @Test(arguments: [ScriptName.elevate, .checkServer, .installApt, .join])
  func ctrlCExpiresEveryKey(script: ScriptName) async throws {
    let mesh = try await mesh()
    let applier = mesh.applier()
    let shown = try await applier.planned()
    let (reached, signal) = AsyncStream<Void>.makeStream()
    mesh.wire.before.withLock {
      $0 = { call, host in
        guard call.script == script, host.key == "alpha" else { return }
        signal.yield()
        try await Task.sleep(for: .seconds(30))
      }
    }
    let run = Task { try await applier.execute(shown) }
    for await _ in reached { break }
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }

    #expect(await applier.cleanUp() == [])
    #expect(await mesh.validKeys() == [])
    #expect(await mesh.ledger.leftOver() == [])

    mesh.wire.before.withLock { $0 = { _, _ in } }
    let next = try await mesh.apply()
    #expect(next.outcomes.allSatisfy { [.changed, .inSync].contains($0.result) })
  }

  @Test func theNextRunExpiresWhatAKillLeft() async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}}")
    // elevate, check-server, install, start, mint, then the kill.
    await mesh.world.plan(FaultPlan(.kill, atEffect: 6))
    let dead = mesh.applier()
    await #expect(throws: SimulatedKill.self) { try await dead.execute(try await dead.planned()) }
    await mesh.world.revive()
    #expect(await mesh.validKeys().count == 1)
    #expect(await mesh.ledger.leftOver().count == 1)

    let shown = try await mesh.applier().planned()

    #expect(shown.plan.diagnostics == [])
    #expect(await mesh.validKeys() == [])
    #expect(await mesh.ledger.leftOver() == [])
  }
}
