/// Hosts on which nothing is done: their node is not theirs, or this version cannot do what it takes.
extension HostPlanner {
  /// What a person runs to join a client anew; never `logout` (reference headscale-api.md §8, #3371).
  var loginByHand: String {
    "on \(host.key): sudo tailscale up --reset --force-reauth --login-server="
      + context.loginServer(host).normalized
  }

  /// Only a started client proves which node it is, and the inventory says to leave it off.
  mutating func proofImpossible(_ node: MeshNode) {
    for index in changes.indices { changes[index].blockedBy = .notProven }
    block(
      .notProven, "the client is stopped, so it cannot prove to be node #\(node.id)",
      detail: "offline: ignore says to leave it so, and a name proves nothing.",
      hint: "start it, or pin machine_key: \(node.machineKey)")
  }

  /// The name or pin points to `holder`, but the host itself carries another key.
  consuming func notThisNode(
    holder: MeshNode, reportedKey: String, client: ClientFacts
  ) -> HostPlan {
    if let current = otherServer(client) { return movedAway(current) }
    block(
      .keyNotListed,
      "the host reports \(HostPlanner.short(reportedKey)), which is not node #\(holder.id) "
        + "(\(holder.givenName)) and which the server does not list",
      detail: "Joining it again (and parking #\(holder.id)) is not supported by this version yet.",
      hint: "headscale nodes delete -i \(holder.id), then " + loginByHand)
    return finished(.blocked)
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

  /// The node is this host's, but the host cannot use it any more.
  consuming func rejoinNeeded(
    _ node: MeshNode, _ identity: Identity, _ client: ClientFacts?
  ) -> HostPlan {
    changes.append(
      Change(.presence, old: nil, new: .text("joined"), blockedBy: .rejoinNeeded))
    block(
      .rejoinNeeded,
      client == nil
        ? "no client is installed, although node #\(node.id) is this host's"
        : "the client is logged out of node #\(node.id)",
      detail: "Joining a known node again is not supported by this version yet.",
      hint: client == nil
        ? "if it was reinstalled: headscale nodes delete -i \(node.id), and remove machine_key"
        : "on \(host.key): sudo tailscale up --force-reauth --login-server="
          + context.loginServer(host).normalized)
    return finished(.blocked, node: node, identity: identity)
  }

  /// The host has no key, and a node with its name exists: a reinstalled host, or a stranger.
  consuming func replaceNeeded(holder: MeshNode) -> HostPlan {
    changes.append(
      Change(.presence, old: nil, new: .text("joined"), blockedBy: .nameHeld))
    block(
      .nameHeld,
      (facts?.client == nil ? "the host has no client" : "the host reports no node key")
        + ", and node #\(holder.id) holds the name \(holder.givenName)",
      detail:
        "Replacing it (park #\(holder.id), join, take the name back) is not supported by this "
        + "version yet, and joining now would get a suffixed name.",
      hint: "if #\(holder.id) is this host's old record: headscale nodes delete -i \(holder.id)")
    return finished(.blocked)
  }

  func otherServer(_ client: ClientFacts) -> String? {
    guard let url = client.preferences?.controlURL, !url.isEmpty,
      client.nodeKey != nil, ServerURL(url) != context.loginServer(host),
      ServerURL(url) != context.inventory.server.url
    else { return nil }
    return url
  }

  consuming func movedAway(_ current: String) -> HostPlan {
    changes.append(
      Change(
        .loginServer, old: .text(current),
        new: .text(context.loginServer(host).normalized), blockedBy: .otherServer))
    block(
      .otherServer, "the client is joined to another control server",
      detail: "Moving a host takes it off that mesh, which this version does not do.",
      evidence: current, hint: loginByHand)
    return finished(.blocked)
  }

  consuming func absent() -> HostPlan {
    guard case .node(let node, let identity) = match else {
      if case .ambiguous(let nodes) = match {
        block(
          .ambiguousNode, "nodes \(HostPlanner.list(nodes)) match \(host.key) equally well",
          hint: "pin the right one with machine_key")
        return finished(.blocked)
      }
      return finished(Action.none)
    }
    changes.append(
      Change(.presence, old: .text("joined"), new: nil, blockedBy: .notSupportedYet))
    block(
      .notSupportedYet, "state: absent is not supported by this version yet",
      hint: "headscale nodes delete -i \(node.id)")
    return finished(.blocked, node: node, identity: identity)
  }
}
