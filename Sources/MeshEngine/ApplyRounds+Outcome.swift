import MeshCore

/// How the hosts of a run ended.
extension ApplyRounds {
  func finish(_ last: Plan, rounds: Int) async -> RunSummary {
    let lastPlans = Dictionary(
      last.hosts.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    var outcomes: [HostOutcome] = []
    for first in shown.plan.hosts {
      let outcome = outcome(first, last: lastPlans[first.name] ?? first, in: last)
      if outcome.result != .inSync {
        if outcome.result == .changed {
          await applier.emit(.stepOK(.verify, detail: ""), host: first.name)
        } else if let finding = outcome.diagnostics.first(where: { $0.code == .notVerified }) {
          await applier.emit(.stepFailed(.verify, finding), host: first.name)
        }
        if outcome.result == .waiting, let finding = outcome.diagnostics.first {
          await applier.emit(.waits(finding), host: first.name)
        }
        await applier.emit(.hostDone(outcome), host: first.name)
      }
      outcomes.append(outcome)
    }
    var summary = RunSummary(
      outcomes: outcomes, rounds: rounds,
      diagnostics: shown.plan.diagnostics.filter { $0.code == .guardDeletes }
        + last.diagnostics.filter { $0.code != .guardDeletes } + findings)
    summary.nodes = nodeOutcomes
    summary.heldBack = shown.observation.heldBack.mapValues(\.attempt)
    summary.unmanaged = last.listsEverything ? last.summary.unmanaged : nil
    summary.soonestKeyExpiry = last.soonestKeyExpiry(among: observation.nodes)
    return summary
  }

  /// With the routes that the new node of a replaced host still lacks.
  private func restrictedAtTheEnd(_ last: HostPlan) -> HostPlan {
    guard last.action == .none, hasJoined(last.name) else { return last }
    return restricted(last)
  }

  private func outcome(
    _ first: HostPlan, last: HostPlan, in lastPlan: Plan
  ) -> HostOutcome {
    let done = stepsDone[first.name] ?? []
    func ended(_ result: HostOutcome.Result, _ diagnostics: [Diagnostic]) -> HostOutcome {
      HostOutcome(
        host: first.name, result: result, stepsDone: done,
        diagnostics: diagnostics + (warnings[first.name] ?? []))
    }
    if let failure = failures[first.name] { return ended(.failed, [failure]) }
    // A person may have been quick.
    if let waiting = waits[first.name], last.action != .none { return ended(.waiting, [waiting]) }
    let joined = hasJoined(first.name)
    if first.action == .change || first.action == .remove,
      allowed[first.name]?.isOther(last, joined: joined) == true
    {
      return ended(.blocked, [Outcomes.notProven(first, last)])
    }
    switch first.action {
    case .none: return ended(first.isHindered ? .blocked : .inSync, first.diagnostics)
    case .wait: return ended(.waiting, first.diagnostics)
    case .blocked: return ended(.blocked, first.diagnostics)
    case .join, .change, .replace, .remove: break
    }
    if let left = twinLeft(first) { return ended(.failed, last.diagnostics + [left]) }
    let last = restrictedAtTheEnd(last)
    switch last.action {
    case .none: return ended(last.isHindered ? .blocked : .changed, last.diagnostics)
    case .blocked: return ended(.blocked, last.diagnostics)
    case .wait: return ended(.waiting, last.diagnostics)
    case .join, .change, .replace, .remove: break
    }
    if first.action == .join, last.action != .join, !joined {
      return ended(.failed, last.diagnostics + [Outcomes.joinedAlready(last)])
    }
    if let receiver = waitsForRoutes(restricted(last), lastPlan) {
      return ended(.failed, last.diagnostics + [routesKept(last.name, until: receiver)])
    }
    let left = restricted(last).changes
    // Held back from the start: the plan above says why.
    if left.isEmpty, first.isHindered { return ended(.blocked, first.diagnostics) }
    if left.isEmpty { return ended(.failed, last.diagnostics + [Outcomes.notShown(last)]) }
    return ended(
      .failed, last.diagnostics + [Outcomes.notVerified(left, host: first.name, done: done)])
  }
}
