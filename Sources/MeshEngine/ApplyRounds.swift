import MeshCore

/// The rounds of one apply: act, observe, finish what is left of what was shown.
struct ApplyRounds {
  let shown: ShownPlan
  let applier: Applier
  private var observation: Observation
  private var stepsDone: [String: [StepKind]] = [:]
  private var failures: [String: Diagnostic] = [:]
  private var warnings: [String: [Diagnostic]] = [:]
  private let allowed: [String: AllowedChanges]
  private let before: [String: ReportedPreferences]
  private let hosts: [String: Host]

  init(shown: ShownPlan, applier: Applier) {
    self.shown = shown
    self.applier = applier
    observation = shown.observation
    hosts = Dictionary(
      applier.request.inventory.hosts.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
    allowed = Dictionary(
      shown.plan.hosts.map { ($0.name, AllowedChanges($0)) }, uniquingKeysWith: { one, _ in one })
    before = shown.observation.facts.compactMapValues {
      guard case .facts(let facts) = $0 else { return nil }
      return facts.client?.preferences
    }
  }

  mutating func run(_ list: NodeList) async throws -> RunSummary {
    accept(list)
    if !shown.plan.usersToCreate.isEmpty {
      observation.users = try await applier.ports.control.users()
    }
    var plan = shown.plan
    var rounds = 0
    while rounds < Applier.maxRounds {
      let work = chains(of: plan)
      guard !work.isEmpty else { break }
      rounds += 1
      await emit(.round(rounds))
      let results = try await act(work, round: rounds)
      try await restorePreferences(after: results, round: rounds)
      accept(try await applier.ports.control.nodes())
      plan = applier.plan(observation)
      guard results.contains(where: { !$0.stepsDone.isEmpty }) else { break }
    }
    return try await finish(plan, rounds: rounds)
  }

  private mutating func accept(_ list: NodeList) {
    observation.nodes = list.nodes
    observation.takenAt = list.serverTime ?? observation.takenAt
  }

  // MARK: One round

  private struct Work: Sendable {
    var host: Host
    var steps: [Step]
    var facts: HostFacts?
  }

  /// The chains that this round may run: hosts shown with something to do, that have not failed, and
  /// of their changes only those that were shown.
  private func chains(of plan: Plan) -> [Work] {
    plan.hosts.compactMap { hostPlan in
      guard failures[hostPlan.name] == nil, let host = hosts[hostPlan.name],
        let allowed = allowed[hostPlan.name]
      else { return nil }
      let facts = currentFacts(hostPlan.name)
      let steps = StepCompiler.steps(
        for: allowed.restrict(hostPlan), host: host, facts: facts,
        inventory: applier.request.inventory)
      return steps.isEmpty ? nil : Work(host: host, steps: steps, facts: facts)
    }
  }

  private mutating func act(_ work: [Work], round: Int) async throws -> [ChainResult] {
    let nodes = NodeWatch(control: applier.ports.control, clock: applier.ports.clock)
    let ports = applier.ports
    let keys = applier.keys
    let results = try await BoundedFanOut.run(work, width: applier.request.parallelism) { work in
      try await HostChain(
        host: work.host, steps: work.steps, round: round, ports: ports, keys: keys, nodes: nodes
      ).run(facts: work.facts)
    }
    for result in results {
      stepsDone[result.host, default: []] += result.stepsDone
      if let failure = result.failure { failures[result.host] = failure }
      warnings[result.host, default: []] += result.warnings
      if let facts = result.facts { observation.facts[result.host] = .facts(facts) }
    }
    return results
  }

  /// Puts back what `up --reset` moved unasked (design law 5).
  private mutating func restorePreferences(
    after results: [ChainResult], round: Int
  ) async throws {
    var warnings = self.warnings
    let work = results.compactMap { result -> Work? in
      guard result.stepsDone.contains(.join), let host = hosts[result.host],
        let old = before[result.host], let new = result.facts?.client?.preferences
      else { return nil }
      let moved = MovedPreferences(before: old, after: new, host: host)
      for words in moved.lost {
        warnings[result.host, default: []].append(
          Diagnostic(.clientMoved, .warning, words, host: result.host))
      }
      guard !moved.restore.isEmpty else { return nil }
      return Work(host: host, steps: [.setPreferences(moved.restore)], facts: result.facts)
    }
    self.warnings = warnings
    guard !work.isEmpty else { return }
    _ = try await act(work, round: round)
  }

  private func currentFacts(_ host: String) -> HostFacts? {
    guard case .facts(let facts) = observation.facts[host] else { return nil }
    return facts
  }

  // MARK: The end

  private func finish(_ last: Plan, rounds: Int) async throws -> RunSummary {
    let lastPlans = Dictionary(
      last.hosts.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    var outcomes: [HostOutcome] = []
    for first in shown.plan.hosts {
      let outcome = outcome(first, last: lastPlans[first.name] ?? first)
      if outcome.result != .inSync {
        if outcome.result == .changed { await emit(.stepOK(.verify, detail: ""), host: first.name) }
        await emit(.hostDone(outcome), host: first.name)
      }
      outcomes.append(outcome)
    }
    return RunSummary(outcomes: outcomes, rounds: rounds, diagnostics: last.diagnostics)
  }

  private func outcome(_ first: HostPlan, last: HostPlan) -> HostOutcome {
    let done = stepsDone[first.name] ?? []
    func ended(_ result: HostOutcome.Result, _ diagnostics: [Diagnostic]) -> HostOutcome {
      HostOutcome(
        host: first.name, result: result, stepsDone: done,
        diagnostics: diagnostics + (warnings[first.name] ?? []))
    }
    if let failure = failures[first.name] { return ended(.failed, [failure]) }
    switch first.action {
    case .none: return ended(.inSync, first.diagnostics)
    case .wait: return ended(.waiting, first.diagnostics)
    case .blocked: return ended(.blocked, first.diagnostics)
    case .join, .change, .replace, .remove: break
    }
    switch last.action {
    case .none: return ended(last.isHindered ? .blocked : .changed, last.diagnostics)
    case .blocked: return ended(.blocked, last.diagnostics)
    case .wait: return ended(.waiting, last.diagnostics)
    case .join, .change, .replace, .remove:
      let left = (allowed[first.name]?.restrict(last) ?? last).changes
      if left.isEmpty { return ended(.changed, last.diagnostics) }
      let words = left.map { HostText.words($0) }.joined(separator: "; ")
      let diagnostic = Diagnostic(
        .notVerified, .error, "what was done did not last: \(words)",
        detail: "The server still shows the difference after \(Applier.maxRounds) rounds at most.",
        hint: "meshctl plan --probe --limit \(first.name)", host: first.name)
      return ended(.failed, last.diagnostics + [diagnostic])
    }
  }

  private func emit(_ kind: Event.Kind, host: String? = nil) async {
    await applier.ports.events.emit(
      Event(time: applier.ports.clock.now(), host: host, kind: kind))
  }
}

/// What was shown for one host: later rounds finish that and nothing else (design law 9).
struct AllowedChanges: Sendable {
  /// A join finishes everything of its host, because all of it was shown.
  private let everything: Bool
  private let attributes: Set<Change.Attribute>

  init(_ plan: HostPlan) {
    everything = plan.action == .join
    attributes = Set(plan.doable.map(\.attribute))
  }

  func restrict(_ plan: HostPlan) -> HostPlan {
    guard !everything else { return plan }
    var plan = plan
    plan.changes.removeAll { !attributes.contains($0.attribute) }
    if plan.changes.isEmpty, plan.action == .change { plan.action = .none }
    if plan.action == .join { plan.action = .none }
    return plan
  }
}
