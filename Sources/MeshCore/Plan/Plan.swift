/// What differs between the inventory and what was observed, and what would be done about it.
///
/// A plan is made by `Planner.plan` only, and says everything that apply does: nothing outside a shown
/// plan may be changed (design law 9). It holds no secret.
package struct Plan: Sendable, Equatable {
  /// Minor numbers only add; raised with every change of the JSON form.
  package static let formatVersion = "1.2"

  package var inventoryPath: String
  package var inventoryDigest: String
  package var server: ServerIdentity
  package var flags: PlanFlags
  /// Selected hosts, in inventory order.
  package var hosts: [HostPlan]
  package var unmanaged: [UnmanagedNode]
  /// Users that will be created, once each.
  package var usersToCreate: [String]
  /// How many nodes the server lists and hosts the inventory declares (before selection).
  package var nodeCount: Int
  package var hostCount: Int
  /// True when the observation and all effects are simulated.
  package var simulated: Bool
  package var diagnostics: [Diagnostic]

  package init(
    inventoryPath: String, inventoryDigest: String, server: ServerIdentity, flags: PlanFlags,
    hosts: [HostPlan], unmanaged: [UnmanagedNode], usersToCreate: [String], nodeCount: Int,
    hostCount: Int, simulated: Bool, diagnostics: [Diagnostic]
  ) {
    self.inventoryPath = inventoryPath
    self.inventoryDigest = inventoryDigest
    self.server = server
    self.flags = flags
    self.hosts = hosts
    self.unmanaged = unmanaged
    self.usersToCreate = usersToCreate
    self.nodeCount = nodeCount
    self.hostCount = hostCount
    self.simulated = simulated
    self.diagnostics = diagnostics
  }
}

/// The flags that shaped a plan; kept in it so that a saved plan can be made again.
package struct PlanFlags: Sendable, Equatable {
  package var limit: [String] = []
  package var exclude: [String] = []
  package var probe = false
  /// True when a become password will be asked for where the inventory names none.
  package var askBecomePassword = false
  /// Delete unmanaged nodes that are offline for `guards.prune_after`; never with a selection.
  package var prune = false
  /// Take hosts off another control server, or log them in by another URL of this one.
  package var allowMove = false
  /// Overrides of the file's guards for one run.
  package var maxDeletes: Guards.Limit?
  package var maxChanges: Guards.Limit?

  package init() {}
}

/// What happens to one host.
package enum Action: String, Sendable, Hashable, CaseIterable {
  case none, join, change, replace, remove, wait, blocked
}

/// How sure it is that a node is a host (design law 6).
package enum Identity: String, Sendable, Hashable {
  /// The inventory pins its machine key.
  case pinned
  /// The host itself reported the node's key in this run.
  case proven
  /// Only a name matches; nothing may be granted or taken.
  case name
}

/// The part of the plan that is about one host.
package struct HostPlan: Sendable, Equatable {
  /// The inventory key.
  package var name: String
  package var os: OperatingSystem
  package var action: Action
  package var identity: Identity?
  package var node: NodeReference?
  package var changes: [Change]
  /// Why the action is what it is, in words; for replacements and removals.
  package var reason: String?
  /// Whose key a login takes; nil where none is foreseen.
  package var joinAs: JoinOwner?
  /// Address of the exit node that the client uses, for a login that has to name it again.
  package var exitNodeAddress: String?
  /// Nodes that are renamed out of the way: before anything else for swaps of names, else right
  /// before the step that needs the name.
  package var parkings: [Parking] = []
  /// Nodes that are deleted for this host.
  package var deletions: [Deletion] = []
  /// True when the client is logged in anew although it has a key (`--force-reauth`); counted by the
  /// guards.
  package var reauthenticates = false
  /// Foreseen steps, in order; the compiler decides the real ones from facts.
  package var steps: [StepKind]
  /// What was not compared, in words.
  package var unknown: [String]
  package var diagnostics: [Diagnostic]
  /// For joins: where SSH goes, for the plan's text.
  package var route: String?
  /// For joins: tags that the policy has no owners for; a finding of the whole plan.
  package var tagsWithoutPolicy: [String]

  /// True when something of this host cannot be done; apply then counts it as failed.
  package var isHindered: Bool {
    action == .blocked || diagnostics.contains { $0.severity == .error }
  }

  /// The changes that may be done.
  package var doable: [Change] {
    switch action {
    case .none, .blocked, .wait: []
    case .join, .change, .replace, .remove: changes.filter { $0.blockedBy == nil }
    }
  }

  package init(
    name: String, os: OperatingSystem, action: Action, identity: Identity? = nil,
    node: NodeReference? = nil, changes: [Change] = [], steps: [StepKind] = [],
    unknown: [String] = [], diagnostics: [Diagnostic] = [], route: String? = nil,
    tagsWithoutPolicy: [String] = []
  ) {
    self.tagsWithoutPolicy = tagsWithoutPolicy
    self.name = name
    self.os = os
    self.action = action
    self.identity = identity
    self.node = node
    self.changes = changes
    self.steps = steps
    self.unknown = unknown
    self.diagnostics = diagnostics
    self.route = route
    self.tagsWithoutPolicy = tagsWithoutPolicy
  }
}

