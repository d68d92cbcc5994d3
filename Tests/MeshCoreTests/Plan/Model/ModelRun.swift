import MeshCore

/// One apply over the model: probe, show, act, look again, at most three rounds (design §5).
struct ModelRun {
  let world: ModelWorld
  var mesh: ModelMesh
  /// What was shown, with the facts of every host that is looked at.
  let shown: Plan
  var last: Plan
  var facts: [String: ProbeResult]
  /// What went wrong, by host.
  var failures: [String: String] = [:]
  var joined: Set<String> = []
  /// How often something was taken: by `guards.max_deletes` over all rounds.
  var deleted: Set<String> = []
  var reauthenticated: Set<String> = []
  var log: [String] = []
  private var lastSteps: [String: [Step]] = [:]

  init(_ world: ModelWorld) {
    self.world = world
    mesh = world.mesh
    mesh.settlePresence()
    facts = [:]
    let first = ModelRun.plan(world, mesh, [:])
    for host in first.hosts where host.action != .none || world.flags.probe {
      if host.identity == .pinned, host.action == .blocked { continue }
      facts[host.name] = mesh.probe(host.name)
    }
    shown = ModelRun.plan(world, mesh, facts)
    last = shown
  }

  static func plan(_ world: ModelWorld, _ mesh: ModelMesh, _ facts: [String: ProbeResult]) -> Plan {
    var observation = mesh.observation(url: world.inventory.server.url.normalized)
    observation.facts = facts
    return Planner.plan(
      world.inventory, selection: world.selection, observation: observation, now: mesh.now,
      flags: world.flags)
  }

  mutating func run() {
    guard shown.stop == nil else { return }
    for user in shown.usersToCreate {
      do { try mesh.server.createUser(user) } catch { failures["user \(user)"] = "\(error)" }
    }
    for _ in 0..<3 {
      let before = log.count
      deleteTwins()
      handOver()
      for host in last.hosts where failures[host.name] == nil { act(restricted(host)) }
      last = ModelRun.plan(world, mesh, facts)
      if log.count == before { break }
    }
    deleteAged()
    last = ModelRun.plan(world, mesh, facts)
  }

  // MARK: Steps

  private mutating func act(_ host: HostPlan) {
    guard let declared = world.inventory.hosts.first(where: { $0.key == host.name }) else { return }
    var steps = StepCompiler.steps(
      for: host, host: declared, facts: read(host.name), inventory: world.inventory)
    if host.parkings.contains(where: { $0.reason == .swap }) {
      steps.removeAll { $0.kind == .renameNode }
    }
    guard steps != lastSteps[host.name] else { return }
    lastSteps[host.name] = steps
    var isRead = false
    for step in steps {
      guard perform(step, host.name) else { break }
      if case .join(let join) = step {
        joined.insert(host.name)
        if join.reauthenticates { reauthenticated.insert(host.name) }
      }
      if [.join, .startService, .setPreferences].contains(step.kind) { isRead = true }
    }
    if isRead { facts[host.name] = mesh.probe(host.name) }
  }

  private mutating func perform(_ step: Step, _ host: String) -> Bool {
    log.append("\(host): \(StepLine.of(step))")
    if case .deleteNode(let id) = step { deleted.insert(id) }
    do {
      try mesh.perform(step, on: host)
      return true
    } catch {
      failures[host] = "\(error)"
      return false
    }
  }

  private func read(_ host: String) -> HostFacts? {
    guard case .facts(let facts)? = facts[host] else { return nil }
    return facts
  }

  // MARK: Names and deletions

  private mutating func handOver() {
    let taking = last.hosts.filter { failures[$0.name] == nil }.map(restricted)
    let swaps = taking.flatMap { host in
      host.parkings.filter { $0.reason == .swap }.map { (host.name, $0) }
    }
    let moving = Set(swaps.map(\.1.node.id))
    for (host, parking) in swaps {
      _ = perform(.renameNode(nodeID: parking.node.id, name: parking.parkedName), host)
    }
    for host in taking {
      let isPart = host.parkings.contains { $0.reason == .swap } || moving.contains(host.node?.id ?? "")
      guard isPart, let node = host.node, [.pinned, .proven].contains(host.identity) else { continue }
      for change in host.doable where change.attribute == .name && !change.onceProven {
        guard case .text(let name)? = change.new else { continue }
        _ = perform(.renameNode(nodeID: node.id, name: name), host.name)
      }
    }
  }

  private mutating func deleteTwins() {
    let named = Set(
      shown.hosts.flatMap(\.deletions).filter { $0.blockedBy == nil }.map(\.node.id)
        + shown.deletions.map(\.node.id))
    for node in last.unmanaged {
      guard let deletion = node.deletion, !deletion.byAge, deletion.blockedBy == nil,
        named.contains(node.nodeID)
      else { continue }
      _ = perform(.deleteNode(id: node.nodeID), node.parkedFor ?? "?")
    }
  }

  private mutating func deleteAged() {
    let ofHosts = shown.hosts.filter { $0.action == .remove && failures[$0.name] == nil }
      .flatMap(\.deletions)
    for deletion in ofHosts + shown.deletions where deletion.byAge && deletion.blockedBy == nil {
      guard let node = mesh.server.nodes.first(where: { $0.id == deletion.node.id }), !node.online,
        node.nodeKey == deletion.node.nodeKey, node.givenName == deletion.name
      else { continue }
      _ = perform(.deleteNode(id: deletion.node.id), "by age")
    }
  }

  // MARK: Only what was shown

  /// Later rounds finish what was shown (design law 9); the engine has its own code for this.
  private func restricted(_ host: HostPlan) -> HostPlan {
    guard let first = shown.hosts.first(where: { $0.name == host.name }), first != host else {
      return host
    }
    var host = host
    if joined.contains(host.name) {
      let again = host.action == .join || host.action == .replace || host.reauthenticates
      if again || host.action == .remove { host.action = .none }
      if host.action == .none { host.changes = [] }
      return host
    }
    if first.action == host.action, first.doable.contains(where: { $0.attribute == .presence }) {
      return host
    }
    host.changes.removeAll { change in
      !first.doable.contains { $0.attribute == change.attribute && $0.new == change.new }
    }
    let parked = Set(first.parkings.map(\.node.id))
    if host.parkings.contains(where: { !parked.contains($0.node.id) }) {
      host.parkings = []
      host.changes.removeAll { $0.attribute == .name }
    }
    let isOther = first.node != nil && host.node != nil && first.node?.id != host.node?.id
    if isOther || host.changes.isEmpty { (host.action, host.changes) = (.none, []) }
    return host
  }
}
