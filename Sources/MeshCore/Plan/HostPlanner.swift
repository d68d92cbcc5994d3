/// Plans one host; collects changes, steps and findings, and decides the action last.
struct HostPlanner {
  let host: Host
  let match: HostMatcher.Match
  let context: PlanContext
  let facts: HostFacts?
  var changes: [Change] = []
  var steps: Set<StepKind> = []
  var unknown: [String] = []
  var diagnostics: [Diagnostic] = []

  init(host: Host, match: HostMatcher.Match, context: PlanContext) {
    self.host = host
    self.match = match
    self.context = context
    facts = context.facts(host)
  }

  consuming func plan() -> HostPlan {
    if host.state == .absent { return absent() }
    switch match {
    case .ambiguous(let nodes):
      block(
        .ambiguousNode, "nodes \(HostPlanner.list(nodes)) match \(host.key) equally well",
        detail: "Only a name ties them to this host, and a name proves nothing.",
        hint: "pin the right one: machine_key: \(nodes[0].machineKey)")
      return finished(.blocked)
    case .pinMismatch(let pinned, let reported):
      block(
        .pinMismatch,
        "machine_key pins node #\(pinned.id), but the host reports the key of #\(reported.id)",
        detail: "Either the pin is old (the host was reinstalled) or this is another machine.",
        hint: "if the host is right, set machine_key: \(reported.machineKey)")
      return finished(.blocked, node: pinned, identity: .pinned)
    case .node(let node, let identity):
      return planKnown(node, identity)
    case .none:
      return planUnknown()
    }
  }

  // MARK: Known node

  private consuming func planKnown(_ node: MeshNode, _ identity: Identity) -> HostPlan {
    if let rivals = context.claims[node.id], rivals.count > 1 {
      let others = rivals.filter { $0 != host.key }
      block(
        .contestedNode,
        "node #\(node.id) (\(node.givenName)) is also claimed by \(others.joined(separator: ", "))",
        detail: "Nothing is granted to a node that two hosts claim.",
        hint: "plan with --probe, or pin machine_key: \(node.machineKey) on the right host")
      return finished(.blocked, node: node, identity: identity)
    }
    if identity == .name, let client = facts?.client, let key = client.nodeKey {
      // The host reports a key that the list does not have, or that belongs to another host's node.
      return notThisNode(holder: node, reportedKey: key, client: client)
    }
    if identity == .name, let facts, !mayBeStopped(facts) {
      return replaceNeeded(holder: node)
    }
    if identity == .pinned, let client = facts?.client, let key = client.nodeKey,
      key != node.nodeKey
    {
      return notThisNode(holder: node, reportedKey: key, client: client)
    }
    if let expiry = node.expiry, expiry <= context.now {
      changes.append(
        Change(.expiry, old: .text(expiry.rfc3339), new: nil, blockedBy: .keyExpired))
      block(
        .keyExpired, "the key of node #\(node.id) expired at \(expiry.rfc3339)",
        detail: "An expired node has to join again, which this version does not do yet.",
        hint: "on \(host.key): sudo tailscale up --force-reauth --login-server="
          + context.loginServer(host).normalized)
      return finished(.blocked, node: node, identity: identity)
    }
    compareServerSide(node, identity)
    compareHostSide(node)
    comparePresence(node)
    noteUnsupported(node)
    let mayProve = identity != .name
    if !mayProve { changes = changes.map(HostPlanner.onceProven) }
    return finished(nil, node: node, identity: identity)
  }

  /// A client that is installed and may hold a key that a stopped daemon cannot tell.
  private func mayBeStopped(_ facts: HostFacts) -> Bool {
    guard let client = facts.client else { return false }
    return client.backendState == nil || client.backendState == "NoState"
      || facts.service != .running
  }

  private static func onceProven(_ change: Change) -> Change {
    var change = change
    change.onceProven = change.attribute != .online && change.attribute != .presence
    return change
  }

  /// The name or pin points to `holder`, but the host itself carries another key.
  private consuming func notThisNode(
    holder: MeshNode, reportedKey: String, client: ClientFacts
  ) -> HostPlan {
    if let current = otherServer(client) { return movedAway(current) }
    block(
      .keyNotListed,
      "the host reports \(HostPlanner.short(reportedKey)), which is not node #\(holder.id) "
        + "(\(holder.givenName)) and which the server does not list",
      detail: "Joining it again (and parking #\(holder.id)) is not supported by this version yet.",
      hint: "headscale nodes delete -i \(holder.id), then on \(host.key): sudo tailscale logout")
    return finished(.blocked)
  }

