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
    for tag in order.tags {
      if let problem = tagProblem(tag) { throw .invalidArgument(problem) }
    }
    if let id = order.userID, user(id) == nil { throw .unknown("user not found") }
    guard order.userID != nil || !order.tags.isEmpty else {
      throw .unknown("auth-key must be either tagged or owned by user")
    }
    lastIDs.preAuthKey += 1
    let prefix = random.base64URL(12)
    let secret = random.base64URL(64)
    var key = ServerKey(
      id: lastIDs.preAuthKey, prefix: prefix, secret: secret,
      expiration: order.expiration ?? .goZero, createdAt: now)
    key.userID = order.userID
    key.reusable = order.reusable
    key.ephemeral = order.ephemeral
    key.tags = order.tags
    preAuthKeys.append(key)
    var view = view(of: key)
    view.text = "hskey-auth-\(prefix)-\(secret)"
    return view
  }

  package func listPreAuthKeys() -> [KeyView] { preAuthKeys.map { view(of: $0) } }

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
    let key = ServerKey(
      id: lastIDs.apiKey, prefix: random.base64URL(12), secret: random.base64URL(64),
      expiration: expiration ?? .goZero, createdAt: now)
    apiKeys.append(key)
    return "hskey-api-\(key.prefix)-\(key.secret ?? "")"
  }

  /// True when the text is an API key that has not expired.
  package func isValidAPIKey(_ text: String, now: Timestamp) -> Bool {
    guard text.hasPrefix("hskey-api-") else { return false }
    let rest = Array(text.dropFirst("hskey-api-".count))
    guard rest.count == 77, rest[12] == "-" else { return false }
    return apiKeys.contains {
      $0.prefix == String(rest[..<12]) && $0.secret == String(rest[13...]) && $0.expiration > now
    }
  }

  /// Expires an API key by its 12 public characters or its id.
  package mutating func expireAPIKey(
    prefix: String?, id: Int?, now: Timestamp
  ) throws(SimulatedServerError) {
    apiKeys[try apiKeyIndex(prefix: prefix, id: id)].expiration = now
  }

  package mutating func deleteAPIKey(prefix: String) throws(SimulatedServerError) {
    apiKeys.remove(at: try apiKeyIndex(prefix: prefix, id: nil))
  }

  private func apiKeyIndex(prefix: String?, id: Int?) throws(SimulatedServerError) -> Int {
    guard (prefix == nil) != (id == nil) else {
      throw .invalidArgument("must provide either id or prefix")
    }
    let wanted = prefix.map {
      $0.hasPrefix("hskey-api-") ? String($0.dropFirst(10).prefix(12)) : $0
    }
    guard let index = apiKeys.firstIndex(where: { $0.id == id || $0.prefix == wanted }) else {
      throw .unknown("record not found")
    }
    return index
  }
}
