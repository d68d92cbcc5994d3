/// Hosts on which nothing is done, because their node is not theirs or a rule forbids it.
extension HostPlanner {
  /// Only a started client proves which node it is, and the inventory says to leave it off.
  mutating func proofImpossible(_ node: MeshNode) {
    for index in changes.indices { changes[index].blockedBy = .notProven }
    block(
      .notProven, "the client is stopped, so it cannot prove to be node #\(node.id)",
      detail: "offline: ignore says to leave it so, and a name proves nothing.",
      hint: "start it, or pin machine_key: \(node.machineKey)")
  }

  /// The pin names a machine that the server does not list, the host's key or name another one.
  consuming func anotherMachine(_ node: MeshNode, _ identity: Identity) -> HostPlan {
    let why = identity == .proven ? "the host reports the key of" : "the name points to"
    block(
      .pinMismatch,
      "the pinned machine key is not listed, and \(why) node #\(node.id) (\(node.givenName)), "
        + "which is another machine",
      detail: "Either the pin is old (the host was reinstalled) or that node is not this host.",
      hint: "if #\(node.id) is \(host.key), set machine_key: \(node.machineKey)")
    return finished(.blocked)
  }

  /// The pin names one node, the host reports another.
  consuming func pinDisputed(pinned: MeshNode, reported: MeshNode) -> HostPlan {
    block(
      .pinMismatch,
      "machine_key pins node #\(pinned.id), but the host reports the key of #\(reported.id)",
      detail: "Either the pin is old (the host was reinstalled) or this is another machine.",
      hint: "if the host is right, set machine_key: \(reported.machineKey)")
    return finished(.blocked, node: pinned, identity: .pinned)
  }

  /// A pinned host that has no client any more is another machine than the one that was pinned.
  consuming func pinOutlived(_ node: MeshNode) -> HostPlan {
    changes.append(Change(.presence, old: nil, new: .text("joined"), blockedBy: .pinMismatch))
    block(
      .pinMismatch,
      (facts?.client == nil ? "no client is installed" : "the client reports no node key")
        + ", although node #\(node.id) is pinned as this host's and was not logged out",
      detail: "A reinstalled host gets a new machine key, so the pin would be wrong after a join.",
      hint: "if it was reinstalled, remove machine_key: \(node.machineKey)")
    return finished(.blocked, node: node, identity: .pinned)
  }

  /// Blocks every login that this host would need, where a rule forbids it.
  ///
  /// - Returns: true where it is forbidden.
  mutating func forbidsLogin(force: Bool, what: String) -> Bool {
    if host.protect {
      block(
        .protected, "\(what): a new login is needed, and protect: true forbids it",
        hint: "remove protect, or log \(host.key) in by hand")
      return true
    }
    if force, let other = context.jumpsOverMesh(through: host) {
      block(
        .cutsOwnPath, "\(what) needs a new login, which would cut the way to \(other)",
        detail: "\(other) is reached through \(host.key), and on from there over the mesh.",
        hint: "work on \(host.key) alone: --limit \(host.key)")
      return true
    }
    if force, let peer = meshPeer {
      block(
        .cutsOwnPath,
        "\(what): a new login is needed, which would cut the SSH connection that does it",
        detail: "meshctl reaches \(host.key) over the mesh.", evidence: "SSH comes from \(peer)",
        hint: "give \(host.key) an address outside the mesh, or log it in there by hand")
      return true
    }
    return false
  }
}
