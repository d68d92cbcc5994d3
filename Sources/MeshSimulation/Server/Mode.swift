package import MeshCore

/// Which Headscale the simulated server behaves like.
///
/// A new version is one case here and one file in `Modes/` with its rules. 0.26 and 0.27 are there to
/// be read: what only `apply` would need of them is not modelled.
package enum Mode: String, Sendable, CaseIterable, Codable {
  case v0_26 = "0.26"
  case v0_27 = "0.27"
  case v0_28 = "0.28"
  case v0_29 = "0.29"
  /// 0.29 from its third patch on, which registers tagged machines otherwise.
  case v0_29_3 = "0.29.3"
  /// Headscale's main branch at f20f1f12.
  case v0_30 = "0.30"

  /// The modes meshctl may change something on.
  package static let writable: [Mode] = [.v0_28, .v0_29, .v0_29_3, .v0_30]

  /// The mode for a server version such as `0.29.2`; 0.29 for versions that say nothing, the newest
  /// for newer ones.
  package init(serverVersion: String) {
    let digits = serverVersion.drop { $0 == "v" }.prefix { $0.isNumber || $0 == "." }
    let parts = digits.split(separator: ".").compactMap { Int($0) }
    guard parts.count >= 2 else {
      self = .v0_29
      return
    }
    switch (parts[0], parts[1]) {
    case (0, ...26): self = .v0_26
    case (0, 27): self = .v0_27
    case (0, 28): self = .v0_28
    case (0, 29): self = parts.count > 2 && parts[2] >= 3 ? .v0_29_3 : .v0_29
    default: self = .v0_30
    }
  }

  package var rules: any ModeRules {
    switch self {
    case .v0_26: Rules026()
    case .v0_27: Rules027()
    case .v0_28: Rules028()
    case .v0_29: Rules029()
    case .v0_29_3: Rules0293()
    case .v0_30: Rules030()
    }
  }
}

/// How a server's API answers.
package enum APIGeneration: Sendable, Equatable {
  /// gRPC behind a gateway, up to 0.29: lenient bodies, `{"code","message"}`.
  case gateway
  /// Huma, from 0.30 on: strict bodies, problem+json (reference headscale-api.md §1.9).
  case problems
}

/// What pre-auth keys and API keys look like.
package enum KeyForm: Sendable, Equatable {
  /// Up to 0.27: 48 hex digits kept in the clear, and `<7>.<32>`.
  case plain
  /// 0.28 and 0.29: `hskey-…-<12>-<64>` of base64url.
  case base64URL
  /// From 0.30 on: the same of hex digits.
  case hex
}

/// What differs between Headscale versions (reference headscale-api.md §4, §5, §9).
///
/// The defaults are those of the newest version; a version states what was otherwise then.
package protocol ModeRules: Sendable {
  /// `0.29.2`, without the `v`.
  var version: String { get }
  var commit: String { get }
  var buildTime: String { get }
  var goVersion: String { get }
  var generation: APIGeneration { get }
  var keyForm: KeyForm { get }
  var naming: any NodeNaming { get }

  /// `GET /version` exists.
  var hasVersionPage: Bool { get }
  /// `GET /api/v1/health` exists.
  var hasAPIHealth: Bool { get }
  /// A Bearer key that is no valid one is answered by 500 and not by 401.
  var failsOnUnknownAPIKeys: Bool { get }
  /// `X-Frame-Options` and friends on every answer.
  var sendsSecurityHeaders: Bool { get }

  /// A node has a user or tags. Before, tags were an attribute of a user's node (`forcedTags`), `[]`
  /// was a set of tags and no policy was asked.
  var tagsAreIdentity: Bool { get }
  /// Pre-auth keys belong to a user, are listed by user and expired by their text.
  var listsKeysByUser: Bool { get }
  /// Tagged nodes keep who created them: shown by single-node calls and `?user=`, and it blocks the
  /// deletion of that user (#3077).
  var keepsCreatorOfTaggedNodes: Bool { get }
  /// The expiry a node gets that joins by a key; 0.27 and 0.28 write Go's zero time for "never".
  var unsetExpiry: Timestamp? { get }
  /// The expire call takes an instant.
  var supportsExpiryInstant: Bool { get }
  var supportsDisableExpiry: Bool { get }
  /// An expiry set by the API outlives a restart of the server (#3279).
  var savesExpiry: Bool { get }
  /// A tagged node that was logged out has an expiry, and keeps it when it registers again (#3371).
  var locksOutTaggedNodes: Bool { get }
  /// Addresses of deleted nodes are given out again.
  var reusesAddresses: Bool { get }
  var supportsPolicyCheck: Bool { get }
  /// Deleting any user deletes everybody's pre-auth keys (#3155).
  var userDeletionDropsAllKeys: Bool { get }
  /// A new user's name is checked.
  var checksUserNames: Bool { get }

  /// The answer to a duplicate user, gRPC code included.
  var duplicateUser: SimulatedServerError { get }
  var tagSpaceMessage: String { get }
  var nameTakenMessage: String { get }
  /// The words before a missing node's id; nil for 0.26, which says `record not found` to every call.
  var missingNodeMessage: String? { get }
  var unknownKeyMessage: String { get }
  /// The refusal of `POST /node/register` with a malformed registration id.
  var badRegistrationIDMessage: String { get }

  /// Which node a registration with a key updates (§5.2).
  func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget
}

/// What a registration does.
package enum RegistrationTarget: Sendable, Equatable {
  case newNode
  /// Same node, same owner or tags.
  case update(id: Int)
  /// Same node with the tags of the key: a user's node becomes tagged, or a tagged one gets others.
  case convert(id: Int)
}
