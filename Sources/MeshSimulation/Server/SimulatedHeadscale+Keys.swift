package import MeshCore

extension SimulatedHeadscale {
  /// What a new pre-auth key is asked for.
  package struct KeyOrder: Sendable {
    package var userID: Int?
    package var reusable = false
    package var ephemeral = false
    /// Nil is stored as year 1: the key is born expired (#1579).
    package var expiration: Timestamp?
    package var tags: [String] = []

    package init(userID: Int? = nil, expiration: Timestamp?, tags: [String] = []) {
      self.userID = userID
      self.expiration = expiration
      self.tags = tags
    }
  }

  /// Creates a pre-auth key; only this answer shows its full text.
  package mutating func createPreAuthKey(
    _ order: KeyOrder, now: Timestamp
  ) throws(SimulatedServerError) -> KeyView {
    let purpose = "creating pre-auth key"
    for tag in order.tags {
      if let problem = tagProblem(tag) {
        throw refusal(.invalidArgument(problem), problem: 400, "invalid tag", problem)
      }
    }
    if let id = order.userID, user(id) == nil { throw noUser(to: purpose) }
    // Up to 0.27 every key has a user.
    if rules.listsKeysByUser, order.userID == nil { throw noUser(to: purpose) }
    guard order.userID != nil || !order.tags.isEmpty else {
      let problem = "auth-key must be either tagged or owned by user"
      throw refusal(.unknown(problem), problem: 400, purpose, problem)
    }
    lastIDs.preAuthKey += 1
    let (prefix, secret) = newSecret(plain: (0, 48))
    var key = ServerKey(
      id: lastIDs.preAuthKey, prefix: prefix, secret: secret,
      expiration: order.expiration ?? .goZero, createdAt: now)
    key.userID = order.userID
    key.reusable = order.reusable
    key.ephemeral = order.ephemeral
    key.tags = order.tags
    preAuthKeys.append(key)
    var view = view(of: key)
    view.text = prefix.isEmpty ? secret : "hskey-auth-\(prefix)-\(secret)"
    return view
  }

  /// The two halves of a new key; `plain` are their lengths up to 0.27.
  private mutating func newSecret(
    plain: (prefix: Int, secret: Int)
  ) -> (prefix: String, secret: String) {
    switch rules.keyForm {
    case .plain: (random.hex(plain.prefix), random.hex(plain.secret))
    case .base64URL: (random.base64URL(12), random.base64URL(64))
    case .hex: (random.hex(12), random.hex(64))
    }
  }

  /// Gives a key another secret half.
  ///
  /// - Returns: the key's whole text; nil where there is no such key.
  mutating func renewSecret(ofKey id: Int) -> String? {
    guard let index = preAuthKeys.firstIndex(where: { $0.id == id }) else { return nil }
    let (_, secret) = newSecret(plain: (0, 48))
    preAuthKeys[index].secret = secret
    let prefix = preAuthKeys[index].prefix
    return prefix.isEmpty ? secret : "hskey-auth-\(prefix)-\(secret)"
  }

  package func listPreAuthKeys() -> [KeyView] { preAuthKeys.map { view(of: $0) } }

  /// The keys of one user, as 0.26 and 0.27 list them.
  package func listPreAuthKeys(user id: Int?) throws(SimulatedServerError) -> [KeyView] {
    guard let id, user(id) != nil else { throw noUser(to: "listing pre-auth keys") }
    return listPreAuthKeys().filter { $0.key.userID == id }
  }

  /// The id of a key by its full text, as 0.26 and 0.27 name keys.
  package func preAuthKeyID(text: String, user id: Int?) throws(SimulatedServerError) -> Int {
    guard let key = preAuthKeys.first(where: { $0.secret == text && $0.prefix.isEmpty }) else {
      throw .unknown(mode == .v0_26 ? "AuthKey not found" : "auth-key not found")
    }
    guard key.userID == id else { throw .unknown("preauth key does not belong to user") }
    return key.id
  }

  /// Refuses the id of no key where the mode does; up to 0.29 it is no error.
  package func requirePreAuthKey(
    _ id: Int?, to purpose: String
  ) throws(SimulatedServerError) {
    guard rules.generation == .problems else { return }
    guard preAuthKeys.contains(where: { $0.id == id }) else {
      throw .problem(404, purpose, "auth-key not found: record not found")
    }
  }

