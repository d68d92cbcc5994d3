/// Hosts that get a new node: reinstalled ones, and those whose owner the server cannot change.
extension HostPlanner {
  /// Parks the offline holder of the name and joins: the host has no node of its own any more.
  consuming func replaced(
    holder: MeshNode, why: String, from server: String? = nil
  ) -> HostPlan {
    // An alias only pointed to a node, and nobody holds the name itself.
    guard holder.givenName == host.name else { return joinedAside(holder, why, from: server) }
    planJoin()
    reason = why
    if let server { noteMove(from: server) }
    let parking: Parking
    switch context.release(holder, for: host) {
    case .parked(let found): parking = found
    case .held(let held, let hint):
      refuseJoin(
        .nameHeld, "\(why), but \(held)", detail: "Joining now would get a suffixed name.",
        hint: hint)
      return finished(.blocked)
    }
    if forbidsLogin(force: holdsKey, what: why) {
      refuseJoin()
      return finished(.blocked)
    }
    guard changes.allSatisfy({ $0.blockedBy == nil }) else { return finished(.blocked) }
    reauthenticates = holdsKey
    parkings.append(parking)
    steps.insert(.renameNode)
    return finished(.replace, node: holder, identity: .name)
  }

  private consuming func joinedAside(
    _ other: MeshNode, _ why: String, from server: String?
  ) -> HostPlan {
    warn(
      .possibleTwin, "\(why), so it is not node #\(other.id) (\(other.givenName)) of its aliases",
      detail: "That node is left alone.", hint: "remove the alias \(other.givenName)")
    guard holdsKey else {
      planJoin()
      return finished(changes.allSatisfy { $0.blockedBy == nil } ? .join : .blocked)
    }
    loginAnew(why: why, detail: nil)
    if let server { noteMove(from: server) }
    return finished(nil)
  }

  private mutating func refuseJoin() {
    for index in changes.indices where changes[index].blockedBy == nil {
      changes[index].blockedBy = .rejoinNeeded
    }
  }

  private mutating func refuseJoin(
    _ code: DiagnosticCode, _ message: String, detail: String, hint: String
  ) {
    for index in changes.indices { changes[index].blockedBy = code }
    block(code, message, detail: detail, hint: hint)
  }

  /// Changes the owner of a known node, which the server cannot: the client logs in under the new one
  /// and gets another node with other addresses (reference headscale-api.md §5.2).
  mutating func replaceForOwner(_ owner: String, _ node: MeshNode, from present: Change.Value) {
    var change = Change(.owner, old: present, new: .text(owner))
    let isTagged = !node.tags.isEmpty
    let what = isTagged ? "giving the tagged node #\(node.id) to \(owner)" : "changing its owner"
    let parkedSelf = context.parked(node, for: host, .ownerChange)
    if let refusal = ownerRefusal(owner) {
      change.blockedBy = refusal
    } else if forbidsLogin(force: true, what: what) {
      change.blockedBy = .ownerChange
    } else if case .held(let why, let hint) = parkedSelf {
      change.blockedBy = .nameHeld
      block(.nameHeld, why, hint: hint)
    } else {
      var parking: Parking?
      // A run that was cut short has parked it already.
      if case .parked(let found) = parkedSelf, found.parkedName != node.givenName {
        parking = found
      }
      reason =
        (isTagged ? "a tagged node cannot become a user's" : "no server call changes an owner")
        + "; new addresses instead of "
        + (node.ipAddresses.isEmpty ? "the present ones" : list(node.ipAddresses))
      deletions.append(
        Deletion(
          node: NodeReference(id: node.id, nodeKey: node.nodeKey), name: node.givenName,
          reason: isTagged ? .untag : .ownerChange, byAge: false))
      if !isTagged { parkings += [parking].compactMap(\.self) }
      reauthenticates = true
      joinAs = .user(owner)
      steps.formUnion([.elevate, .checkServer, .join, .renameNode, .deleteNode])
      if facts.map({ $0.service != .running || isSilent($0) }) ?? true {
        steps.insert(.startService)
      }
      if case .missing(creatable: true) = context.owners.find(owner) { steps.insert(.createUser) }
    }
    changes.append(change)
  }

  /// The new node starts without any approved route; what the old one had is approved again.
  mutating func keepApprovals(_ node: MeshNode) {
    let isManaged = host.routes != nil || host.exitNode != nil
    let kept =
      isManaged
      ? RoutesComparison(
        exactly: node.approvedRoutes, routes: host.routes, exitNode: host.exitNode
      ).wanted : node.approvedRoutes.sorted()
    guard !kept.isEmpty, !changes.contains(where: { $0.attribute == .approvedRoutes }) else {
      return
    }
    changes.append(Change(.approvedRoutes, old: .list([]), new: .list(kept)))
    steps.insert(.approveRoutes)
  }

  private func list(_ addresses: [String]) -> String { addresses.joined(separator: ", ") }

  /// Why nobody could log in under that owner.
  private mutating func ownerRefusal(_ owner: String) -> DiagnosticCode? {
    switch context.owners.find(owner) {
    case .user, .unknown, .missing(creatable: true): return nil
    case .missing(creatable: false):
      block(
        .ownerUnknown, "no user has the email \(owner)",
        detail: "Only a login brings users with an email.",
        hint: "let that person log in once, or name a local user")
      return .ownerUnknown
    case .ambiguous(let users):
      block(.ownerAmbiguous, HostPlanner.ambiguity(owner, users), hint: "use the email instead")
      return .ownerAmbiguous
    }
  }
}
