package import MeshCore

/// What apply is asked to do.
package struct ApplyRequest: Sendable {
  package var inventory: Inventory
  package var selection: Set<String>
  package var flags: PlanFlags
  package var parallelism: Int
  package var simulated: Bool

  package init(
    inventory: Inventory, selection: Set<String>, flags: PlanFlags, parallelism: Int,
    simulated: Bool
  ) {
    self.inventory = inventory
    self.selection = selection
    self.flags = flags
    self.parallelism = parallelism
    self.simulated = simulated
  }
}

/// A plan with the observation it was made from; what is shown to the person.
package struct ShownPlan: Sendable {
  package var plan: Plan
  package var observation: Observation
}

/// Carries out a plan in the order of design §5: observe, probe, plan, (show, ask,) look again, act,
/// observe and finish, at most three rounds while rounds make progress.
package struct Applier: Sendable {
  let request: ApplyRequest
  let ports: Ports
  let keys: KeysInFlight

  static let maxRounds = 3

  package init(request: ApplyRequest, ports: Ports) {
    self.request = request
    self.ports = ports
    keys = KeysInFlight(control: ports.control, ledger: ports.keys)
  }

  // MARK: Before the answer

  /// Expires what an earlier, killed run left, observes, probes what is not in sync, plans.
  ///
  /// - Throws: `Failure` when the server cannot be read; nothing on hosts was touched then.
  package func planned() async throws -> ShownPlan {
    var observation = try await observer.observeServer()
    try await expireLeftOver()
    let first = plan(observation)
    let actions = Dictionary(uniqueKeysWithValues: first.hosts.map { ($0.name, $0) })
    let probed = request.inventory.hosts.filter { host in
      guard let plan = actions[host.key], host.state == .present,
        TargetProfile.of(host.os).isSupported
      else { return false }
      return request.flags.probe || Applier.needsProbe(plan)
    }
    observation.facts = try await observer.probe(probed)
    return ShownPlan(plan: plan(observation), observation: observation)
  }

  /// A pinned node with server-side changes only needs no SSH; a blocked one may be cleared by facts.
  private static func needsProbe(_ plan: HostPlan) -> Bool {
    switch plan.action {
    case .none: return false
    case .change where plan.identity == .pinned:
      let onServer: Set<StepKind> = [.setTags, .approveRoutes, .renameNode, .verify]
      return !Set(plan.steps).isSubset(of: onServer)
    default: return true
    }
  }

  var observer: Observer { Observer(ports: ports.readOnly, parallelism: request.parallelism) }

  func plan(_ observation: Observation) -> Plan {
    Planner.plan(
      request.inventory, selection: request.selection, observation: observation,
      now: ports.clock.now(), flags: request.flags, simulated: request.simulated)
  }

  private func expireLeftOver() async throws {
    for id in try await ports.keys.leftOver() {
      try await ports.control.expirePreAuthKey(id: id)
      try await ports.keys.remove(keyID: id)
    }
  }

  // MARK: After the answer

  /// Looks again, then acts.
  ///
  /// - Throws: `StalePlan` when a touched node moved since it was shown (nothing was done), `Failure`
  ///   when the server cannot be read, `CancellationError`; after the last two call `cleanUp`.
  package func execute(_ shown: ShownPlan) async throws -> RunSummary {
    let list = try await ports.control.nodes()
    let moved = StalePlan.differences(shown.plan, before: shown.observation.nodes, now: list.nodes)
    guard moved.isEmpty else { throw StalePlan(differences: moved) }
    try await createUsers(shown.plan)
    var run = ApplyRounds(shown: shown, applier: self)
    return try await run.run(list)
  }

  private func createUsers(_ plan: Plan) async throws {
    for user in plan.usersToCreate {
      await ports.events.emit(Event(time: ports.clock.now(), kind: .stepStart(.createUser)))
      try await ports.control.createUser(name: user)
      await ports.events.emit(
        Event(time: ports.clock.now(), kind: .stepOK(.createUser, detail: user)))
    }
  }

  /// Expires every key in flight and closes connections; safe to call at any time, also after a
  /// cancellation, but from a task that is not cancelled itself.
  ///
  /// - Returns: what could not be cleaned up.
  package func cleanUp() async -> [Diagnostic] {
    let failures = await keys.expireAll()
    await ports.hosts.close()
    return failures.map { id, error in
      Diagnostic(
        .cleanUpFailed, .warning, "pre-auth key \(id) could not be expired",
        detail: "It ends by itself within 15 minutes; the next run tries again.",
        evidence: (error as? Failure)?.diagnostic.message ?? String(describing: type(of: error)),
        hint: "headscale preauthkeys expire --id \(id)")
    }
  }
}

/// Thrown when what was shown no longer holds; nothing was done (exit 6).
package struct StalePlan: Error, Sendable {
  /// What moved, in words, one a line.
  package var differences: [String]

  /// Compares id, keys, owner, tags, approved routes, name and expiry of the touched nodes (never
  /// online, lastSeen or addresses; design law 9).
  static func differences(_ plan: Plan, before: [MeshNode], now: [MeshNode]) -> [String] {
    let old = Dictionary(before.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(now.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let newNames = Dictionary(now.map { ($0.givenName, $0) }, uniquingKeysWith: { one, _ in one })
    var differences: [String] = []
    for host in plan.hosts where !host.doable.isEmpty {
      if let id = host.node?.id, let was = old[id] {
        guard let node = new[id] else {
          differences.append("\(host.name): node #\(id) is gone")
          continue
        }
        differences += moved(was, node).map { "\(host.name): node #\(id) \($0)" }
      } else if host.action == .join, let holder = wantedName(host).flatMap({ newNames[$0] }) {
        differences.append("\(host.name): node #\(holder.id) took the name \(holder.givenName)")
      }
    }
    return differences
  }

  private static func wantedName(_ host: HostPlan) -> String? {
    for case .text(let name)? in host.changes.filter({ $0.attribute == .name }).map(\.new) {
      return name
    }
    return nil
  }

  private static func moved(_ old: MeshNode, _ new: MeshNode) -> [String] {
    var moved: [String] = []
    if old.nodeKey != new.nodeKey || old.machineKey != new.machineKey { moved.append("has new keys") }
    if old.user?.id != new.user?.id { moved.append("has another owner") }
    if old.tags != new.tags { moved.append("has other tags") }
    if old.approvedRoutes.sorted() != new.approvedRoutes.sorted() {
      moved.append("has other approved routes")
    }
    if old.givenName != new.givenName { moved.append("is now called \(new.givenName)") }
    if old.expiry != new.expiry { moved.append("has another expiry") }
    return moved
  }
}
