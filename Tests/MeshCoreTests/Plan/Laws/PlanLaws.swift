import MeshCore
import Testing

/// What must hold of every plan, whatever the world (design §1).
///
/// The laws are checked against the observation itself and not against what the planner says about it:
/// a proof is looked up in the node list, an age is counted here.
struct PlanLaws {
  let inventory: Inventory
  let observation: Observation
  let plan: Plan
  /// Names the world in messages.
  let world: String

  private let nodes: [String: MeshNode]
  private let hosts: [String: Host]

  init(_ inventory: Inventory, _ observation: Observation, _ plan: Plan, world: String) {
    self.inventory = inventory
    self.observation = observation
    self.plan = plan
    self.world = world
    nodes = Dictionary(observation.nodes.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    hosts = Dictionary(inventory.hosts.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
  }

  /// - Parameter reports: whether the formats are compared, which takes most of the time.
  func check(reports: Bool = true) {
    for planned in plan.hosts {
      checkActions(planned)
      checkSteps(planned)
    }
    checkUnmanaged()
    checkGuards()
    if reports { PlanReportLaws(plan: plan, world: world).check() }
  }

  func steps(_ planned: HostPlan) -> [Step] {
    guard let host = hosts[planned.name] else { return [] }
    return StepCompiler.steps(
      for: planned, host: host, facts: facts(planned.name), inventory: inventory)
  }

  func facts(_ host: String) -> HostFacts? {
    guard case .facts(let facts)? = observation.facts[host] else { return nil }
    return facts
  }

  func note(_ host: HostPlan, _ what: String) -> Comment { "\(world), \(host.name): \(what)" }

  // MARK: Actions

  private func checkActions(_ host: HostPlan) {
    let errors = host.diagnostics.filter { $0.severity == .error }
    if host.action == .blocked || host.action == .wait {
      #expect(!errors.isEmpty, note(host, "no reason is given"))
      #expect(host.doable.isEmpty, note(host, "something is done although it is blocked"))
    }
    if ![Action.none, .blocked, .wait].contains(host.action) {
      #expect(!host.doable.isEmpty, note(host, "\(host.action) does nothing"))
    }
    if host.action == .none { #expect(host.changes.isEmpty, note(host, "in sync with changes")) }
    for change in host.changes {
      guard let code = change.blockedBy else { continue }
      #expect(
        host.diagnostics.contains { $0.code == code } || !errors.isEmpty,
        note(host, "\(change.attribute) is blocked without a reason"))
    }
    for finding in host.diagnostics {
      #expect(!finding.message.isEmpty, note(host, "\(finding)"))
      if finding.severity == .error {
        #expect(finding.hint?.isEmpty == false, note(host, "\(finding.code) has no way out"))
      }
    }
  }

  // MARK: Steps

  private func checkSteps(_ host: HostPlan) {
    let steps = self.steps(host)
    if [Action.none, .blocked, .wait].contains(host.action) {
      #expect(steps.isEmpty, note(host, "steps of \(host.action)"))
    }
    for step in steps {
      // Becoming root is implied by every step on a host.
      if step.kind != .elevate {
        #expect(host.steps.contains(step.kind), note(host, "\(step.kind) was not foreseen"))
      }
      checkProof(of: step, host)
    }
    #expect(steps.count { $0.kind == .join } <= 1, note(host, "two logins"))
    for parking in host.parkings where parking.reason == .swap { checkSwap(parking, host) }
  }

  private func checkProof(of step: Step, _ host: HostPlan) {
    switch step {
    case .setTags(let id, _), .approveRoutes(let id, _), .setExpiry(let id):
      #expect(isOwn(id, host), note(host, "\(step.kind) of #\(id) without proof"))
    case .renameNode(let id, let name):
      if let parking = host.parkings.first(where: { $0.node.id == id && $0.parkedName == name }) {
        checkParking(parking, host)
      } else {
        #expect(isOwn(id, host), note(host, "rename of #\(id) without proof"))
        #expect(name == hosts[host.name]?.name, note(host, "a name that nobody wants"))
      }
    case .deleteNode(let id):
      #expect(isOwn(id, host), note(host, "#\(id) is deleted without proof"))
      #expect(host.deletions.contains { $0.node.id == id && !$0.byAge }, note(host, "not shown"))
    case .leave, .setPreferences:
      #expect(host.node.map { isOwn($0.id, host) } ?? false, note(host, "\(step.kind) unproven"))
    case .join(let join):
      if let id = join.deletesFirst {
        #expect(isOwn(id, host), note(host, "#\(id) is deleted without proof"))
        #expect(host.deletions.contains { $0.node.id == id && !$0.byAge }, note(host, "not shown"))
      }
      checkLogin(join, host)
    case .enableSSH:
      guard case .failed(let finding)? = observation.facts[host.name] else {
        Issue.record("\(note(host, "SSH is enabled where it may answer"))")
        return
      }
      #expect(
        hosts[host.name].map { finding.mayMeanNoSSH(on: $0) || finding.mayMeanNoKeys(on: $0) }
          == true,
        note(host, "SSH is enabled after \(finding.code)"))
      #expect(
        hosts[host.name].flatMap(EnableSSHStep.of) != nil, note(host, "nobody said how to enable"))
      #expect(self.steps(host).count == 1, note(host, "more is done before a probe"))
    case .elevate, .checkServer, .installClient, .upgradeClient, .configureHost, .startService,
      .takeBack:
      break
    }
  }

