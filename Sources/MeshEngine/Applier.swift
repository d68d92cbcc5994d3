package import MeshCore

/// What apply is asked to do.
package struct ApplyRequest: Sendable {
  package var inventory: Inventory
  package var selection: Set<String>
  package var flags: PlanFlags
  package var parallelism: Int
  package var simulated: Bool
  /// True where hosts that keep failing are tried less often: a run that nobody watches.
  package var backsOff: Bool

  package init(
    inventory: Inventory, selection: Set<String>, flags: PlanFlags, parallelism: Int,
    simulated: Bool, backsOff: Bool = false
  ) {
    self.inventory = inventory
    self.selection = selection
    self.flags = flags
    self.parallelism = parallelism
    self.simulated = simulated
    self.backsOff = backsOff
  }
}

/// A plan with the observation it was made from; what is shown to the person.
package struct ShownPlan: Sendable {
  package var plan: Plan
  package var observation: Observation
  /// When the nodes were listed, by the controller's clock; deletions by age wait from here.
  package var listedAt: Timestamp
  /// The hosts as a plan without facts showed them: the situation that an attempt was made in.
  var first: [HostPlan] = []
}

/// Carries out a plan in the order of design §5: observe, probe, plan, (show, ask,) look again, act,
/// observe and finish, at most three rounds while rounds make progress.
package struct Applier: Sendable {
  let request: ApplyRequest
  let ports: Ports
  let keys: KeysInFlight
  let pacer = JoinPacer()

  static let maxRounds = 3

  package init(request: ApplyRequest, ports: Ports) {
    self.request = request
    self.ports = ports
    keys = KeysInFlight(
      control: ports.control, ledger: ports.keys,
      report: { effect, host in
        await ports.events.emit(
          Event(time: ports.clock.now(), host: host, kind: .sideEffect(effect)))
      })
  }

  // MARK: Before the answer

  /// Expires what an earlier, killed run left, observes, probes what is not in sync, plans.
  ///
  /// - Throws: `Failure` when the server cannot be read; nothing on hosts was touched then.
  package func planned() async throws -> ShownPlan {
    var observation = try await observer.observeServer()
    var listedAt = ports.clock.now()
    let leftOver = try await expireLeftOver(&observation.endedKeys)
    var first = plan(observation)
    if Applier.isDark(observation), !first.isEmpty {
      listedAt = try await waitForLight(&observation)
      first = plan(observation)
    }
    observation.heldBack = try await heldBack(first)
    let held = Set(observation.heldBack.keys)
    let actions = Dictionary(uniqueKeysWithValues: first.hosts.map { ($0.name, $0) })
    let doubled = Set(first.unmanaged.filter(\.isFormerRecord).compactMap(\.parkedFor))
    let probed = request.inventory.hosts.filter { host in
      guard let plan = actions[host.key], !held.contains(host.key),
        TargetProfile.of(host.os).isSupported
      else { return false }
      return (request.flags.probe && host.state == .present) || Applier.needsProbe(plan)
        || doubled.contains(host.key)
    }
    try await observer.look(at: probed, into: &observation)
    // A host that looked right and is claimed by another now differs in another way than before.
    let untouched = held.filter { actions[$0]?.action != Action.none }
    try await lookAtContested(besides: untouched.union(probed.map(\.key)), &observation)
    try refuseEmptyList(observation)
    var shown = plan(observation)
    shown.diagnostics += leftOver
    return ShownPlan(
      plan: shown, observation: observation, listedAt: listedAt, first: first.hosts)
  }

  /// What one host proves may concern another that looked right by its name: names that were swapped
  /// behind our back.
  private func lookAtContested(
    besides probed: Set<String>, _ observation: inout Observation
  ) async throws {
    let actions = Dictionary(uniqueKeysWithValues: plan(observation).hosts.map { ($0.name, $0) })
    let more = request.inventory.hosts.filter { host in
      guard !probed.contains(host.key), let plan = actions[host.key] else { return false }
      return TargetProfile.of(host.os).isSupported && Applier.needsProbe(plan)
    }
    guard !more.isEmpty else { return }
    for host in more { observation.heldBack[host.key] = nil }
    let known = observation.facts
    try await observer.look(at: more, into: &observation)
    observation.facts.merge(known) { new, _ in new }
  }

  /// Every one of several nodes offline is what a server shows right after its start (reference
  /// headscale-api.md §5.5).
  private static func isDark(_ observation: Observation) -> Bool {
    observation.nodes.count > 1 && observation.nodes.allSatisfy { !$0.online }
  }

  /// Lists again for up to `guards.confirm_after` before believing that nobody is there.
  private func waitForLight(_ observation: inout Observation) async throws -> Timestamp {
    let patience = request.inventory.guards.confirmAfter
    let began = ports.clock.now()
    var listedAt = began
    while Applier.isDark(observation), ports.clock.now().seconds(since: began) < patience {
      let rest = patience - ports.clock.now().seconds(since: began)
      try await ports.clock.sleep(seconds: Double(min(5, max(1, rest))))
      let list = try await ports.control.nodes()
      listedAt = ports.clock.now()
      observation.nodes = list.nodes
      observation.takenAt = list.serverTime ?? observation.takenAt
    }
    return listedAt
  }

  /// A pinned node with server-side changes only needs no SSH.
  ///
  /// A blocked host may be cleared by facts, unless its pin already says which node it is.
  private static func needsProbe(_ plan: HostPlan) -> Bool {
    switch plan.action {
    case .none: return false
    case .blocked where plan.identity == .pinned:
      // What others turn out not to need may leave room under the guard.
      return plan.diagnostics.contains { $0.code == .guardDeletes }
    case .change where plan.identity == .pinned:
      let onServer: Set<StepKind> = [
        .setTags, .approveRoutes, .renameNode, .setExpiry, .deleteNode, .verify,
      ]
      return !Set(plan.steps).isSubset(of: onServer)
    default: return true
    }
  }

  var observer: Observer { Observer(ports: ports.readOnly, parallelism: request.parallelism) }

  func plan(_ observation: Observation) -> Plan { plan(observation, flags: request.flags) }

  /// The plan of a later round: what was shown has passed the guards, and nothing else is done, so
  /// what came to light since must not count against it.
  func laterPlan(_ observation: Observation) -> Plan {
    var flags = request.flags
    flags.maxDeletes = .off
    flags.maxChanges = .off
    return plan(observation, flags: flags)
  }

  private func plan(_ observation: Observation, flags: PlanFlags) -> Plan {
    Planner.plan(
      request.inventory, selection: request.selection, observation: observation,
      now: ports.clock.now(), flags: flags, simulated: request.simulated)
  }

  /// An empty list while hosts report to be joined here is a wrong or a reset server, not a wish.
  private func refuseEmptyList(_ observation: Observation) throws {
    guard observation.nodes.isEmpty else { return }
    let joined = request.inventory.hosts.filter { host in
      guard case .facts(let facts)? = observation.facts[host.key], let client = facts.client,
        client.backendState == "Running", client.nodeKey != nil,
        let url = client.preferences.flatMap({ ServerURL($0.controlURL) })
      else { return false }
      return host.isServed(by: url, wanting: host.serverURL ?? request.inventory.server.url)
    }
    guard let first = joined.first else { return }
    throw Failure(
      .emptyList,
      "the server lists no node, but \(joined.count) hosts report to be joined to it (\(first.key))",
      detail: "Either this is another server's API, or its database is gone. Nothing was done.",
      hint: "headscale nodes list; check server.api.url")
  }

  /// Expires what an earlier run left.
  ///
  /// A key that cannot be expired ends by itself within minutes and stays in the ledger, so it stops
  /// nothing.
  private func expireLeftOver(_ ended: inout EndedKeys) async throws -> [Diagnostic] {
    var warnings: [Diagnostic] = []
    for id in try await ports.keys.leftOver() {
      do {
        switch try await ports.control.expireLeftOver(keyID: id) {
        case .expired:
          await emit(.sideEffect(.keyExpired(id: id)))
          ended.ids.insert(id)
        case .harmless: ended.ids.insert(id)
        case .foreign: warnings.append(Applier.notOurs(id))
        }
        try await ports.keys.remove(keyID: id)
      } catch let failure as Failure {
        warnings.append(Applier.notExpired(id, failure))
      }
    }
    for expiration in try await ports.keys.announcedBefore() {
      do {
        try await ports.control.expireUnusedKeys(expiringAt: expiration)
        await emit(.sideEffect(.keysExpired(expiring: expiration)))
        ended.expirations.insert(expiration)
        try await ports.keys.withdraw(expiration)
      } catch let failure as Failure {
        warnings.append(Applier.notExpired("of \(expiration.rfc3339)", failure))
      }
    }
    return warnings
  }

  private static func notOurs(_ id: String) -> Diagnostic {
    Diagnostic(
      .cleanUpFailed, .warning,
      "the lock file names pre-auth key \(VisibleText.escaped(id, limit: 40)), which meshctl did not make",
      detail: "It is reusable, or good for more than a day; ids are given anew after a server was"
        + " restored. It was left alone and is forgotten.", hint: "headscale preauthkeys list")
  }

  private static func notExpired(_ id: String, _ error: any Error) -> Diagnostic {
    let reason = Failure(any: error).diagnostic
    return Diagnostic(
      .cleanUpFailed, .warning, "pre-auth key \(id) could not be expired",
      detail: "It ends by itself: within 15 minutes, or within a day where it waits for a person."
        + " The next run tries again.",
      evidence: reason.evidence.map { "\(reason.message): \($0)" } ?? reason.message,
      hint: "headscale preauthkeys expire --id \(id)")
  }

  // MARK: After the answer

  /// Looks again, then acts.
  ///
  /// Deletions by age wait until `guards.confirm_after` has passed since the list that was shown.
  ///
  /// - Throws: `StalePlan` when a touched node moved since it was shown (nothing was done), `Failure`
  ///   when the server cannot be read before anything was done, `CancellationError`. In every case
  ///   call `cleanUp` afterwards.
  package func execute(_ shown: ShownPlan) async throws -> RunSummary {
    // Nothing is done, so nothing can have moved: a run on a mesh that matches lists once (design law 2).
    let list =
      shown.plan.isIdle
      ? NodeList(nodes: shown.observation.nodes, serverTime: shown.observation.takenAt)
      : try await ports.control.nodes()
    let moved = StalePlan.differences(shown.plan, before: shown.observation.nodes, now: list.nodes)
    guard moved.isEmpty else { throw StalePlan(differences: moved) }
    let failures = try await createUsers(shown.plan)
    var run = ApplyRounds(shown: shown, applier: self, usersNotCreated: failures)
    var summary = try await run.run(list)
    summary.diagnostics += await remember(summary, of: shown)
    return summary
  }

  /// - Returns: why users could not be created, by name; only the hosts that need one fail by it.
  private func createUsers(_ plan: Plan) async throws -> [String: Diagnostic] {
    var failures: [String: Diagnostic] = [:]
    for user in plan.usersToCreate {
      await emit(.stepStart(.createUser))
      do {
        try await ports.control.createUser(name: user)
        await emit(.stepOK(.createUser, detail: user))
      } catch let failure as Failure {
        failures[user] = failure.diagnostic
        await emit(.stepFailed(.createUser, failure.diagnostic))
      }
    }
    return failures
  }

  func emit(_ kind: Event.Kind, host: String? = nil, step: Step? = nil) async {
    await ports.events.emit(Event(time: ports.clock.now(), host: host, kind: kind, step: step))
  }

  /// Expires every key in flight and closes connections; safe to call at any time, also after a
  /// cancellation, but from a task that is not cancelled itself.
  ///
  /// - Returns: what could not be cleaned up.
  package func cleanUp() async -> [Diagnostic] {
    let failures = await keys.expireAll()
    await ports.hosts.close()
    return failures.sorted { $0.key < $1.key }.map(Applier.notExpired)
  }
}
