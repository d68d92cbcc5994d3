/// One line of the journal (docs/trail.md): a contract; keys may be added, never changed.
///
/// Every line says by itself who did what where, since rotation and `grep` take lines apart.
package struct JournalEntry: Codable, Sendable {
  /// What a line is about.
  package enum Kind: String, Codable, Sendable {
    /// The run is about to change its first thing.
    case start
    /// A step that changes something has ended.
    case step
    /// A pre-auth key was minted or expired; its id only, never the key.
    case key
    /// The run has ended.
    case end
  }

  /// How what a line is about ended.
  package enum Result: String, Codable, Sendable {
    case ok, failed
    /// The run was stopped meanwhile; whether it took effect is not known.
    case interrupted
    /// A person has to go on.
    case waits
    case minted, expired
  }

  /// The version that this program writes and reads.
  package static let version = 1

  package var v = JournalEntry.version
  package var type: Kind
  package var time: String
  package var run: String
  package var who: RunAuthor
  package var meshctl: String
  package var mesh: String
  package var shard: String?
  package var inventory: String
  /// The hash of the plan that was shown; nil before there is one.
  package var plan: String?

  /// The inventory key; nil for what belongs to no host.
  package var host: String?
  package var node: String?
  package var step: String?
  package var changes: [JournalChange]?
  package var detail: String?
  package var result: Result?
  package var code: String?
  package var message: String?

  /// The id of a pre-auth key.
  package var key: String?
  /// Where the key's id never came: when it would have ended by itself, which only it has.
  package var expiring: String?

  package var exitCode: Int32?
  /// How many steps changed something, and how many failed at it.
  package var done: Int?
  package var failed: Int?
  package var seconds: Int64?
  /// True where something was too long for one line.
  package var cut: Bool?

  package init(_ type: Kind, at time: Timestamp, of run: RunIdentity, plan: String?) {
    self.type = type
    self.time = time.rfc3339
    self.run = run.id
    who = run.author
    meshctl = run.meshctl
    mesh = run.mesh
    shard = run.shard
    inventory = run.inventory
    self.plan = plan
  }
}

/// One attribute that a step changed, or tried to.
package struct JournalChange: Codable, Sendable {
  package var attribute: String
  /// Nil where it is not known; a known nothing is `.some(nil)`, written as null.
  package var old: PlanDocument.ValuePart??
  package var new: PlanDocument.ValuePart??

  private enum CodingKeys: String, CodingKey { case attribute, old, new }

  package init(_ attribute: String, old: Change.Value??, new: Change.Value??) {
    self.attribute = attribute
    self.old = old.map { $0.map(PlanDocument.ValuePart.init) }
    self.new = new.map { $0.map(PlanDocument.ValuePart.init) }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    attribute = try container.decode(String.self, forKey: .attribute)
    func value(_ key: CodingKeys) throws -> PlanDocument.ValuePart?? {
      guard container.contains(key) else { return nil }
      return .some(try container.decodeIfPresent(PlanDocument.ValuePart.self, forKey: key))
    }
    old = try value(.old)
    new = try value(.new)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(attribute, forKey: .attribute)
    if let old { try container.encode(old, forKey: .old) }
    if let new { try container.encode(new, forKey: .new) }
  }
}