  /// A node is a host's own where its pin names the machine or the host reports its key, and nobody
  /// else claims it by one of the two.
  func isOwn(_ id: String, _ host: HostPlan) -> Bool {
    guard let node = nodes[id], host.node?.id == id, claims(node, host.name) else { return false }
    let rivals = inventory.hosts.filter { $0.key != host.name && reports(node, $0.key) }
    return rivals.isEmpty
  }

  private func claims(_ node: MeshNode, _ name: String) -> Bool {
    // Of two records of one machine a pin cannot say which.
    if let pin = hosts[name]?.machineKey, pin == node.machineKey {
      return reports(node, name) || isOnlyRecord(node)
    }
    if hosts[name]?.machineKey != nil { return false }
    return reports(node, name)
  }

  private func isOnlyRecord(_ node: MeshNode) -> Bool {
    observation.nodes.count {
      $0.machineKey == node.machineKey && !$0.givenName.hasSuffix("-old-\($0.id)")
    } <= 1
  }

  private func reports(_ node: MeshNode, _ host: String) -> Bool {
    guard let key = facts(host)?.client?.nodeKey,
      key.contains(where: { "123456789abcdef".contains($0) })
    else { return false }
    return key == node.nodeKey && observation.nodes.count { $0.nodeKey == key } == 1
  }

  private func checkParking(_ parking: Parking, _ host: HostPlan) {
    let id = parking.node.id
    switch parking.reason {
    case .offlineHolder:
      #expect(nodes[id]?.online == false, note(host, "#\(id) is parked although it is online"))
      for other in inventory.hosts where other.key != host.name {
        #expect(nodes[id].map { claims($0, other.key) } != true, note(host, "\(other.key)'s node"))
      }
    case .ownerChange: #expect(isOwn(id, host), note(host, "#\(id) is parked without proof"))
    case .swap: Issue.record(note(host, "a swap is done by its host alone"))
    }
    #expect(parking.parkedName.hasSuffix("-old-\(id)"), note(host, parking.parkedName))
    #expect(parking.parkedName.utf8.count <= 63, note(host, parking.parkedName))
  }

