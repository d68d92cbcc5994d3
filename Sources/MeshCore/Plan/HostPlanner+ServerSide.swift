/// What the server records of a known node: ownership, approved routes, name, expiry.
extension HostPlanner {
  mutating func compareServerSide(_ node: MeshNode) {
    compareOwnership(node)
    let approved = RoutesComparison(
      exactly: node.approvedRoutes, routes: host.routes, exitNode: host.exitNode)
    if approved.differs {
      changes.append(
        Change(.approvedRoutes, old: .list(approved.present), new: .list(approved.wanted)))
      steps.insert(.approveRoutes)
    } else if let carried = approvalsOfFormerRecord(node) {
      changes.append(
        Change(.approvedRoutes, old: .list(node.approvedRoutes.sorted()), new: .list(carried)))
      steps.insert(.approveRoutes)
    }
    compareName(node)
    if host.expiry == .never, let expiry = node.expiry { compareExpiry(expiry, node) }
    if !deletions.isEmpty { keepApprovals(node) }
  }

  /// What an owner change that was cut short has not approved again on the new node, where nobody
  /// manages routes (design law 5); the former record is the last that knows it.
  private func approvalsOfFormerRecord(_ node: MeshNode) -> [String]? {
    guard host.routes == nil, host.exitNode == nil,
      let former = context.matcher.parked(for: host.name).first(where: {
        $0.id != node.id && $0.machineKey == node.machineKey
      }), !Set(former.approvedRoutes).isSubset(of: node.approvedRoutes)
    else { return nil }
    return Set(former.approvedRoutes + node.approvedRoutes).sorted()
  }

  private mutating func compareExpiry(_ expiry: Timestamp, _ node: MeshNode) {
    if let release = context.serverRelease, release < (0, 29) {
      warn(
        .expiryFixed, "Headscale below 0.29 cannot turn off the expiry of node #\(node.id)",
        detail: "Its key expires at \(expiry.rfc3339).", hint: "upgrade Headscale to 0.29")
    } else {
      changes.append(Change(.expiry, old: .text(expiry.rfc3339), new: .text("never")))
      steps.insert(.setExpiry)
    }
  }

  private mutating func compareName(_ node: MeshNode) {
    guard node.givenName != host.name else { return }
    var change = Change(.name, old: .text(node.givenName), new: .text(host.name))
    if let holder = context.matcher.holder(ofName: host.name), holder.id != node.id {
      switch context.release(holder, for: host) {
      case .parked(let parking): parkings.append(parking)
      case .held(let why, let hint):
        change.blockedBy = .nameHeld
        block(.nameHeld, why, hint: hint)
      }
    }
    if change.blockedBy == nil { steps.insert(.renameNode) }
    changes.append(change)
  }

  private mutating func compareOwnership(_ node: MeshNode) {
    switch host.ownership {
    case nil: break
    case .owner(let owner): compareOwner(owner, node)
    case .tags(let tags): compareTags(tags, node)
    }
  }

  private mutating func compareOwner(_ owner: String, _ node: MeshNode) {
    guard node.tags.isEmpty else {
      return replaceForOwner(owner, node, from: .list(node.tags))
    }
    guard let user = node.user else {
      unknown.append("owner")
      return
    }
    switch context.owners.find(owner) {
    case .unknown:
      if user.name == owner || user.email.lowercased() == owner.lowercased() { return }
    case .user(let wanted):
      if user.id == wanted.id { return }
    case .missing: break
    case .ambiguous(let users):
      if users.contains(where: { $0.id == user.id }) {
        warn(.ownerAmbiguous, HostPlanner.ambiguity(owner, users), hint: "use the email instead")
        return
      }
    }
    let present = user.name.isEmpty ? user.email : user.name
    replaceForOwner(owner, node, from: .text(present))
  }

  private mutating func compareTags(_ tags: [String], _ node: MeshNode) {
    let present = Set(node.tags).sorted()
    guard present != tags else { return }
    var change = Change(.tags, old: .list(present), new: .list(tags))
    let unowned = tagsWithoutOwner(tags)
    if !unowned.isEmpty {
      change.blockedBy = .tagNotOwned
      block(
        .tagNotOwned, HostPlanner.tagsNotOwned(unowned, policy: context.observation.policy),
        detail: "Headscale refuses to set tags that no tagOwners entry allows.",
        hint: HostPlanner.tagOwnersLines(unowned))
    } else {
      if case .unreadable(let reason) = context.observation.policy {
        unknown.append("tagOwners (\(reason))")
      }
      if case .unknown = context.observation.policy { unknown.append("tagOwners") }
      steps.insert(.setTags)
    }
    if present.isEmpty {
      let owner = node.user.map { $0.name.isEmpty ? $0.email : $0.name } ?? "its user"
      changes.append(
        Change(.owner, old: .text(owner), new: nil, blockedBy: change.blockedBy))
      guard change.blockedBy == nil else {
        changes.append(change)
        return
      }
      warn(
        .irreversible, "tagging takes node #\(node.id) from \(owner) for good",
        detail: "Headscale cannot make a tagged node user-owned again.")
    }
    changes.append(change)
  }
}
