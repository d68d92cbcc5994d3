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
  /// What the guard counts, over all rounds: hosts by key, nobody's nodes as `#id`.
  var taken: Set<String> = []
  var log: [String] = []
  private var lastSteps: [String: [Step]] = [:]
  /// Hosts that got their names before all chains of this round.
  private var handedOver: Set<String> = []

  init(_ world: ModelWorld) {
    self.world = world
    mesh = world.mesh
    mesh.settlePresence()
    facts = [:]
    let first = ModelRun.plan(world, mesh, [:])
    for host in first.hosts where host.action != .none || world.flags.probe {
      // Facts may take others out of the guard's count, and then this one is done.
      let isHeld = host.diagnostics.contains { $0.code == .guardDeletes }
      if host.identity == .pinned, host.action == .blocked, !isHeld { continue }
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
      handedOver = []
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
    if handedOver.contains(host.name) { steps.removeAll { $0.kind == .renameNode } }
    guard steps != lastSteps[host.name] else { return }
    lastSteps[host.name] = steps
    var isRead = false
    for step in steps {
      guard perform(step, host.name) else { break }
      if case .join(let join) = step {
        joined.insert(host.name)
        if join.reauthenticates { reauthenticated.insert(host.name) }
        if join.reauthenticates || host.action == .replace { taken.insert(host.name) }
      }
      if [.join, .startService, .setPreferences].contains(step.kind) { isRead = true }
    }
    if isRead { facts[host.name] = mesh.probe(host.name) }
  }

  private mutating func perform(_ step: Step, _ host: String) -> Bool {
    log.append("\(host): \(StepLine.of(step))")
    if case .deleteNode(let id) = step { deleted.insert(id) }
    if case .join(let join) = step, let id = join.deletesFirst { deleted.insert(id) }
    let before = mesh.server.nodes
    do {
      try mesh.perform(step, on: host)
      count(step, host, before)
      return true
    } catch {
      failures[host] = "\(error)"
      return false
    }
  }

  /// Counts by what became of the server's records, whatever the plan said of it.
  private mutating func count(_ step: Step, _ host: String, _ before: [MeshNode]) {
    // Of a host that the plan calls a deletion's owner: once, however much is taken for it.
    if case .deleteNode(let id) = step {
      let owner = shown.hosts.first { $0.deletions.contains { $0.node.id == id } }
      taken.insert(
        owner?.name ?? (world.inventory.hosts.contains { $0.key == host } ? host : "#\(id)"))
    }
    if case .renameNode(let id, let name) = step, let node = before.first(where: { $0.id == id }),
      name == Parking.parkedName(node.givenName, id: id), isParkedForGood(id, host)
    {
      taken.insert(host)
    }
    // A first join never counts: that the server has the machine under a user already, and tags that
    // record, nobody could know before.
    if case .join = step, shown.hosts.first(where: { $0.name == host })?.action == .join { return }
    let owned = Set(before.filter { $0.tags.isEmpty && $0.user != nil }.map(\.id))
    if mesh.server.nodes.contains(where: { owned.contains($0.id) && !$0.tags.isEmpty }) {
      taken.insert(host)
    }
  }

  /// False for a swap of names, where the node gets another one in the same run.
  private func isParkedForGood(_ id: String, _ host: String) -> Bool {
    (shown.hosts + last.hosts).contains {
      $0.name == host
        && $0.parkings.contains { $0.node.id == id && $0.reason == .offlineHolder }
    }
  }

  private func read(_ host: String) -> HostFacts? {
    guard case .facts(let facts)? = facts[host] else { return nil }
    return facts
  }

  // MARK: Names and deletions

  /// Parks all nodes whose names change hands, then gives the names.
  private mutating func handOver() {
    let taking = last.hosts.filter { failures[$0.name] == nil }.map(restricted).filter(takesName)
    let swapping = taking.filter { $0.parkings.contains { $0.reason == .swap } }
    let moving = Set(
      swapping.flatMap(\.parkings).filter { $0.reason == .swap }.map(\.node.id))
    let part = taking.filter { host in
      swapping.contains { $0.name == host.name } || moving.contains(host.node?.id ?? "")
    }
    for host in part {
      for parking in host.parkings {
        _ = perform(.renameNode(nodeID: parking.node.id, name: parking.parkedName), host.name)
      }
    }
    for host in part {
      guard let node = host.node else { continue }
      for change in host.doable where change.attribute == .name {
        guard case .text(let name)? = change.new else { continue }
        _ = perform(.renameNode(nodeID: node.id, name: name), host.name)
      }
    }
    handedOver.formUnion(part.map(\.name))
  }

  private func takesName(_ host: HostPlan) -> Bool {
    host.action == .change && [.pinned, .proven].contains(host.identity)
      && host.doable.contains { $0.attribute == .name && !$0.onceProven }
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

  private func restricted(_ host: HostPlan) -> HostPlan {
    guard let first = shown.hosts.first(where: { $0.name == host.name }) else { return host }
    return ShownOnly(shown: first, joined: joined.contains(host.name)).restrict(host)
  }
}