  private func checkSwap(_ parking: Parking, _ host: HostPlan) {
    let other = plan.hosts.first { $0.node?.id == parking.node.id && $0.name != host.name }
    #expect(
      other?.doable.contains { $0.attribute == .name && !$0.onceProven } == true,
      note(host, "#\(parking.node.id) is parked and gets no name"))
    if let other {
      #expect(isOwn(parking.node.id, other), note(host, "#\(parking.node.id) is not proven"))
    }
  }

  private func checkLogin(_ join: JoinStep, _ host: HostPlan) {
    guard let client = facts(host.name).map(\.client) else {
      Issue.record(note(host, "a login of a host that nobody looked at"))
      return
    }
    let holdsKey = client?.haveNodeKey == true || client?.nodeKey != nil
    let forces = join.reauthenticates
    #expect(join.arguments.contains("--force-reauth") == forces, note(host, "other flags"))
    #expect(!forces || holdsKey, note(host, "nothing to force"))
    if holdsKey, !forces {
      // `up` with a key is ignored by a client that is logged in.
      let isIn = client?.nodeKey != nil && client?.backendState != "NeedsLogin"
      #expect(!isIn, note(host, "up without --force-reauth"))
    }
    if forces {
      #expect(host.reauthenticates, note(host, "a login that the guards do not see"))
      #expect(!isOverMesh(host), note(host, "it cuts its own path"))
    }
    if hosts[host.name]?.protect == true {
      #expect(host.action == .join && !forces, note(host, "a protected host logs in again"))
    }
    if host.identity == .name {
      // Only the reinstalled host of a parked node joins without a proof, because it needs none.
      #expect(host.parkings.contains { $0.reason == .offlineHolder }, note(host, "login by name"))
    }
    #expect(!join.arguments.contains { $0.hasPrefix("--advertise-tags") }, note(host, "tags"))
  }

  private func isOverMesh(_ host: HostPlan) -> Bool {
    let peer = facts(host.name)?.sshPeer ?? ""
    return peer.hasPrefix("100.64.") || peer.hasPrefix("fd7a:115c:a1e0:")
  }

  // MARK: Deletions

  private func checkUnmanaged() {
    let matched = Set(plan.hosts.compactMap(\.node?.id))
    let isWhole = plan.hosts.count == inventory.hosts.count
    for node in plan.unmanaged {
      guard let deletion = node.deletion else { continue }
      let what = Comment("\(world): #\(node.nodeID) (\(node.name))")
      #expect(!matched.contains(node.nodeID), what)
      #expect(nodes[node.nodeID]?.givenName == deletion.name, what)
      if deletion.byAge { checkAge(deletion, what) }
      switch deletion.reason {
      case .prune: #expect(plan.flags.prune && isWhole && deletion.byAge, what)
      case .parkedTwin: #expect(isTwin(node) && deletion.byAge, what)
      case .ownerChange: #expect(isTwin(node) && sharesMachine(node), what)
      case .absent, .untag: Issue.record(what)
      }
    }
    for host in plan.hosts {
      for deletion in host.deletions {
        #expect(hosts[host.name]?.protect == false, note(host, "protected, and deleted"))
        if deletion.byAge { checkAge(deletion, note(host, "#\(deletion.node.id)")) }
        // What is blocked and what waits for the proof is only shown.
        let isLater =
          host.doable.isEmpty || deletion.blockedBy != nil
          || host.changes.contains(where: \.onceProven)
        #expect(
          deletion.byAge || isLater || isOwn(deletion.node.id, host),
          note(host, "#\(deletion.node.id) is deleted without proof"))
      }
    }
  }

  /// Nothing is old by the controller's clock, while it is online, or where nobody knows.
  private func checkAge(_ deletion: Deletion, _ what: Comment) {
    guard let node = nodes[deletion.node.id], let now = observation.takenAt,
      let seen = node.lastSeen
    else {
      Issue.record(what)
      return
    }
    #expect(!node.online, what)
    #expect(now.seconds - seen.seconds >= inventory.guards.pruneAfter, what)
    #expect(!inventory.hosts.contains { reports(node, $0.key) }, what)
  }

  private func isTwin(_ node: UnmanagedNode) -> Bool {
    guard let host = node.parkedFor else { return false }
    return node.name.hasSuffix("-old-\(node.nodeID)") && plan.hosts.contains { $0.name == host }
  }

  private func sharesMachine(_ node: UnmanagedNode) -> Bool {
    guard let host = plan.hosts.first(where: { $0.name == node.parkedFor }), let own = host.node
    else { return false }
    return isOwn(own.id, host) && nodes[own.id]?.machineKey == nodes[node.nodeID]?.machineKey
  }

  // MARK: Guards

  /// Counted from what would be done, host by host.
  private func checkGuards() {
    let limit = PlanLaws.number(
      plan.flags.maxDeletes ?? inventory.guards.maxDeletes, plan.nodeCount)
    #expect(taken <= limit, "\(world): \(taken) taken, \(limit) allowed")
    let changes = PlanLaws.number(
      plan.flags.maxChanges ?? inventory.guards.maxChanges, plan.hostCount)
    let changed = plan.hosts.count { [.change, .replace, .remove].contains($0.action) }
    #expect((plan.stop == nil) == (changed <= changes), "\(world): \(changed) of \(changes)")
  }

  /// How much this plan takes: nodes deleted, hosts replaced, given to others or logged in anew.
  var taken: Int {
    let fromHosts = plan.hosts.count { host in
      guard !host.doable.isEmpty else { return false }
      let steps = self.steps(host)
      return host.action == .replace || host.action == .remove
        || host.deletions.contains { $0.blockedBy == nil }
        || host.parkings.contains { $0.reason == .offlineHolder }
        || steps.contains { step in
          if case .join(let join) = step { join.reauthenticates } else { step.kind == .deleteNode }
        }
        || host.doable.contains { $0.attribute == .owner && $0.old != nil }
    }
    return fromHosts + plan.deletions.count
  }

  static func number(_ limit: Guards.Limit, _ whole: Int) -> Int {
    switch limit {
    case .off: .max
    case .count(let count): count
    case .percent(let percent): Int((Double(whole * percent) / 100).rounded(.up))
    }
  }
}
