package import MeshCore

/// Has hosts ask whom they reach, side by side, one round trip each. It changes nothing anywhere.
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