/// Whom a pre-auth key belongs to.
package enum JoinOwner: Sendable, Hashable {
  /// A user's name or email.
  case user(String)
  case tags([String])
}

/// Which node a host matched.
package struct NodeReference: Sendable, Hashable {
  package var id: String
  package var nodeKey: String

  package init(id: String, nodeKey: String) {
    self.id = id
    self.nodeKey = nodeKey
  }
}

/// One attribute that differs.
package struct Change: Sendable, Hashable {
  package var attribute: Attribute
  package var old: Value?
  package var new: Value?
  /// True when it is done only after the host proved which node it is.
  package var onceProven: Bool
  /// The rule that keeps this one change from being done; the host's diagnostics explain it.
  package var blockedBy: DiagnosticCode?

  package init(
    _ attribute: Attribute, old: Value?, new: Value?, onceProven: Bool = false,
    blockedBy: DiagnosticCode? = nil
  ) {
    self.attribute = attribute
    self.old = old
    self.new = new
    self.onceProven = onceProven
    self.blockedBy = blockedBy
  }

  /// The names used in JSON and text.
  package enum Attribute: String, Sendable, Hashable, CaseIterable {
    case presence, online, owner, tags, name, advertisedRoutes, approvedRoutes, acceptRoutes
    case acceptDNS, tailscaleSSH, shieldsUp, operatorUser, loginServer, expiry, waitingJoin
    /// `ip` where a login may go by the server's address; shown, because it decides where a key goes.
    case serverFallback
    case clientVersion, clientLogs, ipForwarding
  }

  package enum Value: Sendable, Hashable {
    case text(String)
    case list([String])
    case flag(Bool)
  }
}

/// A node that no host of the inventory matches: reported, and deleted where that is asked for.
package struct UnmanagedNode: Sendable, Equatable {
  package var name: String
  package var nodeID: String
  package var online: Bool
  package var lastSeen: Timestamp?
  /// Set where this run deletes it: under `--prune`, or because it is a parked twin.
  package var deletion: Deletion?
  /// The inventory key of the host that it was parked for (`<name>-old-<its own id>`).
  package var parkedFor: String?
  /// True where it is so long offline that `--prune` would delete it, which was not asked for.
  package var isPrunable = false
  /// True where it was parked for a host whose present node has the same machine key, and only a name
  /// ties that one to the host: a probe proves it, and then this record is deleted.
  package var isFormerRecord = false

  package init(name: String, nodeID: String, online: Bool, lastSeen: Timestamp?) {
    self.name = name
    self.nodeID = nodeID
    self.online = online
    self.lastSeen = lastSeen
  }
}

/// How many hosts meet which end.
package struct PlanSummary: Sendable, Equatable {
  package var join = 0
  package var change = 0
  package var replace = 0
  /// Hosts taken off the mesh, and unmanaged nodes that are deleted.
  package var remove = 0
  package var wait = 0
  package var blocked = 0
  package var inSync = 0
  package var unmanaged = 0
  /// Hosts that only a name ties to a node.
  package var byNameOnly = 0

  package init() {}
}

extension Plan {
  package var summary: PlanSummary {
    var summary = PlanSummary()
    for host in hosts {
      switch host.action {
      case .none: summary.inSync += 1
      case .join: summary.join += 1
      case .change: summary.change += 1
      case .replace: summary.replace += 1
      case .remove: summary.remove += 1
      case .wait: summary.wait += 1
      case .blocked: summary.blocked += 1
      }
      if host.identity == .name { summary.byNameOnly += 1 }
    }
    let deleted = unmanaged.count { $0.deletion?.blockedBy == nil && $0.deletion != nil }
    summary.remove += deleted
    summary.unmanaged = unmanaged.count - deleted
    return summary
  }

  /// The unmanaged nodes that this run deletes.
  package var deletions: [Deletion] {
    unmanaged.compactMap(\.deletion).filter { $0.blockedBy == nil }
  }

  /// The finding that keeps apply from doing anything of this plan.
  package var stop: Diagnostic? { diagnostics.first { $0.code == .guardChanges } }

  /// True when apply would do nothing.
  package var isIdle: Bool { hosts.allSatisfy(\.doable.isEmpty) && deletions.isEmpty }

  /// True when nothing would be done and nothing is in the way.
  package var isEmpty: Bool {
    hosts.allSatisfy { $0.action == .none } && unmanaged.allSatisfy { $0.deletion == nil }
  }

  /// True when something would be changed or waits for a person (exit 2 of `--detailed-exitcode`).
  package var hasChanges: Bool {
    hosts.contains { $0.action != .none && $0.action != .blocked } || !deletions.isEmpty
  }
}
