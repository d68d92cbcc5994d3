import MeshCore

/// The rounds of one apply: act, observe, finish what is left of what was shown.
struct ApplyRounds {
  let shown: ShownPlan
  let applier: Applier
  var observation: Observation
  var stepsDone: [String: [StepKind]] = [:]
  var failures: [String: Diagnostic] = [:]
  var warnings: [String: [Diagnostic]] = [:]
  /// What a person has to do, by host; nothing else is done there in this run.
  var waits: [String: Diagnostic] = [:]
  /// Findings about the whole run.
  var findings: [Diagnostic] = []
  /// How the deletions of nodes that are no host's ended, by node id.
  var nodesDone: [String: NodeOutcome] = [:]
  let allowed: [String: AllowedChanges]
  /// Preferences as they were before this run changed anything.
  private var before: [String: ReportedPreferences] = [:]
  let hosts: [String: Host]
  /// What each host did in the round before: the same steps once more make no progress.
  private var lastSteps: [String: [Step]] = [:]

  /// - Parameters:
  ///   - shown: what may be done.
  ///   - applier: the ports and the request.
  ///   - usersNotCreated: why, by user; the hosts that were to belong to them are not joined.
  init(shown: ShownPlan, applier: Applier, usersNotCreated: [String: Diagnostic]) {
    self.shown = shown
    self.applier = applier
    observation = shown.observation
    hosts = Dictionary(
      applier.request.inventory.hosts.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
    allowed = Dictionary(
      shown.plan.hosts.map { ($0.name, AllowedChanges($0)) }, uniquingKeysWith: { one, _ in one })
    for plan in shown.plan.hosts where plan.steps.contains(.createUser) {
      guard case .owner(let user)? = hosts[plan.name]?.ownership else { continue }
      failures[plan.name] = usersNotCreated[user]?.on(host: plan.name)
    }
    rememberPreferences(of: shown.plan.hosts.map(\.name))
  }

  mutating func run(_ list: NodeList) async throws -> RunSummary {
    accept(list)
    if !shown.plan.usersToCreate.isEmpty { try await refreshUsers() }
    var plan = shown.plan
    var rounds = 0
    // A host that could not even be looked at has its three rounds after SSH was enabled.
    while rounds < Applier.maxRounds
      + (stepsDone.values.contains { $0.contains(.enableSSH) } ? 1 : 0)
    {
      let twins = twinsToDelete(plan)
      let handOver = namesToHandOver(plan)
      var work = chains(of: plan, named: Set(handOver.map(\.host)))
      guard !work.isEmpty || !twins.isEmpty || !handOver.isEmpty else { break }
      rounds += 1
      await applier.emit(.round(rounds))
      var isProgress = try await delete(twins)
      isProgress = try await handOverNames(handOver, round: rounds) || isProgress
      work.removeAll { failures[$0.host.key] != nil }
      let results = try await act(work, round: rounds)
      try await restorePreferences(after: results, round: rounds)
      try await lookAgain(at: results)
      do {
        accept(try await applier.ports.control.nodes())
      } catch let failure as Failure {
        leaveUnchecked(work, failure)
        break
      }
      plan = applier.laterPlan(observation)
      guard isProgress || results.contains(where: { !$0.stepsDone.isEmpty }) else { break }
    }
    // A former record that was kept for its routes has done its duty now.
    let isTidied = try await delete(twinsToDelete(plan))
    let isPruned = try await deleteAged()
    if isTidied || isPruned {
      do {
        accept(try await applier.ports.control.nodes())
        plan = applier.laterPlan(observation)
      } catch let failure as Failure {
        findings.append(failure.diagnostic)
      }
    }
    return await finish(plan, rounds: rounds)
  }

  private mutating func accept(_ list: NodeList) {
    observation.nodes = list.nodes
    observation.takenAt = list.serverTime ?? observation.takenAt
  }

  /// Users were created, so the list of before is old; where there is no new one, users are unknown.
  private mutating func refreshUsers() async throws {
    do {
      observation.users = try await applier.ports.control.users()
    } catch let failure as Failure {
      observation.users = nil
      findings.append(failure.diagnostic.asWarning)
    }
  }

  // MARK: One round

  private struct Work: Sendable {
    var host: Host
    var steps: [Step]
    var facts: HostFacts?
  }

  /// The chains that this round may run: hosts shown with something to do, that have not failed, and
  /// of their changes only those that were shown.
  ///
  /// Those in `named` get their names before all chains.
  private func chains(of plan: Plan, named: Set<String>) -> [Work] {
    plan.hosts.compactMap { hostPlan in
      guard failures[hostPlan.name] == nil, waits[hostPlan.name] == nil,
        let host = hosts[hostPlan.name]
      else { return nil }
      let facts = currentFacts(hostPlan.name)
      let allowed = restricted(hostPlan)
      guard waitsForRoutes(allowed, plan) == nil else { return nil }
      var steps = StepCompiler.steps(
        for: allowed, host: host, facts: facts, inventory: applier.request.inventory)
      if named.contains(hostPlan.name) { steps.removeAll { $0.kind == .renameNode } }
      guard !steps.isEmpty, steps != lastSteps[hostPlan.name] else { return nil }
      return Work(host: host, steps: steps, facts: facts)
    }
  }

  func restricted(_ plan: HostPlan) -> HostPlan {
    guard let allowed = allowed[plan.name] else { return plan }
    let joined = hasJoined(plan.name)
    var plan = allowed.restrict(plan, joined: joined)
    if joined, let promised = allowed.promisedRoutes { approve(promised, &plan) }
    return plan
  }

  /// What the replaced node had approved, where nobody manages it (design law 5).
  private func approve(_ routes: [String], _ plan: inout HostPlan) {
    guard let id = plan.node?.id, [Action.none, .change].contains(plan.action),
      let node = observation.nodes.first(where: { $0.id == id }),
      !plan.changes.contains(where: { $0.attribute == .approvedRoutes }),
      !Set(routes).isSubset(of: node.approvedRoutes)
    else { return }
    plan.changes.append(
      Change(
        .approvedRoutes, old: .list(node.approvedRoutes),
        new: .list(Set(routes + node.approvedRoutes).sorted())))
    plan.action = .change
  }

  func hasJoined(_ host: String) -> Bool { stepsDone[host]?.contains(.join) ?? false }

  private mutating func act(_ work: [Work], round: Int) async throws -> [ChainResult] {
    let results = try await runChains(work, round: round)
    for one in work { lastSteps[one.host.key] = one.steps }
    for result in results {
      stepsDone[result.host, default: []] += result.stepsDone
      if let failure = result.failure { failures[result.host] = failure }
      if let waiting = result.waiting { waits[result.host] = waiting }
      accept(result)
    }
    return results
  }

  private func runChains(_ work: [Work], round: Int) async throws -> [ChainResult] {
    let pacer = applier.pacer
    let nodes = NodeWatch(
      control: applier.ports.control, clock: applier.ports.clock, pacer: pacer)
    let ports = applier.ports
    let keys = applier.keys
    return try await BoundedFanOut.run(work, width: applier.request.parallelism) { work in
      try await HostChain(
        host: work.host, steps: work.steps, round: round, ports: ports, keys: keys, nodes: nodes,
        pacer: pacer
      ).run(facts: work.facts)
    }
  }

  private mutating func accept(_ result: ChainResult) {
    warnings[result.host, default: []] += result.warnings
    if let facts = result.facts { observation.facts[result.host] = .facts(facts) }
  }

  /// Puts back what `up --reset` moved unasked (design law 5), also after a join that failed later.
  private mutating func restorePreferences(
    after results: [ChainResult], round: Int
  ) async throws {
    var work: [Work] = []
    for result in results {
      guard result.triedToJoin, let host = hosts[result.host], let old = before[result.host],
        let new = result.facts?.client?.preferences
      else { continue }
      let moved = MovedPreferences(before: old, after: new, host: host)
      warnings[result.host, default: []] += moved.warnings(on: host)
      guard !moved.restore.isEmpty else { continue }
      work.append(Work(host: host, steps: [.setPreferences(moved.restore)], facts: result.facts))
    }
    // Part of the join, so it is no step of its own in the outcome and makes no progress.
    for result in try await runChains(work, round: round) {
      accept(result)
      guard var warning = result.failure?.asWarning else { continue }
      warning.message = "preferences that the join moved are not put back: \(warning.message)"
      warnings[result.host, default: []].append(warning)
    }
  }

  /// Probes again where a daemon was started: only now it tells its key and its preferences; and where
  /// SSH was enabled.
  private mutating func lookAgain(at results: [ChainResult]) async throws {
    let started = results.filter {
      $0.failure == nil && $0.waiting == nil && !$0.stepsDone.contains(.join)
        && ($0.stepsDone.contains(.startService) || $0.stepsDone.contains(.enableSSH))
    }.map(\.host)
    guard !started.isEmpty else { return }
    for (host, facts) in try await applier.observer.probe(started.compactMap { hosts[$0] }) {
      observation.facts[host] = facts
    }
    rememberPreferences(of: started)
  }

  private mutating func rememberPreferences(of names: [String]) {
    for name in names where before[name] == nil {
      before[name] = currentFacts(name)?.client?.preferences
    }
  }

  func currentFacts(_ host: String) -> HostFacts? {
    guard case .facts(let facts) = observation.facts[host] else { return nil }
    return facts
  }

  /// The server cannot be read any more: what this round did is not known to have worked.
  private mutating func leaveUnchecked(_ work: [Work], _ failure: Failure) {
    findings.append(failure.diagnostic)
    for host in work.map(\.host.key) where failures[host] == nil {
      failures[host] = Diagnostic(
        .notVerified, .error, "what was done could not be checked on the server",
        detail: "The next run looks again and finishes what is left.",
        evidence: failure.diagnostic.evidence ?? failure.diagnostic.message,
        hint: "meshctl plan --probe --limit \(host)", host: host)
    }
  }
}
