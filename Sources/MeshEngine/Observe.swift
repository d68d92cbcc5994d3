package import MeshCore

/// The observing half of the engine: it is given ports without any writing method.
package struct Observer: Sendable {
  package let ports: ReadOnlyPorts
  /// How many hosts are probed at once.
  package let parallelism: Int

  package init(ports: ReadOnlyPorts, parallelism: Int) {
    self.ports = ports
    self.parallelism = parallelism
  }

  /// The few list calls of one observation, without facts.
  ///
  /// - Throws: `Failure` when the server cannot be read; nothing was changed then.
  package func observeServer() async throws -> Observation {
    let server = try await ports.control.identify()
    let list = try await ports.control.nodes()
    let users = try await ports.control.users()
    let policy = try await ports.control.policy()
    return Observation(
      server: server, nodes: list.nodes, users: users, policy: policy, takenAt: list.serverTime)
  }

  /// Probes hosts, and reads the list once more where one reports a key that was not listed: only a
  /// list that is younger than the probe says that its node is gone (design §5).
  ///
  /// - Throws: `Failure` when the second list cannot be read.
  package func look(at hosts: [Host], into observation: inout Observation) async throws {
    observation.facts = try await probe(hosts)
    let listed = Set(observation.nodes.map(\.nodeKey))
    let isUnlisted = observation.facts.values.contains { result in
      guard case .facts(let facts) = result, let key = facts.client?.nodeKey else { return false }
      return !listed.contains(key)
    }
    guard isUnlisted else { return }
    let list = try await ports.control.nodes()
    observation.nodes = list.nodes
    observation.takenAt = list.serverTime ?? observation.takenAt
  }

  /// Probes hosts side by side; a dead host is data.
  package func probe(_ hosts: [Host]) async throws -> [String: ProbeResult] {
    let results = try await BoundedFanOut.run(hosts, width: parallelism) { host in
      let result = await ports.hosts.probe(host)
      try Task.checkCancellation()
      return (host.key, result)
    }
    return Dictionary(uniqueKeysWithValues: results)
  }
}
