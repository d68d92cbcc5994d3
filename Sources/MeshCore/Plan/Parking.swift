/// A node that is renamed to `<name>-old-<id>` so that its name is free (design §5, *replace*).
package struct Parking: Sendable, Hashable {
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The record of the host as it was before it was reinstalled, or of somebody who is offline.
    case offlineHolder
    /// The host's own node, which a new login under another owner replaces.
    case ownerChange
    /// The node of another host, which takes another name in the same run.
    case swap
  }

  package var node: NodeReference
  /// The name that it has now.
  package var name: String
  package var parkedName: String
  package var reason: Reason

  package init(node: NodeReference, name: String, parkedName: String, reason: Reason) {
    self.node = node
    self.name = name
    self.parkedName = parkedName
    self.reason = reason
  }

  /// The name of a parked node: at most 63 characters, ending in the node's own id.
  package static func parkedName(_ name: String, id: String) -> String {
    let suffix = "-old-\(id)"
    let room = max(1, 63 - suffix.utf8.count)
    // Node names are ASCII labels; what a server lists otherwise is cut by characters that fit.
    var base = ""
    for character in name.prefix(room) where base.utf8.count + character.utf8.count <= room {
      base.append(character)
    }
    return base + suffix
  }

  /// The name that a node was parked under, where its name says that it was: `<base>-old-<its id>`.
  ///
  /// A long name was cut when it was parked, so compare with `isParked(_:for:)`.
  package static func base(of node: MeshNode) -> String? {
    // Few names end like that, and all nodes are asked.
    guard node.givenName.utf8.last == node.id.utf8.last else { return nil }
    let suffix = "-old-\(node.id)"
    guard node.givenName.hasSuffix(suffix), node.givenName.utf8.count > suffix.utf8.count else {
      return nil
    }
    return String(node.givenName.dropLast(suffix.count))
  }

  /// True when this node was parked to free `name`.
  package static func isParked(_ node: MeshNode, for name: String) -> Bool {
    base(of: node) != nil && node.givenName == parkedName(name, id: node.id)
  }
}

/// A node that is deleted; never without being named in the shown plan (design law 8).
package struct Deletion: Sendable, Hashable {
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The inventory says `state: absent`.
    case absent
    /// Nobody's node under `--prune`.
    case prune
    /// A parked record whose time is over.
    case parkedTwin
    /// The same machine's record under its former owner, after the login under the new one.
    case ownerChange
    /// A tagged node that a user shall own: the server keeps it tagged as long as it is listed
    /// (reference headscale-api.md §5.2), so it goes before the login.
    case untag
  }

  package var node: NodeReference
  package var name: String
  package var reason: Reason
  /// True when only its age allows it: the list is read again after `guards.confirm_after`, and the
  /// node has to be offline both times.
  package var byAge: Bool
  /// The rule that keeps it from being done.
  package var blockedBy: DiagnosticCode?

  package init(
    node: NodeReference, name: String, reason: Reason, byAge: Bool,
    blockedBy: DiagnosticCode? = nil
  ) {
    self.node = node
    self.name = name
    self.reason = reason
    self.byAge = byAge
    self.blockedBy = blockedBy
  }
}
