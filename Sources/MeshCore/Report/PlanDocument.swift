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

    private enum CodingKeys: String, CodingKey {
      case name, os, action, identity, node, changes, steps, unknown, diagnostics
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
    }
  }
  package struct UnmanagedPart: Codable, Sendable {
    var name: String
    var node: NodePart
    var online: Bool
    var lastSeen: String?
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
  var hosts: [HostPart]
  var unmanaged: [UnmanagedPart]
  var usersToCreate: [String]
  var summary: SummaryPart
  var diagnostics: [DiagnosticPart]

  package init(_ plan: Plan) {
    formatVersion = Plan.formatVersion
    meshctl = MeshctlVersion.current
    simulated = plan.simulated ? true : nil
    inventory = InventoryPart(path: plan.inventoryPath, digest: plan.inventoryDigest)
    server = ServerPart(url: plan.server.url, version: plan.server.version)
    hosts = plan.hosts.map(HostPart.init)
    unmanaged = plan.unmanaged.map {
      UnmanagedPart(
        name: $0.name, node: NodePart(id: $0.nodeID), online: $0.online,
        lastSeen: $0.lastSeen?.rfc3339)
    }
    usersToCreate = plan.usersToCreate
    let counts = plan.summary
    summary = SummaryPart(
      join: counts.join, change: counts.change, replace: counts.replace, remove: counts.remove,
      wait: counts.wait, blocked: counts.blocked, inSync: counts.inSync,
      unmanaged: counts.unmanaged, byNameOnly: counts.byNameOnly)
    diagnostics = plan.diagnostics.map(DiagnosticPart.init)
  }

  /// The document as stable, indented JSON without a final line feed.
  package static func json(_ plan: Plan) -> String { StableJSON.encode(PlanDocument(plan)) }
}

extension PlanDocument.HostPart {
  init(_ host: HostPlan) {
    self.init(
      name: host.name, os: host.os.rawValue, action: host.action.rawValue,
      identity: host.identity?.rawValue,
      node: host.node.map { PlanDocument.NodePart(id: $0.id, nodeKey: $0.nodeKey) },
      changes: host.changes.map {
        PlanDocument.ChangePart(
          attribute: $0.attribute.rawValue, old: $0.old.map(PlanDocument.ValuePart.init),
          new: $0.new.map(PlanDocument.ValuePart.init), onceProven: $0.onceProven ? true : nil,
          blockedBy: $0.blockedBy?.rawValue)
      },
      steps: host.steps.map(\.rawValue), unknown: host.unknown,
      diagnostics: host.diagnostics.map(PlanDocument.DiagnosticPart.init))
  }
}

extension PlanDocument.ValuePart {
  init(_ value: Change.Value) {
    switch value {
    case .text(let text): self = .text(text)
    case .list(let list): self = .list(list)
    case .flag(let flag): self = .flag(flag)
    }
  }
}

extension PlanDocument.DiagnosticPart {
  package init(_ diagnostic: Diagnostic) {
    self.init(
      code: diagnostic.code.rawValue, severity: diagnostic.severity.rawValue,
      message: diagnostic.message, detail: diagnostic.detail, evidence: diagnostic.evidence,
      hint: diagnostic.hint, host: diagnostic.host)
  }
}
