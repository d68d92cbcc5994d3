package import MeshCore

/// The newest behaviour; what a mode does not state otherwise.
extension ModeRules {
  package var generation: APIGeneration { .gateway }
  package var keyForm: KeyForm { .base64URL }
  package var naming: any NodeNaming { SanitizedNames() }

  package var hasVersionPage: Bool { true }
  package var hasAPIHealth: Bool { true }
  package var failsOnUnknownAPIKeys: Bool { false }
  package var sendsSecurityHeaders: Bool { true }

  package var tagsAreIdentity: Bool { true }
  package var listsKeysByUser: Bool { false }
  package var keepsCreatorOfTaggedNodes: Bool { false }
  package var unsetExpiry: Timestamp? { nil }
  package var supportsExpiryInstant: Bool { true }
  package var supportsDisableExpiry: Bool { true }
  package var savesExpiry: Bool { true }
  package var locksOutTaggedNodes: Bool { true }
  package var reusesAddresses: Bool { true }
  package var supportsPolicyCheck: Bool { true }
  package var userDeletionDropsAllKeys: Bool { false }
  package var checksUserNames: Bool { false }

  package var duplicateUser: SimulatedServerError {
    .internal(
      "creating user: creating user: constraint failed: UNIQUE constraint failed: users.name (2067)"
    )
  }
  package var tagSpaceMessage: String { "tags must not contain spaces" }
  package var nameTakenMessage: String { "node name is not unique" }
  package var missingNodeMessage: String? { "node no longer exists in NodeStore" }
  package var unknownKeyMessage: String { "invalid pre auth key" }
  package var badRegistrationIDMessage: String {
    "auth ID has invalid prefix: expected prefix \"hskey-authreq-\""
  }

  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    try ownershipTarget(among: nodes, for: key)
  }

  /// The matrix of 0.29.0 to 0.29.2 and of HEAD (reference headscale-api.md §5.2).
  func ownershipTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    let tagged = nodes.first { $0.isTagged }
    let owned = nodes.filter { !$0.isTagged }
    if let user = key.userID, let node = owned.first(where: { $0.userID == user }) {
      return key.tags.isEmpty ? .update(id: node.id) : .convert(id: node.id)
    }
    // A tagged node stays as it is whoever's key is used (#3312), also with other tags: the key is
    // consumed all the same (#3370).
    if let tagged { return .update(id: tagged.id) }
    guard key.userID == nil, !key.tags.isEmpty else { return .newNode }
    guard owned.count < 2 else {
      throw RegistrationRefusal("machine key maps to ambiguous node ownership")
    }
    return owned.first.map { .convert(id: $0.id) } ?? .newNode
  }

  /// The matrix up to 0.28: by machine key and the key's own user, and by nothing else.
  func userTarget(among nodes: [ServerNode], for key: ServerKey) -> RegistrationTarget {
    guard let user = key.userID, let node = nodes.first(where: { $0.userID == user }) else {
      return .newNode
    }
    return .update(id: node.id)
  }
}
