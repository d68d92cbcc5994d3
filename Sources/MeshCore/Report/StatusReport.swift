/// How every host is right now: what a plan found, beside what the server says of its node.
package struct StatusReport: Sendable, Equatable {
  /// One host.
  package struct Row: Sendable, Equatable {
    package var host: String
    package var os: OperatingSystem
    package var state: State
    package var action: Action
    package var identity: Identity?
    /// Nil where the host is not on the mesh, or nobody knows which node it is.
    package var node: MeshNode?
    /// Of the client, where the host was probed.
    package var clientVersion: String?
    /// What differs, in words.
    package var differences: [String]
    package var findings: [Diagnostic]
    /// The inventory's `machine_key`.
    package var pin: String?
  }

  /// The one word for a host; raw values are those of the JSON.
  package enum State: String, Sendable, Hashable, CaseIterable {
    case inSync, drifted, waiting, blocked
    /// Its node is offline and nothing else differs.
    case offline

    var words: String { self == .inSync ? "in sync" : rawValue }
  }

  package var plan: Plan
  package var rows: [Row]
  /// The server's time, or that of a saved list; nil where unknown.
  package var takenAt: Timestamp?
  /// Judges expiry.
  package var now: Timestamp

  /// Builds the report of the hosts that a plan has.
  ///
  /// - Parameters:
  ///   - plan: of the same inventory and observation.
  ///   - inventory: for the pins.
  ///   - observation: for addresses, expiry and client versions.
  ///   - now: the controller's time; the observation's own wins where it has one.
  package init(plan: Plan, inventory: Inventory, observation: Observation, now: Timestamp) {
    self.plan = plan
    takenAt = observation.takenAt
    self.now = observation.takenAt ?? now
    let nodes = Dictionary(
      observation.nodes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let pins = Dictionary(
      inventory.hosts.map { ($0.key, $0.machineKey) }, uniquingKeysWith: { first, _ in first })
    rows = plan.hosts.map { host in
      var version: String?
      if case .facts(let facts)? = observation.facts[host.name] { version = facts.client?.version }
      let node = host.node.flatMap { nodes[$0.id] }
      return Row(
        host: host.name, os: host.os, state: StatusReport.state(of: host, node),
        action: host.action,
        identity: host.identity, node: node, clientVersion: version,
        differences: host.action == .none ? [] : HostText.parts(host),
        findings: host.diagnostics, pin: pins[host.name] ?? nil)
    }
  }

  private static func state(of host: HostPlan, _ node: MeshNode?) -> State {
    if host.action == .wait { return .waiting }
    if host.isHindered { return .blocked }
    let onlyOffline = host.changes.allSatisfy { $0.attribute == .online }
    if let node, !node.online, onlyOffline, [.none, .change].contains(host.action) {
      return .offline
    }
    return host.action == .none ? .inSync : .drifted
  }

  package func count(_ state: State) -> Int { rows.count { $0.state == state } }
}

extension StatusReport.Row {
  /// The address that people use: the first IPv4 one, else the first.
  var address: String? {
    node?.ipAddresses.first { $0.contains(".") } ?? node?.ipAddresses.first
  }

  /// The key's end in words, for example `expires 2026-12-01`.
  func keyWords(now: Timestamp) -> String? {
    guard let node else { return nil }
    guard let expiry = node.expiry else { return "key never expires" }
    let day = expiry.rfc3339.prefix(10)
    return expiry <= now ? "key expired \(day)" : "key expires \(day)"
  }

  /// `offline since …`, where the node is.
  var offlineWords: String? {
    guard let node, !node.online else { return nil }
    return node.lastSeen.map { "offline since \($0.rfc3339)" } ?? "offline"
  }
}