  /// The host has no key, and a node with its name exists: a reinstalled host, or a stranger.
  private consuming func replaceNeeded(holder: MeshNode) -> HostPlan {
    changes.append(
      Change(.presence, old: nil, new: .text("joined"), blockedBy: .nameHeld))
    block(
      .nameHeld,
      "the host reports no node key, and node #\(holder.id) holds the name \(holder.givenName)",
      detail: "Replacing it (park #\(holder.id), join, take the name back) is not supported by this "
        + "version yet, and joining now would get a suffixed name.",
      hint: "if #\(holder.id) is this host's old record: headscale nodes delete -i \(holder.id)")
    return finished(.blocked)
  }

  // MARK: No node

  private consuming func planUnknown() -> HostPlan {
    if let client = facts?.client, let key = client.nodeKey {
      if let current = otherServer(client) { return movedAway(current) }
      if client.backendState != "NeedsLogin" {
        block(
          .keyNotListed,
          "the host believes it is joined with \(HostPlanner.short(key)), but the server does not "
            + "list that key",
          detail: "Its node was deleted; joining it again is not supported by this version yet.",
          hint: "on \(host.key): sudo tailscale logout, then apply again")
        return finished(.blocked)
      }
    }
    if let holder = context.matcher.holder(ofName: host.name) {
      return replaceNeeded(holder: holder)
    }
    planJoin()
    return finished(changes.allSatisfy { $0.blockedBy == nil } ? .join : .blocked)
  }

  private func otherServer(_ client: ClientFacts) -> String? {
    guard let url = client.preferences?.controlURL, !url.isEmpty,
      client.nodeKey != nil, ServerURL(url) != context.loginServer(host),
      ServerURL(url) != context.inventory.server.url
    else { return nil }
    return url
  }

  private consuming func movedAway(_ current: String) -> HostPlan {
    changes.append(
      Change(
        .loginServer, old: .text(current),
        new: .text(context.loginServer(host).normalized), blockedBy: .otherServer))
    block(
      .otherServer, "the client is joined to another control server",
      detail: "Moving a host takes it off that mesh, which this version does not do.",
      evidence: current, hint: "on \(host.key): sudo tailscale logout, then apply again")
    return finished(.blocked)
  }

  private consuming func absent() -> HostPlan {
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

  // MARK: Findings

  mutating func block(
    _ code: DiagnosticCode, _ message: String, detail: String? = nil, evidence: String? = nil,
    hint: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(
        code, .error, message, detail: detail, evidence: evidence, hint: hint, host: host.key))
  }

  mutating func warn(
    _ code: DiagnosticCode, _ message: String, detail: String? = nil, hint: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(code, .warning, message, detail: detail, hint: hint, host: host.key))
  }

  /// Decides the action from what was collected, unless it is given.
  private consuming func finished(
    _ forced: Action?, node: MeshNode? = nil, identity: Identity? = nil
  ) -> HostPlan {
    var action = forced ?? (changes.isEmpty ? .none : .change)
    if action == .change, changes.allSatisfy({ $0.blockedBy != nil }) { action = .blocked }
    if action == .join || action == .change {
      if let failure = context.probeFailure(host), needsHost {
        diagnostics.append(failure)
        action = .blocked
      } else if let needed = HostRequirements.missing(for: self) {
        diagnostics.append(needed.diagnostic)
        action = needed.action
      }
    } else if action == .none, let failure = context.probeFailure(host) {
      var warning = failure
      warning.severity = .warning
      diagnostics.append(warning)
    }
    if !steps.isEmpty { steps.insert(.verify) }
    return HostPlan(
      name: host.key, os: host.os, action: action, identity: identity,
      node: node.map { NodeReference(id: $0.id, nodeKey: $0.nodeKey) },
      changes: changes, steps: StepKind.allCases.filter(steps.contains), unknown: unknown,
      diagnostics: diagnostics, route: sshRoute)
  }

  /// True when the steps need the host itself, or need it to prove which node it is.
  var needsHost: Bool {
    let onHost: Set<StepKind> = [
      .elevate, .checkServer, .installClient, .startService, .join, .setPreferences,
    ]
    return !steps.isDisjoint(with: onHost) || changes.contains(where: \.onceProven)
  }

  private var sshRoute: String? {
    if host.connection == .local { return "local" }
    let user = host.ssh.user.map { $0 + "@" } ?? ""
    let address = host.address.contains(":") ? "[\(host.address)]" : host.address
    return "\(user)\(address):\(host.port)"
  }

  static func list(_ nodes: [MeshNode]) -> String {
    nodes.map { "#\($0.id) (\($0.givenName))" }.joined(separator: " and ")
  }

  static func short(_ key: String) -> String { String(key.prefix(20)) + "…" }
}
