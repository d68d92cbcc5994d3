package import MeshCore

/// Has hosts ask whom they reach, side by side, one round trip each.
///
/// It changes nothing anywhere.
package struct VerifyRun: Sendable {
  private let reaching: any HostReaching
  private let inventory: Inventory
  /// How many hosts ask at once.
  private let parallelism: Int
  private let simulated: Bool

  package init(
    reaching: any HostReaching, inventory: Inventory, parallelism: Int, simulated: Bool
  ) {
    self.reaching = reaching
    self.inventory = inventory
    self.parallelism = parallelism
    self.simulated = simulated
  }

  /// The two calls that tell who is on the mesh.
  ///
  /// - Throws: `Failure` when the server cannot be read; nobody was asked then.
  package static func observe(_ control: any ControlPlaneReading) async throws -> Observation {
    let server = try await control.identify()
    let list = try await control.nodes()
    return Observation(
      server: server, nodes: list.nodes, users: nil, policy: .unknown, takenAt: list.serverTime)
  }

  /// How many peers a changed host asks, and how many ask it back.
  package static let peersOfChanged = 10

  /// Has the hosts that a run changed ask their peers, and peers ask back.
  ///
  /// A failure is a finding of the summary: what the run changed is changed.
  ///
  /// - Parameters:
  ///   - summary: of the run; takes the report.
  ///   - control: the list is read again, since there are new nodes.
  ///   - now: decides which peers.
  package func add(
    to summary: inout RunSummary, control: any ControlPlaneReading, now: Timestamp
  ) async {
    let present = Set(inventory.hosts.filter { $0.state == .present }.map(\.key))
    let changed = Set(summary.outcomes.filter { $0.result == .changed }.map(\.host))
      .intersection(present)
    guard !changed.isEmpty else { return }
    do {
      let observation = try await VerifyRun.observe(control)
      let roster = ReachRoster(inventory: inventory, observation: observation, now: now)
      let plan = ReachPlan(
        roster: roster, hosts: inventory.hosts, changed: changed, size: VerifyRun.peersOfChanged,
        now: now)
      summary.reach = try await run(plan, observation: observation)
    } catch is CancellationError {
      summary.diagnostics.append(
        Diagnostic(
          .reachNotAsked, .warning, "interrupted before the changed hosts had asked their peers",
          hint: "meshctl verify"))
    } catch {
      summary.diagnostics.append(Failure(any: error).diagnostic)
    }
  }

  /// Asks everything that a plan has.
  ///
  /// - Parameters:
  ///   - plan: who asks whom.
  ///   - observation: that it was made from.
  ///   - progress: called as hosts end; from many tasks, in any order.
  /// - Returns: the report; a host that cannot be asked is in it.
  /// - Throws: `CancellationError`.
  package func run(
    _ plan: ReachPlan, observation: Observation,
    progress: @escaping @Sendable (String, ReachAnswer) async -> Void = { _, _ in }
  ) async throws -> ReachReport {
    let hosts = Dictionary(
      inventory.hosts.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let answers = try await BoundedFanOut.run(plan.questions, width: parallelism) { question in
      guard let host = hosts[question.host] else { return (question.host, nil as ReachAnswer?) }
      let answer = await reaching.reach(question.targets, from: host)
      try Task.checkCancellation()
      await progress(question.host, answer)
      return (question.host, answer)
    }
    var byHost: [String: ReachAnswer] = [:]
    for (host, answer) in answers { byHost[host] = answer }
    return ReachReport(
      plan, answers: byHost, inventory: inventory, observation: observation, simulated: simulated)
  }
}
