package import MeshCore
package import MeshEngine

/// The simulated server as the engine's port, with the codes and words of the REST adapter.
package struct SimulatedControlPlane: ControlPlane, ServerExamining {
  private let world: SimulatedWorld

  package init(_ world: SimulatedWorld) { self.world = world }

  package func identify() async throws -> ServerIdentity {
    let version = try await world.read { server, _ in server.rules.version }
    return ServerIdentity(url: world.serverURL.normalized, version: version)
  }

  package func nodes() async throws -> NodeList {
    try await world.read { server, now in
      do throws(SimulatedServerError) {
        let nodes = try server.listNodes(now: now).map { $0.meshNode }
        // HTTP dates have whole seconds.
        return NodeList(nodes: nodes, serverTime: Timestamp(seconds: now.seconds))
      } catch {
        throw ControlWords.refused(error, to: "list nodes")
      }
    }
  }

  package func users() async throws -> [MeshUser] {
    try await world.read { server, _ in server.listUsers().map(\.meshUser) }
  }

  package func policy() async throws -> PolicyState {
    try await world.read { server, _ in
      guard let policy = server.policy else { return .none }
      do throws(PolicyText.Problem) {
        return .tagOwners(try PolicyText.tagOwners(in: policy.text))
      } catch {
        return .unreadable(error.message)
      }
    }
  }

  package func examine() async throws -> ServerExamination {
    let version = try await world.read { server, _ in server.rules.version }
    var support: Diagnostic?
    if let known = HeadscaleVersion(version), known < HeadscaleVersion(0, 28) {
      support = ControlWords.readOnly(version)
    }
    return ServerExamination(support: support, key: .notNeeded("the server is simulated"))
  }

  package func createUser(name: String) async throws {
    try await change("create the user \(name)") { server, now throws(SimulatedServerError) in
      _ = try server.createUser(name: name, now: now)
    }
  }

  package func expireUnusedKeys(expiringAt expiration: Timestamp) async throws {
    _ = try await world.read { _, _ in true }
    await world.expireUnusedKey(expiring: expiration)
  }

  package func createPreAuthKey(
    _ request: KeyRequest, announce: @Sendable (Timestamp) async throws -> Void
  ) async throws -> MintedKey {
    let expiration = await world.expiration(lifetime: request.lifetime)
    try await announce(expiration)
    do {
      return try await mint(request, expiration: expiration)
    } catch {
      await world.expireUnusedKey(expiring: expiration)
      throw error
    }
  }

  private func mint(_ request: KeyRequest, expiration: Timestamp) async throws -> MintedKey {
    let purpose = "create a pre-auth key"
    return try await world.change(ControlWords.timeout(purpose)) { server, now in
      let order: SimulatedHeadscale.KeyOrder
      switch request.owner {
      case .user(let name):
        order = .init(userID: try server.userID(named: name), expiration: expiration)
      case .tags(let tags, let keyOwner):
        let owner = try keyOwner.map { try server.userID(named: $0) }
        guard owner != nil || !server.rules.keepsCreatorOfTaggedNodes else {
          throw ControlWords.keyOwnerMissing(version: server.rules.version)
        }
        order = .init(
          userID: server.rules.keepsCreatorOfTaggedNodes ? owner : nil, expiration: expiration,
          tags: tags)
      }
      do throws(SimulatedServerError) {
        let view = try server.createPreAuthKey(order, now: now)
        return MintedKey(
          id: String(view.key.id), key: Secret(view.text), expiration: view.key.expiration)
      } catch {
        throw ControlWords.refused(error, to: purpose)
      }
    }
  }

  package func expirePreAuthKey(id: String) async throws {
    try await change("expire pre-auth key \(id)") { server, now throws(SimulatedServerError) in
      guard let number = Int(id) else {
        throw .invalidArgument("invalid value for uint64 field id: \"\(id)\"")
      }
      server.expirePreAuthKey(number, now: now)
    }
  }

  package func setTags(nodeID: String, tags: [String]) async throws {
    try await changeNode(nodeID, "set tags of node #\(nodeID)") {
      server, id, now throws(SimulatedServerError) in
      _ = try server.setTags(node: id, tags: tags, now: now)
    }
  }

  package func approveRoutes(nodeID: String, routes: [String]) async throws {
    try await changeNode(nodeID, "approve routes of node #\(nodeID)") {
      server, id, now throws(SimulatedServerError) in
      _ = try server.approveRoutes(node: id, routes: routes, now: now)
    }
  }

  package func rename(nodeID: String, to name: String) async throws {
    try await changeNode(nodeID, "rename node #\(nodeID) to \(name)") {
      server, id, now throws(SimulatedServerError) in
      _ = try server.rename(node: id, to: name, now: now)
    }
  }

  package func disableExpiry(nodeID: String) async throws {
    try await changeNode(nodeID, "turn off the expiry of node #\(nodeID)") {
      server, id, now throws(SimulatedServerError) in
      guard server.rules.supportsDisableExpiry else {
        throw .invalidArgument("this version cannot turn off the expiry of a node")
      }
      _ = try server.expire(node: id, at: nil, disable: true, now: now)
    }
  }

  package func deleteNode(id: String) async throws {
    try await change("delete node #\(id)") { server, _ throws(SimulatedServerError) in
      guard let number = Int(id) else {
        throw .invalidArgument("invalid value for uint64 field node_id: \"\(id)\"")
      }
      // Gone is what was asked for.
      if server.index(ofNode: number) != nil { try server.delete(node: number) }
    }
  }

  private func change(
    _ purpose: String,
    _ body:
      @escaping @Sendable (inout SimulatedHeadscale, Timestamp) throws(SimulatedServerError)
      -> Void
  ) async throws {
    try await world.change(ControlWords.timeout(purpose)) { server, now in
      do throws(SimulatedServerError) {
        try body(&server, now)
      } catch {
        throw ControlWords.refused(error, to: purpose)
      }
    }
  }

  private func changeNode(
    _ nodeID: String, _ purpose: String,
    _ body:
      @escaping @Sendable (inout SimulatedHeadscale, Int, Timestamp)
      throws(SimulatedServerError) -> Void
  ) async throws {
    try await world.change(ControlWords.timeout(purpose)) { server, now in
      guard let id = Int(nodeID), server.index(ofNode: id) != nil else {
        throw ControlWords.nodeGone(nodeID, purpose: purpose)
      }
      do throws(SimulatedServerError) {
        try body(&server, id, now)
      } catch {
        throw ControlWords.refused(error, to: purpose)
      }
    }
  }
}

extension SimulatedHeadscale {
  /// A user by name or email.
  func userID(named name: String) throws(Failure) -> Int {
    let found = users.filter { $0.name == name || (!$0.email.isEmpty && $0.email == name) }
    guard let user = found.first else {
      throw ControlWords.userUnknown(name, count: users.count)
    }
    guard found.count == 1 else { throw ControlWords.userAmbiguous(name, ids: found.map(\.id)) }
    return user.id
  }
}
