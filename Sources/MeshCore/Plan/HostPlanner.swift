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
  var reason: String?
  var parkings: [Parking] = []
  var deletions: [Deletion] = []
  var reauthenticates = false
  var joinAs: JoinOwner?
  /// Tags of a join that the policy does not own; said once for the whole plan.
  var tagsWithoutPolicy: [String] = []

  init(host: Host, match: HostMatcher.Match, context: PlanContext) {
    self.host = host.withoutForeignPreferences()
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
        hint: "pin the right one:\n"
          + nodes.prefix(5).map { "machine_key: \($0.machineKey)  # node #\($0.id)" }
          .joined(separator: "\n"))
      return finished(.blocked)
    case .pinMismatch(let pinned, let reported):
      return pinDisputed(pinned: pinned, reported: reported)
    case .otherMachine(let node, let identity):
      return anotherMachine(node, identity)
    case .node(let node, let identity):
      return planKnown(node, identity)
    case .none:
      return planUnknown()
    }
  }

  // MARK: Known node

  private consuming func planKnown(_ node: MeshNode, _ identity: Identity) -> HostPlan {
    let rivals = context.rivals(for: node, of: host, identity)
    if !rivals.isEmpty {
      block(
        .contestedNode,
        "node #\(node.id) (\(node.givenName)) is also claimed by \(HostPlanner.list(rivals))",
        detail: "Nothing is granted to a node that two hosts claim.",
        hint: "plan with --probe, or pin machine_key: \(node.machineKey) on the right host")
      return finished(.blocked, node: node, identity: identity)
    }
    if let client = facts?.client, let key = client.nodeKey, key != node.nodeKey {
      // The host reports a key that the list does not have.
      return notThisNode(node, identity, reportedKey: key, client: client)
    }
    if let facts, facts.client?.nodeKey == nil, !mayBeStopped(facts) {
      if identity == .name, facts.waiting != nil, !node.online { return joinedAndDropped(node) }
      return identity == .name
        ? replaced(holder: node, why: withoutKey(facts)) : loggedOut(node, identity, facts)
    }
    compareServerSide(node)
    compareHostSide(node)
    if let why = rejoinReason(node) {
      planRejoin(node, why: why)
      // It has to prove itself first, and a daemon that does not run proves nothing.
      if identity == .name, let facts, isSilent(facts) { comparePresence(node) }
    } else if !changes.contains(where: { $0.attribute == .loginServer }) {
      // Started or not, a client of another URL does not come back here.
      comparePresence(node)
    }
    compareClientVersion()
    compareSettings()
    if identity == .name, !changes.isEmpty, let why = heldElsewhere {
      for index in changes.indices { changes[index].blockedBy = .notProven }
      blockHeld(why)
    } else if identity == .name {
      changes = changes.map(HostPlanner.onceProven)
      if facts != nil, host.offline == .ignore, !changes.isEmpty { proofImpossible(node) }
    }
    return finished(
      deletions.isEmpty ? nil : .replace, node: node, identity: identity)
  }

  /// The node of our own direct join that did not last: the person's login brings it back, so nothing
  /// is replaced.
  private consuming func joinedAndDropped(_ node: MeshNode) -> HostPlan {
    planJoin()
    return finished(
      changes.allSatisfy { $0.blockedBy == nil } ? .join : .blocked, node: node, identity: .name)
  }

  private func withoutKey(_ facts: HostFacts) -> String {
    facts.client == nil ? "reinstalled (no client)" : "reinstalled (reports no node key)"
  }

  /// A client that is installed and may hold a key that it does not tell while it is down.
  private func mayBeStopped(_ facts: HostFacts) -> Bool {
    guard let client = facts.client else { return false }
    switch client.backendState {
    case nil, "NoState"?, "Stopped"?, "Starting"?: return true
    case "NeedsLogin"?: return false
    default: return client.haveNodeKey || facts.service != .running
    }
  }

  private static func onceProven(_ change: Change) -> Change {
    var change = change
    change.onceProven = change.attribute != .online && change.blockedBy == nil
    return change
  }

  // MARK: No node

  private consuming func planUnknown() -> HostPlan {
    if let client = facts?.client, let key = client.nodeKey {
      if let current = otherServer(client) { return moved(from: current) }
      if client.backendState != "NeedsLogin" { return deleted(key) }
    }
    if let why = heldElsewhere {
      // It may be joined anywhere, and a login would take it from there.
      blockHeld(why)
      return finished(.blocked)
    }
    planJoin()
    return finished(changes.allSatisfy { $0.blockedBy == nil } ? .join : .blocked)
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
  consuming func finished(
    _ forced: Action?, node: MeshNode? = nil, identity: Identity? = nil
  ) -> HostPlan {
    var action = forced ?? (changes.isEmpty ? .none : .change)
    if host.state == .absent, facts?.waiting != nil, action != .blocked {
      // Nobody shall join a host that is to be off the mesh.
      planTakeBack()
      if action == .none { action = .remove }
    }
    if ![Action.none, .blocked].contains(action), changes.allSatisfy({ $0.blockedBy != nil }) {
      action = .blocked
    }
    if action == .blocked { (parkings, deletions, reauthenticates) = ([], [], false) }
    let acts = ![Action.none, .blocked, .wait].contains(action)
    if let failure = context.probeFailure(host) {
      if acts, needsHost {
        action = withoutSSH(failure, action)
      } else {
        var warning = failure
        warning.severity = .warning
        // A host that leaves has said so already.
        if !diagnostics.contains(where: { $0.code == failure.code }) { diagnostics.append(warning) }
        if context.flags.probe, !unknown.contains("client preferences") {
          unknown.append("client preferences")
        }
      }
    } else if acts, let needed = HostRequirements.missing(for: self) {
      diagnostics.append(needed.diagnostic)
      action = needed.action
    } else if acts, steps.contains(.join),
      let waits = facts?.waiting?.diagnostic(context, on: host)
    {
      diagnostics.append(waits)
      action = .wait
    }
    if ![Action.none, .blocked, .wait].contains(action) { diagnostics += environmentNotes }
    noteUnreadableHandOver()
    if action == .blocked, changes.isEmpty || changes.allSatisfy({ $0.blockedBy != nil }) {
      steps = []
    }
    if ![Action.none, .blocked].contains(action) { showFallback() }
    if !ClientAccess.needRoot(steps, host, facts) { steps.remove(.elevate) }
    if !steps.isEmpty { steps.insert(.verify) }
    var plan = HostPlan(
      name: host.key, os: host.os, action: action, identity: identity,
      node: node.map { NodeReference(id: $0.id, nodeKey: $0.nodeKey) },
      changes: changes, steps: StepKind.allCases.filter(steps.contains), unknown: unknown,
      diagnostics: diagnostics, route: sshRoute,
      tagsWithoutPolicy: acts ? tagsWithoutPolicy : [])
    plan.reason = reason
    plan.joinAs = joinAs
    if steps.contains(.join), let id = facts?.client?.preferences?.exitNodeID, !id.isEmpty {
      plan.exitNodeAddress = context.observation.nodes.first { $0.id == id }?.ipAddresses.first
    }
    plan.parkings = parkings
    plan.deletions = deletions
    plan.reauthenticates = reauthenticates
    return plan
  }

  /// True when the steps need the host itself, or need it to prove which node it is.
  var needsHost: Bool {
    let onHost: Set<StepKind> = [
      .elevate, .checkServer, .installClient, .upgradeClient, .configureHost, .startService, .join,
      .setPreferences, .leave, .takeBack,
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
    list(nodes.map { "#\($0.id) (\($0.givenName))" }, last: " and ")
  }

  /// A few names; a plan of many hosts that claim one node stays readable, and linear.
  static func list(_ names: [String], last: String = ", ") -> String {
    let shown = names.prefix(5).joined(separator: last)
    return names.count > 5 ? shown + " and more" : shown
  }

  static func short(_ key: String) -> String { String(key.prefix(20)) + "…" }
}
