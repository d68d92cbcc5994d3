/// Hosts whose client has to log in once more.
extension HostPlanner {
  /// Why the client of a known node has to log in again; nil where it need not.
  func rejoinReason(_ node: MeshNode) -> String? {
    if let expiry = node.expiry, expiry <= context.now { return "expired \(expiry.rfc3339)" }
    if facts?.client?.backendState == "NeedsLogin" { return "logged out" }
    if changes.contains(where: { $0.attribute == .loginServer && $0.blockedBy == nil }) {
      return "joined by another URL"
    }
    return nil
  }

  /// Adds the login to what differs on a known node, under the owner that the node has now.
  mutating func planRejoin(_ node: MeshNode, why: String) {
    // Replacing the node logs in anyway.
    guard deletions.isEmpty else { return }
    var change = Change(.presence, old: .text(why), new: .text("joined"))
    if forbidsLogin(force: holdsKey, what: why) || lacksKeyOwner(node) || refusesOnWindows() {
      change.blockedBy = .rejoinNeeded
      // What the server alone records can still be put right.
      let onServer: Set<Change.Attribute> = [.owner, .tags, .name, .approvedRoutes, .expiry]
      for index in changes.indices where !onServer.contains(changes[index].attribute) {
        changes[index].blockedBy = .rejoinNeeded
      }
      steps.subtract([.elevate, .checkServer, .startService, .setPreferences])
    } else {
      steps.formUnion([.elevate, .checkServer, .join])
      if facts.map({ $0.service != .running || isSilent($0) }) ?? true {
        steps.insert(.startService)
      }
      // A daemon that does not run tells no key; it counts as if it had one.
      reauthenticates = holdsKey || facts.map(isSilent) ?? true
      joinAs = joinOwner(of: node)
      if !node.tags.isEmpty { liftExpiry(node) }
    }
    changes.insert(change, at: 0)
  }

  private mutating func lacksKeyOwner(_ node: MeshNode) -> Bool {
    guard case .tags? = joinOwner(of: node) else { return false }
    return keyOwnerRefusal() != nil
  }

  /// A tagged node stays expired when it logs in again (upstream #3371), so that goes first.
  private mutating func liftExpiry(_ node: MeshNode) {
    // The client knows it by the second, the list's time has whole ones.
    guard let expiry = node.expiry,
      expiry <= context.now || facts?.client?.keyExpired == true
    else { return }
    if let release = context.serverRelease, release < (0, 29) { return }
    guard !changes.contains(where: { $0.attribute == .expiry }) else { return }
    changes.append(Change(.expiry, old: .text(expiry.rfc3339), new: .text("never")))
    steps.insert(.setExpiry)
  }

  /// The node's owner as the key's, so that the same node comes back.
  private func joinOwner(of node: MeshNode) -> JoinOwner? {
    if !node.tags.isEmpty { return .tags(node.tags.sorted()) }
    if let user = node.user { return .user(user.name.isEmpty ? user.email : user.name) }
    switch host.ownership {
    case .owner(let owner): return .user(owner)
    case .tags(let tags): return .tags(tags)
    case nil: return nil
    }
  }

  /// True where the client has a key, so that `up` alone would keep it.
  var holdsKey: Bool {
    guard let client = facts?.client else { return false }
    return client.haveNodeKey || client.nodeKey != nil
  }

  /// The node is this host's, but the client reports no key.
  consuming func loggedOut(
    _ node: MeshNode, _ identity: Identity, _ facts: HostFacts
  ) -> HostPlan {
    // A logout ends the node's key (reference headscale-api.md §5.5): a client without a key whose node
    // is not expired lost its state, and with it the machine key.
    guard facts.client != nil, let expiry = node.expiry, expiry <= context.now else {
      return pinOutlived(node)
    }
    compareServerSide(node)
    planRejoin(node, why: "logged out")
    compareClientVersion()
    compareSettings()
    return finished(deletions.isEmpty ? nil : .replace, node: node, identity: identity)
  }

  /// The name or pin points to `holder`, but the host itself carries another, unlisted key.
  consuming func notThisNode(
    _ holder: MeshNode, _ identity: Identity, reportedKey: String, client: ClientFacts
  ) -> HostPlan {
    if let current = otherServer(client) { return moved(from: current) }
    if identity == .name {
      return replaced(holder: holder, why: "its key is not listed any more")
    }
    compareServerSide(holder)
    planRejoin(holder, why: "unknown key \(HostPlanner.short(reportedKey))")
    compareClientVersion()
    compareSettings()
    return finished(deletions.isEmpty ? nil : .replace, node: holder, identity: identity)
  }

  /// The client believes it is joined here, but no node has its key: its node was deleted.
  ///
  /// The list was read after the probe (`Observer` sees to it).
  consuming func deleted(_ key: String) -> HostPlan {
    loginAnew(why: "deleted", detail: "\(HostPlanner.short(key)) is not listed any more")
    return finished(nil)
  }

  /// The client is joined to another control server.
  consuming func moved(from current: String) -> HostPlan {
    guard context.flags.allowMove else {
      changes.append(
        Change(
          .loginServer, old: .text(current), new: .text(context.loginServer(host).normalized),
          blockedBy: .otherServer))
      refuseMove(from: current)
      return finished(.blocked)
    }
    if case .node(let holder, .name) = match {
      return replaced(holder: holder, why: "moved from \(current)", from: current)
    }
    if case .node(let node, let identity) = match {
      compareServerSide(node)
      planRejoin(node, why: "joined to another server")
      noteMove(from: current)
      compareClientVersion()
      compareSettings()
      return finished(deletions.isEmpty ? nil : .replace, node: node, identity: identity)
    }
    loginAnew(why: "joined to another server", detail: nil)
    noteMove(from: current)
    return finished(nil)
  }

  mutating func noteMove(from current: String) {
    changes.removeAll { $0.attribute == .loginServer }
    changes.append(
      Change(
        .loginServer, old: .text(current), new: .text(context.loginServer(host).normalized),
        blockedBy: changes.first?.blockedBy))
  }

  /// A login of a client that has a key, to a mesh that does not list it: all of a join, but counted.
  mutating func loginAnew(why: String, detail: String?) {
    planJoin()
    reauthenticates = true
    reason = detail
    changes[0].old = .text(why)
    if forbidsLogin(force: true, what: why) {
      for index in changes.indices { changes[index].blockedBy = .rejoinNeeded }
    } else if changes[0].blockedBy != nil {
      for index in changes.indices { changes[index].blockedBy = changes[0].blockedBy }
    }
  }
}
