package import MeshCore

/// A node as one API call shows it (the calls differ, reference headscale-api.md §2.1).
package struct NodeView: Sendable, Equatable {
  package var node: ServerNode
  package var user: ServerUser?
  package var preAuthKey: KeyView?
  package var online: Bool
  package var subnetRoutes: [String]
  /// The list call shows more than the others.
  package var isListed = false
}

/// A key with its owner and the text that may be shown.
package struct KeyView: Sendable, Equatable {
  package var key: ServerKey
  package var user: ServerUser?
  /// Masked, except in the answer that created it.
  package var text: String
}

extension SimulatedHeadscale {
  /// The list call: tagged nodes under `tagged-devices`, served routes filled in.
  ///
  /// - Parameters:
  ///   - name: A user name to filter by.
  ///   - now: The server's time.
  /// - Returns: The nodes in ascending id order.
  /// - Throws: 500 where no or more than one user has that name.
  package func listNodes(
    user name: String? = nil, now: Timestamp
  ) throws(SimulatedServerError) -> [NodeView] {
    var listed = nodes
    if let name, !name.isEmpty {
      let matching = users.filter { $0.name == name }
      let purpose = "listing nodes"
      guard let user = matching.first else { throw noUser(to: purpose) }
      guard matching.count == 1 else {
        let problem = "expected exactly one user, found \(matching.count)"
        throw refusal(.unknown(problem), problem: 500, purpose, problem)
      }
      listed = nodes.filter { $0.userID == user.id }
    }
    let primaries = primaryRoutes(now: now)
    let keys = Dictionary(preAuthKeys.map { ($0.id, view(of: $0)) }) { first, _ in first }
    let isIdentity = rules.tagsAreIdentity
    let owners = Dictionary(users.map { ($0.id, $0) }) { first, _ in first }
    return listed.map { node in
      let exits = node.approvedRoutes.filter {
        IPPrefix.exitRoutes.contains($0) && node.availableRoutes.contains($0)
      }
      return NodeView(
        node: node,
        user: node.isTagged && isIdentity
          ? .taggedDevices : node.userID.flatMap { owners[$0] },
        preAuthKey: node.authKeyID.flatMap { keys[$0] }, online: node.isOnline(at: now),
        subnetRoutes: sortedRoutes((primaries[node.id] ?? []) + exits), isListed: true)
    }
  }

  package func node(_ id: Int, now: Timestamp) throws(SimulatedServerError) -> NodeView {
    guard let index = index(ofNode: id) else { throw noNode(id, for: .get) }
    return view(of: nodes[index], now: now)
  }

  func view(of node: ServerNode, now: Timestamp) -> NodeView {
    let key = node.authKeyID.flatMap { id in preAuthKeys.first { $0.id == id } }
    return NodeView(
      node: node, user: user(node.userID), preAuthKey: key.map { view(of: $0) },
      online: node.isOnline(at: now), subnetRoutes: [])
  }

  func view(of key: ServerKey) -> KeyView {
    // Keys of 0.27 and older are kept in the clear and shown in full.
    let text = key.prefix.isEmpty ? key.secret ?? "" : "hskey-auth-\(key.prefix)-***"
    return KeyView(key: key, user: user(key.userID), text: text)
  }

  /// The subnet routes each online node serves; of several the one with the lowest id.
  package func primaryRoutes(now: Timestamp) -> [Int: [String]] {
    var served: Set<String> = []
    var routes: [Int: [String]] = [:]
    for node in nodes where !node.approvedRoutes.isEmpty && node.isOnline(at: now) {
      for route in node.approvedRoutes
      where node.availableRoutes.contains(route) && !IPPrefix.exitRoutes.contains(route)
        && served.insert(route).inserted
      {
        routes[node.id, default: []].append(route)
      }
    }
    return routes
  }

  func sortedRoutes(_ routes: [String]) -> [String] {
    let parsed = Set(routes).map { text in
      (text, (try? IPPrefix.parse(IPPrefix.canonical(text))) ?? IPPrefix(bytes: [], length: 0))
    }
    return parsed.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }
}