  /// Expires a key; an unknown id is no error.
  package mutating func expirePreAuthKey(_ id: Int, now: Timestamp) {
    guard let index = preAuthKeys.firstIndex(where: { $0.id == id }) else { return }
    preAuthKeys[index].expiration = now
  }

  /// Deletes a key.
  ///
  /// Nodes that joined with it stay. An unknown id is no error.
  package mutating func deletePreAuthKey(_ id: Int) { dropKeys { $0.id == id } }

  mutating func dropKeys(where isDropped: (ServerKey) -> Bool) {
    preAuthKeys.removeAll(where: isDropped)
    let left = Set(preAuthKeys.map(\.id))
    for index in nodes.indices {
      if let id = nodes[index].authKeyID, !left.contains(id) { nodes[index].authKeyID = nil }
    }
  }

  /// Finds the key of a registration by its full text.
  func preAuthKey(matching text: String) throws(RegistrationRefusal) -> ServerKey {
    if let key = preAuthKeys.first(where: { $0.prefix.isEmpty && $0.secret == text }) {
      return key
    }
    let start = "hskey-auth-"
    guard text.hasPrefix(start) else { throw RegistrationRefusal(rules.unknownKeyMessage) }
    let rest = Array(text.dropFirst(start.count))
    guard rest.count == 77, rest[12] == "-" else {
      throw RegistrationRefusal(
        "handling register with auth key: failed to parse auth-key: expected prefix of 12 and "
          + "secret of 64 characters")
    }
    let prefix = String(rest[..<12])
    guard let key = preAuthKeys.first(where: { $0.prefix == prefix }) else {
      throw RegistrationRefusal(rules.unknownKeyMessage)
    }
    guard key.secret == String(rest[13...]) else {
      throw RegistrationRefusal(
        "handling register with auth key: invalid auth key: crypto/bcrypt: hashedPassword is not "
          + "the hash of the given password")
    }
    return key
  }
}

extension SimulatedHeadscale {
  /// Creates an API key and returns its full text.
  package mutating func createAPIKey(expiration: Timestamp?, now: Timestamp) -> String {
    lastIDs.apiKey += 1
    let (prefix, secret) = newSecret(plain: (7, 32))
    apiKeys.append(
      ServerKey(
        id: lastIDs.apiKey, prefix: prefix, secret: secret, expiration: expiration ?? .goZero,
        createdAt: now))
    return rules.keyForm == .plain ? "\(prefix).\(secret)" : "hskey-api-\(prefix)-\(secret)"
  }

  /// True when the text is an API key that has not expired; both forms are good in every version.
  package func isValidAPIKey(_ text: String, now: Timestamp) -> Bool {
    let halves: (prefix: String, secret: String)
    if text.hasPrefix("hskey-api-") {
      let rest = Array(text.dropFirst("hskey-api-".count))
      guard rest.count == 77, rest[12] == "-" else { return false }
      halves = (String(rest[..<12]), String(rest[13...]))
    } else {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, parts[0].count == 7 else { return false }
      halves = (parts[0], parts[1])
    }
    return apiKeys.contains {
      $0.prefix == halves.prefix && $0.secret == halves.secret && $0.expiration > now
    }
  }

  /// Expires an API key by its public characters or its id.
  package mutating func expireAPIKey(
    prefix: String?, id: Int?, now: Timestamp
  ) throws(SimulatedServerError) {
    apiKeys[try apiKeyIndex(prefix: prefix, id: id)].expiration = now
  }

  package mutating func deleteAPIKey(
    prefix: String, id: Int? = nil
  ) throws(SimulatedServerError) {
    apiKeys.remove(at: try apiKeyIndex(prefix: prefix, id: id))
  }

  private func apiKeyIndex(prefix: String?, id: Int?) throws(SimulatedServerError) -> Int {
    guard (prefix == nil) != (id == nil) else {
      throw refusal(
        .invalidArgument("must provide either id or prefix"), problem: 400,
        prefix == nil ? "must provide id or prefix" : "provide either id or prefix, not both")
    }
    let wanted = prefix.map {
      $0.hasPrefix("hskey-api-") ? String($0.dropFirst(10).prefix(12)) : $0
    }
    guard let index = apiKeys.firstIndex(where: { $0.id == id || $0.prefix == wanted }) else {
      throw refusal(
        .unknown("record not found"), problem: 404, "getting api key", "record not found")
    }
    return index
  }
}
