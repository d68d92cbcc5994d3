/// The JSON form of a plan: a contract (design §7).
///
/// Minor format versions only add keys.
package struct PlanDocument: Codable, Sendable {
  package struct InventoryPart: Codable, Sendable {
    var path: String
    var digest: String
  }
  package struct ServerPart: Codable, Sendable {
    var url: String
    var version: String?
  }
  package struct NodePart: Codable, Sendable {
    var id: String
    var nodeKey: String?
  }
  package struct ChangePart: Codable, Sendable {
    var attribute: String
    var old: ValuePart?
    var new: ValuePart?
    var onceProven: Bool?
    var blockedBy: String?

    private enum CodingKeys: String, CodingKey { case attribute, old, new, onceProven, blockedBy }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(attribute, forKey: .attribute)
      // `null` is said, because "nothing there before" is a value of its own.
      try container.encode(old, forKey: .old)
      try container.encode(new, forKey: .new)
      try container.encodeIfPresent(onceProven, forKey: .onceProven)
      try container.encodeIfPresent(blockedBy, forKey: .blockedBy)
    }
  }
  package enum ValuePart: Codable, Sendable {
    case text(String)
    case list([String])
    case flag(Bool)

    package init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let list = try? container.decode([String].self) {
        self = .list(list)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .list(let list): try container.encode(list)
      case .flag(let flag): try container.encode(flag)
      }
    }
  }
  package struct DiagnosticPart: Codable, Sendable {
    var code: String
    var severity: String
    var message: String
    var detail: String?
    var evidence: String?
    var hint: String?
    var host: String?
    /// Since 1.1; findings of a plan rarely have one.
    var position: PositionPart?
  }
  package struct PositionPart: Codable, Sendable {
    var file: String
    var line: Int
    var column: Int
    var length: Int
  }
  package struct HostPart: Codable, Sendable {
    var name: String
    var os: String
    var action: String
    var identity: String?
    var node: NodePart?
    var changes: [ChangePart]
    var steps: [String]
    var unknown: [String]
    var diagnostics: [DiagnosticPart]
    // Since 1.1; each is left out where there is nothing to say.
    var reason: String?
    var parks: [ParkPart]?
    var deletes: [DeletePart]?
    var reauthenticates: Bool?
    var route: String?
    var tagsWithoutPolicy: [String]?
    var joinAs: JoinAsPart?
    var exitNodeAddress: String?

    private enum CodingKeys: String, CodingKey {
      case name, os, action, identity, node, changes, steps, unknown, diagnostics
      case reason, parks, deletes, reauthenticates, route, tagsWithoutPolicy
      case joinAs, exitNodeAddress
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(os, forKey: .os)
      try container.encode(action, forKey: .action)
      try container.encode(identity, forKey: .identity)
      try container.encode(node, forKey: .node)
      try container.encode(changes, forKey: .changes)
      try container.encode(steps, forKey: .steps)
      try container.encode(unknown, forKey: .unknown)
      try container.encode(diagnostics, forKey: .diagnostics)
      try container.encodeIfPresent(reason, forKey: .reason)
      try container.encodeIfPresent(parks, forKey: .parks)
      try container.encodeIfPresent(deletes, forKey: .deletes)
      try container.encodeIfPresent(reauthenticates, forKey: .reauthenticates)
      try container.encodeIfPresent(route, forKey: .route)
      try container.encodeIfPresent(tagsWithoutPolicy, forKey: .tagsWithoutPolicy)
      try container.encodeIfPresent(joinAs, forKey: .joinAs)
      try container.encodeIfPresent(exitNodeAddress, forKey: .exitNodeAddress)
    }
  }
  /// Whose key a login takes (since 1.1): exactly one of both.
  package struct JoinAsPart: Codable, Sendable {
    var user: String?
    var tags: [String]?
  }
  /// A node that is renamed out of the way (since 1.1).
  package struct ParkPart: Codable, Sendable {
    var node: NodePart
    var name: String
    var parkedName: String
    var reason: String
  }
  /// A node that is deleted (since 1.1).
  package struct DeletePart: Codable, Sendable {
    var node: NodePart
    var name: String
    var reason: String
    var byAge: Bool
    var blockedBy: String?
  }
  /// The flags that shaped the plan (since 1.1); those that were not given are left out.
  package struct FlagsPart: Codable, Sendable {
    var limit: [String]?
    var exclude: [String]?
    /// As on the command line: `1/4` (since 1.2).
    var shard: String?
    var probe: Bool?
    var askBecomePassword: Bool?
    var prune: Bool?
    var allowMove: Bool?
    /// As on the command line: `3`, `5%`, `off`.
    var maxDeletes: String?
    var maxChanges: String?
  }
  /// Before any selection (since 1.1).
  package struct CountsPart: Codable, Sendable {
    var nodes: Int
    var hosts: Int
  }
  package struct UnmanagedPart: Codable, Sendable {
    var name: String
    var node: NodePart
    var online: Bool
    var lastSeen: String?
    // Since 1.1.
    var delete: DeletePart?
    var parkedFor: String?
    var prunable: Bool?
    var formerRecord: Bool?
  }
  package struct SummaryPart: Codable, Sendable {
    var join: Int
    var change: Int
    var replace: Int
    var remove: Int
    var wait: Int
    var blocked: Int
    var inSync: Int
    var unmanaged: Int
    var byNameOnly: Int
  }

  var formatVersion: String
  var meshctl: String
  var simulated: Bool?
  var inventory: InventoryPart
  var server: ServerPart
  var flags: FlagsPart?
  var counts: CountsPart?
  var hosts: [HostPart]
  var unmanaged: [UnmanagedPart]
  var usersToCreate: [String]
  var summary: SummaryPart
  var diagnostics: [DiagnosticPart]
}
