import MeshCore

/// Thrown when what was shown no longer holds; nothing was done (exit 6).
package struct StalePlan: Error, Sendable {
  /// What moved, in words, one a line.
  package var differences: [String]

  /// Compares id, keys, owner, tags, approved routes, name and expiry of the touched nodes (never
  /// online, lastSeen or addresses; design law 9).
  static func differences(_ plan: Plan, before: [MeshNode], now: [MeshNode]) -> [String] {
    let old = Dictionary(before.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(now.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let newNames = Dictionary(now.map { ($0.givenName, $0) }, uniquingKeysWith: { one, _ in one })
    var differences: [String] = []
    for host in plan.hosts where !host.doable.isEmpty {
      if let id = host.node?.id, let was = old[id] {
        guard let node = new[id] else {
          differences.append("\(host.name): node #\(id) is gone")
          continue
        }
        differences += moved(was, node).map { "\(host.name): node #\(id) \($0)" }
      } else if host.action == .join, let holder = wantedName(host).flatMap({ newNames[$0] }) {
        differences.append("\(host.name): node #\(holder.id) took the name \(holder.givenName)")
      }
    }
    return differences
  }

  private static func wantedName(_ host: HostPlan) -> String? {
    for case .text(let name)? in host.changes.filter({ $0.attribute == .name }).map(\.new) {
      return name
    }
    return nil
  }

  private static func moved(_ old: MeshNode, _ new: MeshNode) -> [String] {
    var moved: [String] = []
    if old.nodeKey != new.nodeKey || old.machineKey != new.machineKey {
      moved.append("has new keys")
    }
    if old.user?.id != new.user?.id { moved.append("has another owner") }
    if Set(old.tags) != Set(new.tags) { moved.append("has other tags") }
    if old.approvedRoutes.sorted() != new.approvedRoutes.sorted() {
      moved.append("has other approved routes")
    }
    if old.givenName != new.givenName { moved.append("is now called \(new.givenName)") }
    if old.expiry != new.expiry { moved.append("has another expiry") }
    return moved
  }
}
