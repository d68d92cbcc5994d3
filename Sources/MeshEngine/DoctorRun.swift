package import MeshCore

/// Looks at everything a run needs, and changes nothing anywhere.
///
/// What cannot be looked at is a finding; nothing stops the rest.
package struct DoctorRun: Sendable {
  /// What doctor is given.
  package struct Ports: Sendable {
    /// Why there is no control plane, where there is none.
    package var control: Result<any ControlPlaneReading & ServerExamining, Failure>
    package var hosts: any HostProbing & HostExamining
    package var clock: any EngineClock
    package var names: any NameResolving

    package init(
      control: Result<any ControlPlaneReading & ServerExamining, Failure>,
      hosts: any HostProbing & HostExamining, clock: any EngineClock, names: any NameResolving
    ) {
      self.control = control
      self.hosts = hosts
      self.names = names
      self.clock = clock
    }
  }

  private let ports: Ports
  private let inventory: Inventory
  private let parallelism: Int
  private let simulated: Bool

  package init(ports: Ports, inventory: Inventory, parallelism: Int, simulated: Bool) {
    self.ports = ports
    self.inventory = inventory
    self.parallelism = parallelism
    self.simulated = simulated
  }

  /// Looks at the server and at the selected hosts.
  ///
  /// - Parameters:
  ///   - selected: keys of hosts.
  ///   - url: where the API is, for words.
  /// - Returns: the report.
  /// - Throws: `CancellationError`.
  package func run(_ selected: Set<String>, url: String) async throws -> DoctorReport {
    let server = try await lookAtServer(url)
    var version: String?
    var listing: DoctorServer.NodeListing?
    if case .success(let identity) = server.identity { version = identity.version }
    if case .success(let list)? = server.nodes { listing = list }
    let hosts = inventory.hosts.filter { selected.contains($0.key) }
    let known = (version, listing)
    let parts = try await BoundedFanOut.run(hosts, width: parallelism) { host in
      let part = await lookAt(host, version: known.0, listing: known.1)
      try Task.checkCancellation()
      return part
    }
    return DoctorReport(
      inventory: inventory, serverURL: url, simulated: simulated, server: server.checks,
      hosts: parts)
  }

  // MARK: The server

  private func lookAtServer(_ url: String) async throws -> DoctorServer {
    let control: any ControlPlaneReading & ServerExamining
    switch ports.control {
    case .failure(let failure):
      return DoctorServer(inventory: inventory, url: url, identity: .failure(failure))
    case .success(let found): control = found
    }
    let identity = try await attempt { try await control.identify() }
    guard case .success = identity else {
      return DoctorServer(inventory: inventory, url: url, identity: identity)
    }
    let clock = ports.clock
    let nodes = try await attempt {
      let list = try await control.nodes()
      return DoctorServer.NodeListing(
        nodes: list.nodes, serverTime: list.serverTime, localTime: clock.now())
    }
    guard case .success = nodes else {
      return DoctorServer(inventory: inventory, url: url, identity: identity, nodes: nodes)
    }
    return DoctorServer(
      inventory: inventory, url: url, identity: identity, nodes: nodes,
      policy: try await attempt { try await control.policy() },
      examination: try await attempt { try await control.examine() })
  }

  /// - Throws: `CancellationError` alone.
  private func attempt<Value: Sendable>(
    _ body: () async throws -> Value
  ) async throws -> Result<Value, Failure> {
    do { return .success(try await body()) } catch is CancellationError {
      throw CancellationError()
    } catch {
      return .failure(Failure(any: error))
    }
  }

  // MARK: Hosts

  private func lookAt(
    _ host: Host, version: String?, listing: DoctorServer.NodeListing?
  ) async -> DoctorReport.HostPart {
    let url = host.serverURL ?? inventory.server.url
    var doctor = DoctorHost(
      host: host, probe: await ports.hosts.probe(host), server: url, serverVersion: version,
      nodes: listing?.nodes, now: listing?.serverTime ?? ports.clock.now())
    if case .facts(let facts) = doctor.probe {
      if url.scheme == .http, !url.isByAddress {
        doctor.candidates = url.candidates(at: await ports.names.addresses(of: url.host))
      }
      doctor.serverCheck = await ports.hosts.checkServer(
        url, candidates: doctor.candidates, from: host)
      if let place = DoctorSource(host: host, facts: facts).place {
        doctor.sourceCheck = await ports.hosts.checkSource(place.url, from: host)
      }
    }
    return DoctorReport.HostPart(host: host.key, os: host.os, checks: doctor.checks)
  }
}
