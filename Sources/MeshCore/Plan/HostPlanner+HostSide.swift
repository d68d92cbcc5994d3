/// What the host itself decides: advertised routes, preferences, and whether it is there at all.
extension HostPlanner {
  mutating func compareHostSide(_ node: MeshNode) {
    let reported = provenPreferences(node)
    let advertised = RoutesComparison(
      present: reported?.advertiseRoutes ?? node.availableRoutes, routes: host.routes,
      exitNode: host.exitNode)
    if advertised.differs {
      changes.append(
        Change(.advertisedRoutes, old: .list(advertised.present), new: .list(advertised.wanted)))
      steps.insert(.setPreferences)
    }
    guard let reported else {
      if host.preferences != ClientPreferences() { unknown.append("client preferences") }
      return
    }
    compareLoginServer(reported)
    if facts?.waiting != nil, facts?.client?.backendState == "Running" {
      planTakeBack()
    }
    comparePreference(.acceptRoutes, host.preferences.acceptRoutes, reported.acceptRoutes)
    comparePreference(.acceptDNS, host.preferences.acceptDNS, reported.acceptDNS)
    comparePreference(.tailscaleSSH, host.preferences.tailscaleSSH, reported.tailscaleSSH)
    comparePreference(.shieldsUp, host.preferences.shieldsUp, reported.shieldsUp)
    if let wanted = host.preferences.operatorUser, wanted != reported.operatorUser {
      changes.append(
        Change(.operatorUser, old: .text(reported.operatorUser), new: .text(wanted)))
      steps.insert(.setPreferences)
    }
  }

  /// Preferences count only when they are this node's own.
  private func provenPreferences(_ node: MeshNode) -> ReportedPreferences? {
    guard let client = facts?.client, client.nodeKey == node.nodeKey else { return nil }
    return client.preferences
  }

  private mutating func comparePreference(
    _ attribute: Change.Attribute, _ wanted: Bool?, _ present: Bool
  ) {
    guard let wanted, wanted != present else { return }
    var change = Change(attribute, old: .flag(present), new: .flag(wanted))
    if let peer = meshPeer, cuts(attribute, wanted) {
      change.blockedBy = .cutsOwnPath
      block(
        .cutsOwnPath, "\(HostText.label(attribute)) would cut the SSH connection that changes it",
        detail: "meshctl reaches \(host.key) over the mesh, and this decides who may.",
        evidence: "SSH comes from \(peer)",
        hint: "give \(host.key) an address outside the mesh, or change it there by hand")
    } else {
      steps.insert(.setPreferences)
    }
    changes.append(change)
  }

  /// Preferences that decide who reaches the host over the mesh, and which way its answers go.
  private func cuts(_ attribute: Change.Attribute, _ wanted: Bool) -> Bool {
    switch attribute {
    case .tailscaleSSH, .acceptRoutes: true
    case .shieldsUp: wanted
    default: false
    }
  }

  /// Where SSH comes from, when it comes over the mesh (design law 11): clients take addresses of
  /// these two ranges only.
  var meshPeer: String? { facts?.sshPeer.flatMap(MeshPath.peer) }

  /// A node that is listed here may still be configured with another spelling of the server.
  private mutating func compareLoginServer(_ reported: ReportedPreferences) {
    let wanted = context.loginServer(host)
    guard !reported.controlURL.isEmpty, let present = ServerURL(reported.controlURL),
      !host.isServed(by: present, wanting: wanted), present != context.inventory.server.url
    else { return }
    let move = Change(
      .loginServer, old: .text(present.normalized), new: .text(wanted.normalized),
      blockedBy: context.flags.allowMove ? nil : .otherServer)
    changes.append(move)
    guard !context.flags.allowMove else { return }
    block(
      .otherServer, "the client uses another URL of this server",
      detail: "Changing it needs a new login.", evidence: reported.controlURL,
      hint: "add --allow-move, or write server_url: \(reported.controlURL)")
  }

  mutating func comparePresence(_ node: MeshNode) {
    guard host.offline == .repair else { return }
    if let client = facts?.client, client.nodeKey == node.nodeKey || client.nodeKey == nil {
      compareClientState(node, client)
    } else if isOverdue(node) {
      changes.append(Change(.online, old: .flag(false), new: .flag(true)))
      steps.formUnion([.elevate, .startService])
    }
  }

  private mutating func compareClientState(_ node: MeshNode, _ client: ClientFacts) {
    // A daemon that answers runs, also where no service manager that we know started it.
    if client.backendState == "Running" || client.backendState == "Starting" {
      guard isOverdue(node) else { return }
      // The client believes it is connected: find out whether it reaches the server at all.
      changes.append(Change(.online, old: .flag(false), new: .flag(true)))
      steps.formUnion([.elevate, .checkServer, .startService])
      return
    }
    if heldElsewhere != nil {
      // Only the list tells; what it says can be mended by the client's own user alone.
      guard isOverdue(node) else { return }
      changes.append(
        Change(.online, old: .flag(false), new: .flag(true), blockedBy: .clientOtherUser))
      return
    }
    let isDown = client.backendState == nil || client.backendState == "Stopped"
    guard isDown || !node.online else { return }
    // The host knows better than a list that may be a minute old.
    changes.append(Change(.online, old: .flag(false), new: .flag(true)))
    steps.formUnion([.elevate, .startService])
  }

  /// Removes what waits for a person, key included.
  mutating func planTakeBack() {
    changes.append(Change(.waitingJoin, old: .text("left for a person"), new: nil))
    steps.formUnion([.elevate, .takeBack])
  }

  /// A Windows node that went offline right after it was made: a login that did not last (reference
  /// tailscale-client.md §3.1), which is looked at without waiting for `offline_after`.
  private func neverLasted(_ node: MeshNode) -> Bool {
    guard host.os == .windows, let created = node.createdAt, let seen = node.lastSeen else {
      return false
    }
    return seen.seconds(since: created) < 120
  }

  private func isOverdue(_ node: MeshNode) -> Bool {
    guard !node.online else { return false }
    if neverLasted(node) { return true }
    guard let seen = node.lastSeen else { return true }
    return context.now.seconds(since: seen) >= context.inventory.guards.offlineAfter
  }
}
