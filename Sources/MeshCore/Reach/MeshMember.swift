/// A host of the inventory as a member of the mesh: which node it is, and whether it can be asked for.
package struct MeshMember: Sendable, Equatable {
  package enum State: String, Sendable, Hashable {
    /// Online by the server's list.
    case present
    /// The server says that its node is offline, or that its key has expired.
    case offline
    /// No node, or nobody knows which.
    case missing
  }

  /// The inventory key.
  package var host: String
  package var os: OperatingSystem
  package var state: State
  package var node: MeshNode?
  /// The mesh address that is pinged: the first IPv4 one, else the first.
  package var address: String?
  /// Why it is not present; nil where it is.
  package var finding: Diagnostic?
  /// `offline: ignore`: a laptop that is not there is nothing to report.
  package var mayBeAway: Bool

  /// True where being away is no failure.
  package var isExcused: Bool { state == .offline && mayBeAway }
}

/// Who of an inventory is on the mesh, by the server's list alone, matched as a plan does.
package struct ReachRoster: Sendable, Equatable {
  /// Hosts that are to be on the mesh, in inventory order.
  package var members: [MeshMember]

  package init(inventory: Inventory, observation: Observation, now: Timestamp) {
    let matcher = HostMatcher(nodes: observation.nodes)
    let time = observation.takenAt ?? now
    var taken: [String: String] = [:]
    members = inventory.hosts.filter { $0.state == .present }.map { host in
      var member = ReachRoster.member(host, matcher.match(host, facts: nil), time)
      if let node = member.node {
        if let first = taken[node.id] {
          member = ReachRoster.missing(host, ReachWords.sameNode(host, node, as: first))
        } else {
          taken[node.id] = host.key
        }
      }
      return member
    }
  }

  private static func member(
    _ host: Host, _ match: HostMatcher.Match, _ now: Timestamp
  ) -> MeshMember {
    let node: MeshNode
    switch match {
    case .node(let found, _): node = found
    case .none: return missing(host, ReachWords.notJoined(host))
    case .ambiguous(let nodes): return missing(host, ReachWords.ambiguous(host, nodes))
    case .otherMachine(let other, _), .pinMismatch(_, let other):
      return missing(host, ReachWords.otherMachine(host, other))
    }
    guard
      let address = node.ipAddresses.first(where: { $0.contains(".") }) ?? node.ipAddresses.first
    else { return missing(host, ReachWords.noAddress(host, node)) }
    var member = MeshMember(
      host: host.key, os: host.os, state: .present, node: node, address: address,
      mayBeAway: host.offline == .ignore)
    // Expired wins over online (reference headscale-api.md §5.5).
    if let expiry = node.expiry, expiry <= now {
      member.state = .offline
      member.finding = ReachWords.expired(host, node, expiry)
    } else if !node.online {
      member.state = .offline
      member.finding = ReachWords.offline(host, node)
    }
    return member
  }

  private static func missing(_ host: Host, _ finding: Diagnostic) -> MeshMember {
    MeshMember(
      host: host.key, os: host.os, state: .missing, finding: finding,
      mayBeAway: host.offline == .ignore)
  }
}
