package import MeshCore
package import MeshEngine

/// Minting and expiring pre-auth keys.
extension HeadscaleREST {
  package func createPreAuthKey(
    _ request: KeyRequest, announce: @Sendable (Timestamp) async throws -> Void
  ) async throws -> MintedKey {
    try await speaking { rest in
      try await rest.requireWrites()
      var body = try await rest.body(for: request)
      let expiration = rest.uniqueExpiration(lifetime: request.lifetime)
      body.expiration = expiration.rfc3339
      let call = try HeadscaleRequests.createKey(body)
      try await announce(expiration)
      do {
        let answer = try await rest.transport.send(call)
        return try rest.minted(answer, call, expiration)
      } catch let problem as APIProblem {
        guard problem.reach == .unclear else { throw problem }
        throw await rest.sweep(expiration, after: problem)
      } catch is CancellationError {
        // The server may have made the key: expire it, in a task of its own since this one is
        // cancelled.
        _ = await Task { await rest.expireLost(expiration) }.value
        throw CancellationError()
      }
    }
  }

  package func expirePreAuthKey(id: String) async throws {
    try await speaking { rest in
      try await rest.requireWrites()
      try await rest.expire(id: id)
    }
  }

  package func expireUnusedKeys(expiringAt expiration: Timestamp) async throws {
    try await speaking { rest in
      try await rest.requireWrites()
      _ = try await rest.expireUnused(expiration)
    }
  }

  // MARK: Pieces

  private func expire(id: String) async throws {
    let request = try HeadscaleRequests.expireKey(id: id)
    let answer = try await transport.send(request)
    // 0.30 says 404 for an unknown key, older ones say nothing; both mean it is no danger.
    let isUnknown = answer.status == 404 && WireProblem.words(in: answer.body) != nil
    if answer.isSuccess && !answer.isPage || isUnknown { return }
    if answer.isSuccess { throw APIProblem(.unclear, transport.words.notHeadscale(answer)) }
    throw transport.words.problem(answer, to: request.purpose)
  }

  /// Everything of the body but the expiration.
  private func body(for request: KeyRequest) async throws -> CreateKeyBody {
    switch request.owner {
    case .user(let name):
      let user = try await user(named: name)
      return CreateKeyBody(user: user.id, expiration: "")
    case .tags(let tags, let keyOwner):
      let server = try await knownServer()
      guard server.dialect.taggedKeyNeedsUser else {
        return CreateKeyBody(expiration: "", aclTags: tags)
      }
      guard let keyOwner else {
        throw Failure(
          .apiKeyOwner, "Headscale \(server.version) needs server.key_owner for tagged hosts",
          detail: """
            A tagged key without a user makes a duplicate of every node that joins again, below 0.29.
            """,
          hint: "write key_owner: USER under server: in the inventory, always the same user")
      }
      return CreateKeyBody(
        user: try await user(named: keyOwner).id, expiration: "", aclTags: tags)
    }
  }

  /// Finds a user by name, else by email.
  private func user(named name: String) async throws -> MeshUser {
    let users = try await listUsers()
    let byName = users.filter { $0.name == name }
    let found = byName.isEmpty ? users.filter { $0.email.lowercased() == name.lowercased() } : byName
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      throw transport.words.failure(
        .apiUserUnknown, "Headscale has no user \(name)",
        detail: "Neither a name nor an email says so; it has \(users.count) users.",
        hint: "check the spelling: headscale users list")
    }
    let ids = found.map { "#\($0.id)" }.joined(separator: ", ")
    throw transport.words.failure(
      .apiUserAmbiguous, "\(found.count) users are called \(name): \(ids)",
      detail: "meshctl does not guess whose key it is to be.",
      hint: "name the one you mean by email, or rename one: headscale users rename")
  }

  /// Server time plus the lifetime, with a random fraction that tells this key from all others.
  ///
  /// Microseconds, because PostgreSQL keeps no more; never zero, so that it is always written.
  private func uniqueExpiration(lifetime: Int) -> Timestamp {
    let seconds = clock.now().seconds + Int64(min(max(lifetime, 1), 900))
    return Timestamp(seconds: seconds, nanoseconds: Int32.random(in: 1...999_999) * 1000)
  }

  private func minted(
    _ answer: APIAnswer, _ call: APIRequest, _ expiration: Timestamp
  ) throws -> MintedKey {
    let created: WireCreatedKey = try decode(answer, of: call, isSecret: true)
    let key = created.preAuthKey
    guard key.isUsable else {
      throw APIProblem(
        .unclear, transport.words.badAnswer("the key in it is not a whole key", to: call.purpose))
    }
    return MintedKey(id: key.id, key: key.key, expiration: key.expiration ?? expiration)
  }

  /// Expires what an unclear failure may have left, and says so.
  private func sweep(_ expiration: Timestamp, after problem: APIProblem) async -> Failure {
    let outcome = await Task { await self.expireLost(expiration) }.value
    var diagnostic = problem.failure.diagnostic
    diagnostic.detail = [diagnostic.detail, outcome].compactMap(\.self).joined(separator: " ")
    return Failure(diagnostic)
  }

  private func expireUnused(_ expiration: Timestamp) async throws -> [String] {
    let answer = try await transport.send(HeadscaleRequests.keys)
    let list: WireKeyList = try decode(answer, of: HeadscaleRequests.keys, isSecret: true)
    let lost = (list.preAuthKeys ?? []).filter { !$0.used && $0.expiration == expiration }
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
