package import MeshCore
package import MeshEngine

/// Minting and expiring pre-auth keys.
extension HeadscaleControl {
  package func createPreAuthKey(
    _ request: KeyRequest, announce: @Sendable (Timestamp) async throws -> Void
  ) async throws -> MintedKey {
    try await speaking { control in
      try await control.requireWrites()
      var wish = try await control.wish(for: request)
      let expiration = control.way.uniqueExpiration(lifetime: request.lifetime)
      wish.expiration = expiration
      try await announce(expiration)
      do {
        return try await control.way.mint(wish)
      } catch let problem as APIProblem {
        guard problem.reach == .unclear else { throw problem }
        throw await control.sweep(expiration, after: problem)
      } catch is CancellationError {
        // The server may have made the key: expire it, in a task of its own since this one is
        // cancelled.
        _ = await Task { await control.expireLost(expiration) }.value
        throw CancellationError()
      }
    }
  }

  package func expirePreAuthKey(id: String) async throws {
    try await speaking { control in
      try await control.requireWrites()
      try await control.expire(id: id)
    }
  }

  package func expireLeftOver(keyID: String) async throws -> LeftOverKey {
    try await speaking { control in
      try await control.requireWrites()
      guard let key = try await control.way.keys().first(where: { $0.id == keyID }), !key.used,
        key.expiration.map({ $0 > control.way.now() }) ?? true
      else { return .harmless }
      guard key.mayBeOurs else { return .foreign }
      try await control.expire(id: keyID)
      return .expired
    }
  }

  package func expireUnusedKeys(expiringAt expiration: Timestamp) async throws {
    try await speaking { control in
      try await control.requireWrites()
      _ = try await control.expireUnused(expiration)
    }
  }

  // MARK: Pieces

  private func expire(id: String) async throws {
    do {
      try await way.send(.expireKey(id: id))
    } catch let problem as APIProblem {
      // 0.30 says 404 for an unknown key, older ones say nothing; both mean it is no danger.
      if problem.reach == .refused(status: 404), problem.failure.diagnostic.code == .apiRefused {
        return
      }
      guard problem.reach == .unclear, await isHarmless(id) else { throw problem }
    }
  }

  /// Whether the list shows that a key cannot be used any more; no where it cannot be read.
  private func isHarmless(_ id: String) async -> Bool {
    guard let keys = try? await way.keys() else { return false }
    guard let key = keys.first(where: { $0.id == id }) else { return true }
    return key.used || key.expiration.map { $0 <= way.now() } == true
  }

  /// Everything of the wish but the expiration.
  private func wish(for request: KeyRequest) async throws -> KeyWish {
    let unset = Timestamp(seconds: 0)
    switch request.owner {
    case .user(let name):
      return KeyWish(user: try await user(named: name).id, expiration: unset)
    case .tags(let tags, let keyOwner):
      let server = try await knownServer()
      guard server.dialect.taggedKeyNeedsUser else {
        return KeyWish(tags: tags, expiration: unset)
      }
      guard let keyOwner else {
        throw Failure(
          .apiKeyOwner, "Headscale \(server.version) needs server.key_owner for tagged hosts",
          detail: """
            A tagged key without a user makes a duplicate of every node that joins again, below 0.29.
            """,
          hint: "write key_owner: USER under server: in the inventory, always the same user")
      }
      return KeyWish(user: try await user(named: keyOwner).id, tags: tags, expiration: unset)
    }
  }

  /// Finds a user by name, else by email.
  private func user(named name: String) async throws -> MeshUser {
    let users = try await way.users()
    let byName = users.filter { $0.name == name }
    let found =
      byName.isEmpty ? users.filter { $0.email.lowercased() == name.lowercased() } : byName
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      throw Failure(
        .apiUserUnknown, "Headscale has no user \(name)",
        detail: "Neither a name nor an email says so; it has \(users.count) users.",
        hint: "check the spelling: headscale users list")
    }
    let ids = found.map { "#\($0.id)" }.joined(separator: ", ")
    throw Failure(
      .apiUserAmbiguous, "\(found.count) users are called \(name): \(ids)",
      detail: "meshctl does not guess whose key it is to be.",
      hint: "name the one you mean by email, or rename one: headscale users rename")
  }

  /// Expires what an unclear failure may have left, and says so.
  private func sweep(_ expiration: Timestamp, after problem: APIProblem) async -> Failure {
    let outcome = await Task { await self.expireLost(expiration) }.value
    var diagnostic = problem.failure.diagnostic
    diagnostic.detail = [diagnostic.detail, outcome].compactMap(\.self).joined(separator: " ")
    return Failure(diagnostic)
  }

  private func expireUnused(_ expiration: Timestamp) async throws -> [String] {
    let lost = try await way.keys().filter { !$0.used && way.isKey($0, of: expiration) }
    for key in lost { try await expire(id: key.id) }
    return lost.map(\.id)
  }

  /// Expires unused keys that carry exactly our expiration.
  ///
  /// - Returns: what was done, as a sentence.
  private func expireLost(_ expiration: Timestamp) async -> String {
    do {
      let lost = try await expireUnused(expiration)
      if lost.isEmpty { return "No key was left on the server." }
      let ids = lost.map { "#\($0)" }.joined(separator: ", ")
      return "The server had made key \(ids) all the same; it was expired."
    } catch {
      return "Whether a key was left is unknown; it would end by itself at \(expiration.rfc3339)."
    }
  }
}
