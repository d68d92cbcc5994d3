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
    for touched in touchedNodes(plan) {
      guard let was = old[touched.id] else { continue }
      guard let node = new[touched.id] else {
        differences.append("\(touched.host): node #\(touched.id) is gone")
        continue
      }
      differences += moved(was, node).map { "\(touched.host): node #\(touched.id) \($0)" }
    }
    for host in plan.hosts where !host.doable.isEmpty {
      // Only an offline holder may lose its name (design law 6).
      for parking in host.parkings
      where parking.reason == .offlineHolder && new[parking.node.id]?.online == true {
        differences.append("\(host.name): node #\(parking.node.id) is online again")
      }
    }
    for host in plan.hosts where !host.doable.isEmpty && host.node == nil {
      if let holder = wantedName(host).flatMap({ newNames[$0] }) {
        differences.append("\(host.name): node #\(holder.id) took the name \(holder.givenName)")
      }
    }
    return differences
  }

  /// The nodes that the plan changes, parks or deletes, each once, with whom it is for.
  private static func touchedNodes(_ plan: Plan) -> [(host: String, id: String)] {
    var touched: [(String, String)] = []
    var seen: Set<String> = []
    func add(_ host: String, _ id: String) {
      if seen.insert(id).inserted { touched.append((host, id)) }
    }
    for host in plan.hosts where !host.doable.isEmpty {
      if let node = host.node { add(host.name, node.id) }
      for parking in host.parkings { add(host.name, parking.node.id) }
      for deletion in host.deletions { add(host.name, deletion.node.id) }
    }
    for deletion in plan.deletions { add(deletion.name, deletion.node.id) }
    return touched
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
