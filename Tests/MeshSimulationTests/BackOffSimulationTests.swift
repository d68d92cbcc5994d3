import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Synchronization
import Testing

@Suite("A run that nobody watches, every few minutes")
struct BackOffSimulationTests {
  private static let text = """
    guards: {offline_after: 0s, max_deletes: off}
    hosts: {alpha: {owner: ops}, beta: {owner: ops}}
    """

  private func mesh() throws -> Mesh {
    var mesh = try Mesh(BackOffSimulationTests.text)
    mesh.backsOff = true
    return mesh
  }

  /// Runs every `every` seconds for `length` seconds; how often alpha was probed by hour.
  private func probes(
    of mesh: Mesh, every: Int64, length: Int64
  ) async throws -> [Int64] {
    var tried: [Int64] = []
    let start = mesh.world.clock.now()
    while mesh.world.clock.now().seconds(since: start) < length {
      let began = mesh.world.clock.now()
      let summary = try await mesh.apply()
      let alpha = summary.outcomes.first { $0.host == "alpha" }
      if alpha?.diagnostics.contains(where: { $0.code == .backedOff || $0.code == .waitsStill })
        == false
      {
        tried.append(began.seconds(since: start))
      }
      let rest = every - mesh.world.clock.now().seconds(since: began)
      if rest > 0 { mesh.world.clock.advance(seconds: Double(rest)) }
    }
    return tried
  }

  @Test func aDeadHostIsTriedLessAndLessAndTheOtherConverges() async throws {
    let mesh = try mesh()
    await mesh.change("alpha") { $0.faults.unreachable = true }
    let tried = try await probes(of: mesh, every: 300, length: 2 * 86_400)
    #expect(tried.count < 12 + 24 + 3)
    #expect(tried.count > 12 + 20)
    #expect(await mesh.node("beta") != nil)
    let summary = try await mesh.apply()
    // Counted as failed meanwhile.
    #expect(summary.outcomes.map(\.result) == [.blocked, .inSync])
  }

  @Test func retryNowTriesAtOnce() async throws {
    var mesh = try mesh()
    await mesh.change("alpha") { $0.faults.unreachable = true }
    _ = try await probes(of: mesh, every: 300, length: 86_400)
    await mesh.change("alpha") { $0.faults.unreachable = false }
    #expect(try await mesh.apply().outcomes.first?.diagnostics.first?.code == .backedOff)
    mesh.backsOff = false
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed, .inSync])
    // What worked is forgotten.
    #expect(await mesh.attempts.recall().isEmpty)
  }

  @Test func anEditOfItsEntryTriesAtOnce() async throws {
    let mesh = try mesh()
    await mesh.change("alpha") { $0.faults.unreachable = true }
    _ = try await probes(of: mesh, every: 300, length: 86_400)
    await mesh.change("alpha") { $0.faults.unreachable = false }
    var edited = try Mesh(
      BackOffSimulationTests.text.replacing(
        "alpha: {owner: ops}", with: "alpha: {owner: ops, ssh: {connect_timeout: 5s}}"), over: mesh)
    edited.backsOff = true
    #expect(try await edited.apply().outcomes.map(\.result) == [.changed, .inSync])
  }

  @Test func whatWaitsForAPersonIsLookedAtSeldomAndIsDoneOncePossible() async throws {
    let mesh = try mesh()
    await mesh.change("alpha") { $0.privilege = .sudoPassword }
    let tried = try await probes(of: mesh, every: 300, length: 86_400)
    #expect((30...36).contains(tried.count))
    let waiting = try await mesh.apply()
    #expect(waiting.outcomes.first?.result == .waiting)
    #expect(waiting.outcomes.first?.diagnostics.first?.code == .waitsStill)
    await mesh.change("alpha") { $0.privilege = .sudo }
    mesh.world.clock.advance(seconds: 3600)
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed, .inSync])
  }

  /// Law 4: what is remembered, lost or made up decides only when a host is tried.
  @Test func anythingRememberedOnlyDelays() async throws {
    for seed in 0..<20 {
      let mesh = try mesh()
      let now = mesh.world.clock.now()
      let made = Attempt(
        situation: seed % 2 == 0 ? "made up" : "", since: now.adding(seconds: Int64(-seed) * 9999),
        last: now.adding(seconds: Int64(seed) - 10), count: seed + 1, code: .sshTimeout,
        waits: seed % 3 == 0)
      await mesh.attempts.remember(["alpha": made, "beta": made, "nobody": made])
      #expect(try await mesh.apply().outcomes.map(\.result) == [.changed, .changed])
      #expect(try await mesh.leftOver() == [])
      #expect(await mesh.attempts.recall().keys.sorted() == ["nobody"])
    }
  }

  /// Headscale fails for a day: no host is to blame, so the first run after it does everything.
  @Test func theServersFaultHoldsNobodyBack() async throws {
    let mesh = try mesh()
    mesh.wire.noKeys.withLock { $0 = Failure(.apiTimeout, "no answer") }
    for _ in 0..<24 {
      #expect(try await mesh.apply().outcomes.map(\.result) == [.failed, .failed])
      #expect(await mesh.attempts.recall().isEmpty)
      mesh.world.clock.advance(seconds: 3600)
    }
    mesh.wire.noKeys.withLock { $0 = nil }
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed, .changed])
  }

  /// A refusal may have the host's own wishes for a reason, so it counts.
  @Test func aRefusalHoldsBack() async throws {
    let mesh = try mesh()
    mesh.wire.noKeys.withLock { $0 = Failure(.apiRefused, "no such user") }
    let tried = try await probes(of: mesh, every: 300, length: 86_400)
    #expect((30...40).contains(tried.count))
  }

  /// `--probe` of a host that looks right from the server and cannot be reached.
  @Test func aHostThatOnlyAProbeMissesIsProbedSeldom() async throws {
    let mesh = try mesh()
    try await mesh.apply()
    await mesh.change("alpha") { $0.faults.unreachable = true }
    var probed = 0
    for _ in 0..<(86_400 / 300) {
      let applier = mesh.applier(probe: true)
      let shown = try await applier.planned()
      if shown.observation.facts["alpha"] != nil { probed += 1 }
      #expect(try await applier.execute(shown).outcomes.map(\.result) == [.inSync, .inSync])
      mesh.world.clock.advance(seconds: 300)
    }
    #expect((30...40).contains(probed))
  }

  /// What only `--probe` shows, and fails to be mended, is tried and counted in every run.
  @Test func whatOnlyAProbeShowsIsNeverHeldBack() async throws {
    let mesh = try Mesh("hosts: {alpha: {owner: ops}}")
    try await mesh.apply()
    var managing = try Mesh("hosts: {alpha: {owner: ops, accept_routes: true}}", over: mesh)
    managing.backsOff = true
    await managing.change("alpha") { $0.privilege = .refused }
    for _ in 0..<24 {
      let summary = try await managing.apply(probe: true)
      #expect(summary.outcomes.map(\.result) == [.blocked])
      #expect(summary.outcomes.first?.diagnostics.first?.code != .backedOff)
      managing.world.clock.advance(seconds: 3600)
    }
    #expect(await managing.attempts.recall().isEmpty)
  }
}
