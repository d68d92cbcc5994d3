/// Hosts that the inventory takes off the mesh.
extension HostPlanner {
  consuming func absent() -> HostPlan {
    switch match {
    case .none:
      // An owner change that was cut short leaves its node under a parked name.
      guard let left = context.matcher.parked(for: host.name).first(where: \.online) else {
        return finished(Action.none)
      }
      return remove(left, .name)
    case .ambiguous(let nodes):
      block(
        .ambiguousNode, "nodes \(HostPlanner.list(nodes)) match \(host.key) equally well",
        hint: "pin the right one with machine_key")
      return finished(.blocked)
    case .pinMismatch(let pinned, let reported):
      return pinDisputed(pinned: pinned, reported: reported)
    case .otherMachine(let node, let identity): return anotherMachine(node, identity)
    case .node(let node, let identity): return remove(node, identity)
    }
  }

  private consuming func remove(_ node: MeshNode, _ identity: Identity) -> HostPlan {
    changes.append(Change(.presence, old: .text("joined"), new: nil))
    reason = "state: absent"
    let rivals = context.rivals(for: node, of: host, identity)
    if !rivals.isEmpty {
      refuse(
        .contestedNode,
        "node #\(node.id) (\(node.givenName)) is also claimed by \(HostPlanner.list(rivals))",
        detail: "Nothing is taken from a node that two hosts claim.",
        hint: "plan with --probe, or pin machine_key: \(node.machineKey) on the right host")
    } else if host.protect {
      refuse(
        .protected, "protect: true keeps node #\(node.id) from being deleted",
        hint: "remove protect, or state: absent")
    } else {
      delete(node, identity)
    }
    return finished(
      changes[0].blockedBy == nil || facts?.waiting != nil ? .remove : .blocked, node: node,
      identity: identity)
  }

  private mutating func delete(_ node: MeshNode, _ identity: Identity) {
    let isReachable = TargetProfile.of(host.os).isSupported
    let wasSeen = facts != nil || context.probeFailure(host) != nil || !isReachable
    let isProven = identity != .name
    var deletion = Deletion(
      node: NodeReference(id: node.id, nodeKey: node.nodeKey), name: node.givenName,
      reason: .absent, byAge: false)
    if !isProven, wasSeen {
      guard context.isAged(node) else { return refuseUnproven(node) }
      deletion.byAge = true
    }
    deletions.append(deletion)
    steps.insert(.deleteNode)
    if !isProven, !wasSeen { changes[0].onceProven = true }
    if isReachable {
      leave(node, isProven: isProven)
    } else {
      warn(
        .targetUnsupported, "the client of \(host.key) is not taken down",
        detail: "\(TargetProfile.of(host.os).displayName) hosts are not supported yet; only the"
          + " node is deleted.", hint: "on \(host.key): tailscale down")
    }
  }

  /// Takes the client down where the host can be reached; a node whose host is gone goes all the same.
  private mutating func leave(_ node: MeshNode, isProven: Bool) {
    guard let facts else {
      if let failure = context.probeFailure(host) {
        warn(
          failure.code, "\(host.key) is not told to leave: \(failure.message)",
          detail: "Up to Headscale 0.29.3 its client keeps its connections until it restarts.")
      } else {
        steps.formUnion([.elevate, .leave])
      }
      return
    }
    guard isProven, let client = facts.client, client.backendState != "Stopped" else { return }
    guard client.nodeKey == node.nodeKey || (client.nodeKey == nil && isSilent(facts)) else {
      // Logged out, or on somebody else's mesh: that is not ours to end.
      if client.nodeKey != nil {
        warn(
          .otherServer, "the client of \(host.key) is left as it is: it reports another node's key",
          detail: "Only node #\(node.id) is deleted.")
      }
      return
    }
    if let peer = meshPeer {
      warn(
        .cutsOwnPath, "the client is not taken down: SSH comes over the mesh, from \(peer)",
        detail: "Only its node is deleted.", hint: "on \(host.key): sudo tailscale down")
      return
    }
    let asks = context.flags.askBecomePassword || host.become.password != nil
    switch ElevationChoice.choose(host.become, facts: facts) {
    case .ready: steps.formUnion([.elevate, .leave])
    case .password where asks: steps.formUnion([.elevate, .leave])
    case _ where ClientAccess.operates(host, facts): steps.insert(.leave)
    case .password, .impossible:
      warn(
        .elevateRefused, "the client is not taken down: \(facts.user) cannot become root there",
        detail: "Only its node is deleted.", hint: "on \(host.key): sudo tailscale down")
    }
  }

  private mutating func refuseUnproven(_ node: MeshNode) {
    let age = DurationText.text(seconds: context.inventory.guards.pruneAfter)
    refuse(
      .notProven, "only a name ties \(host.key) to node #\(node.id) (\(node.givenName))",
      detail: "It is deleted when the host proves that it is its own, or when it has been offline"
        + " for \(age) (guards.prune_after).",
      hint: "pin machine_key: \(node.machineKey), or: headscale nodes delete -i \(node.id)")
  }

  private mutating func refuse(
    _ code: DiagnosticCode, _ message: String, detail: String? = nil, hint: String
  ) {
    changes[0].blockedBy = code
    block(code, message, detail: detail, hint: hint)
  }
}
