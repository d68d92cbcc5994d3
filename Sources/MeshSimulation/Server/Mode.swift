package import MeshCore

/// Which Headscale the simulated server behaves like.
///
/// A new version is one case here and one file in `Modes/` with its rules.
package enum Mode: String, Sendable, CaseIterable, Codable {
  case v0_28 = "0.28"
  case v0_29 = "0.29"

  /// The mode for a server version such as `0.29.2`; the newest for versions that have none.
  package init(serverVersion: String) {
    let minor = serverVersion.split(separator: ".").prefix(2).joined(separator: ".")
    self = Mode(rawValue: minor) ?? .v0_29
  }

  package var rules: any ModeRules {
    switch self {
    case .v0_28: Rules028()
    case .v0_29: Rules029()
    }
  }
}

/// What differs between Headscale versions (reference headscale-api.md §4, §5, §9).
package protocol ModeRules: Sendable {
  /// `0.29.2`, without the `v`.
  var version: String { get }
  var commit: String { get }
  var buildTime: String { get }
  var goVersion: String { get }
  /// `X-Frame-Options` and friends on every answer.
  var sendsSecurityHeaders: Bool { get }
  /// The expiry a node gets that joins by a key; 0.28 writes Go's zero time for "never".
  var unsetExpiry: Timestamp? { get }
  var supportsDisableExpiry: Bool { get }
  var supportsPolicyCheck: Bool { get }
  /// Tagged nodes keep who created them: shown by single-node calls and `?user=`, and it blocks the
  /// deletion of that user (#3077).
  var keepsCreatorOfTaggedNodes: Bool { get }
  /// Deleting any user deletes everybody's pre-auth keys (#3155).
  var userDeletionDropsAllKeys: Bool { get }
  var createUserPrefix: String { get }
  var tagSpaceMessage: String { get }
  var unknownKeyMessage: String { get }
  /// The refusal of `POST /node/register` with a malformed registration id.
  var badRegistrationIDMessage: String { get }

  /// Host name and unadorned given name from what a client reports (§5.1).
  func names(
    fromReported hostname: String, nodeKey: String, random: inout SeededGenerator
  ) -> ClientNames
  /// Makes a given name unique.
  func unique(_ name: String, taken: Set<String>, random: inout SeededGenerator) -> String
  /// True when the given name was derived from that host name and so follows the next one.
  func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool
  /// Host names that a client may not change to are ignored.
  func acceptsUpdate(toHostname hostname: String) -> Bool
  /// What is wrong with a name to rename to, as the text after `renaming node: `.
  func renameProblem(_ name: String) -> String?
  /// Which node a registration with a key updates (§5.2).
  func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget
}

/// What the server makes of the host name a client reports.
package struct ClientNames: Sendable, Equatable {
  package var hostname: String
  package var givenName: String
}

/// What a registration does.
package enum RegistrationTarget: Sendable, Equatable {
  case newNode
  /// Same node, same owner or tags.
  case update(id: Int)
  /// A user's node becomes tagged.
  case convert(id: Int)
}
