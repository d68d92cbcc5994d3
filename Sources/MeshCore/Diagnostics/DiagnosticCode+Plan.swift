/// Findings of the planner.
extension DiagnosticCode {
  /// Two nodes match a host equally well, and neither is proven.
  package static let ambiguousNode = DiagnosticCode(rawValue: "MESH-PLAN-AMBIGUOUS")
  /// Two hosts of the inventory claim one node.
  package static let contestedNode = DiagnosticCode(rawValue: "MESH-PLAN-CONTESTED")
  /// The pinned machine key is one node, the host reports another.
  package static let pinMismatch = DiagnosticCode(rawValue: "MESH-PLAN-PIN-MISMATCH")
  /// The server lists no node with the pinned machine key.
  package static let pinNotListed = DiagnosticCode(rawValue: "MESH-PLAN-PIN-NOT-LISTED")
  /// The host has to join again: it has no client, or its client is logged out.
  package static let rejoinNeeded = DiagnosticCode(rawValue: "MESH-PLAN-REJOIN")
  /// The change would drop the SSH connection that it travels on.
  package static let cutsOwnPath = DiagnosticCode(rawValue: "MESH-PLAN-OWN-PATH")
  /// `protect: true` forbids it.
  package static let protected = DiagnosticCode(rawValue: "MESH-PLAN-PROTECTED")
  /// This server version cannot turn off a key's expiry.
  package static let expiryFixed = DiagnosticCode(rawValue: "MESH-PLAN-EXPIRY-FIXED")
  /// The wanted name belongs to another node.
  package static let nameHeld = DiagnosticCode(rawValue: "MESH-PLAN-NAME-HELD")
  /// A stopped client turned out not to be the node that its name pointed to.
  package static let notProven = DiagnosticCode(rawValue: "MESH-PLAN-NOT-PROVEN")
  /// The client is joined to another control server.
  package static let otherServer = DiagnosticCode(rawValue: "MESH-PLAN-OTHER-SERVER")
  /// The client believes it is joined, but the server does not list its key.
  package static let keyNotListed = DiagnosticCode(rawValue: "MESH-PLAN-KEY-NOT-LISTED")
  /// The node's key has expired.
  package static let keyExpired = DiagnosticCode(rawValue: "MESH-PLAN-KEY-EXPIRED")
  /// A tag has no `tagOwners` entry in the policy.
  package static let tagNotOwned = DiagnosticCode(rawValue: "MESH-PLAN-TAG-NOT-OWNED")
  /// The owner of a node cannot be changed on this server.
  package static let ownerChange = DiagnosticCode(rawValue: "MESH-PLAN-OWNER-CHANGE")
  /// A tagged node cannot be given back to a user.
  package static let taggedForGood = DiagnosticCode(rawValue: "MESH-PLAN-TAGGED")
  /// No owner is declared and the server has not exactly one user.
  package static let ownerNeeded = DiagnosticCode(rawValue: "MESH-PLAN-OWNER-NEEDED")
  /// The owner's name fits more than one user.
  package static let ownerAmbiguous = DiagnosticCode(rawValue: "MESH-PLAN-OWNER-AMBIGUOUS")
  /// The owner does not exist and cannot be created from what the inventory says.
  package static let ownerUnknown = DiagnosticCode(rawValue: "MESH-PLAN-OWNER-UNKNOWN")
  /// Headscale below 0.29 needs `server.key_owner` for tagged joins.
  package static let keyOwnerNeeded = DiagnosticCode(rawValue: "MESH-PLAN-KEY-OWNER")
  /// The plan would need something that this version does not do.
  package static let notSupportedYet = DiagnosticCode(rawValue: "MESH-PLAN-NOT-SUPPORTED")
  /// More deletions, replacements or owner changes than `guards.max_deletes`.
  package static let guardDeletes = DiagnosticCode(rawValue: "MESH-GUARD-DELETES")
  /// More changes than `guards.max_changes`.
  package static let guardChanges = DiagnosticCode(rawValue: "MESH-GUARD-CHANGES")
  /// Ages cannot be told, because the source of the list has no clock.
  package static let noServerClock = DiagnosticCode(rawValue: "MESH-PLAN-NO-CLOCK")
  /// `--prune` with an inventory that names no host.
  package static let noHosts = DiagnosticCode(rawValue: "MESH-PLAN-NO-HOSTS")
  /// A node's name looks like a twin of a host.
  package static let possibleTwin = DiagnosticCode(rawValue: "MESH-PLAN-TWIN")
  /// Converting a user-owned node to a tagged one cannot be undone.
  package static let irreversible = DiagnosticCode(rawValue: "MESH-PLAN-IRREVERSIBLE")
}
