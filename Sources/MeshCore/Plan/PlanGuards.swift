/// Holds a plan to the inventory's guards (design §5).
///
/// First joins never count. Taking a node from its user (tagging it) counts as a deletion does.
struct PlanGuards {
  let guards: Guards

  init(_ guards: Guards) { self.guards = guards }

  func apply(to plan: inout Plan) {
    limitDeletes(&plan)
    limitChanges(&plan)
  }

  private func limitDeletes(_ plan: inout Plan) {
    guard let limit = PlanGuards.number(guards.maxDeletes, of: plan.nodeCount) else { return }
    let counted = plan.hosts.indices.filter { PlanGuards.takesOwnership(plan.hosts[$0]) }
    guard counted.count > limit else { return }
    for index in counted {
      for change in plan.hosts[index].changes.indices
      where [.owner, .tags].contains(plan.hosts[index].changes[change].attribute) {
        plan.hosts[index].changes[change].blockedBy = .guardDeletes
      }
      plan.hosts[index].steps.removeAll { $0 == .setTags }
      if plan.hosts[index].doable.isEmpty {
        plan.hosts[index].action = .blocked
        plan.hosts[index].steps = []
      }
      plan.hosts[index].diagnostics.append(
        Diagnostic(
          .guardDeletes, .error,
          "\(counted.count) owner changes, more than guards.max_deletes allows (\(limit))",
          detail: "All of them are held back; the rest of the plan goes on.",
          hint: "check them, then raise guards.max_deletes", host: plan.hosts[index].name))
    }
  }

  private func limitChanges(_ plan: inout Plan) {
    guard let limit = PlanGuards.number(guards.maxChanges, of: plan.hostCount) else { return }
    let changed = plan.hosts.count { $0.action == .change || $0.action == .replace }
    guard changed > limit else { return }
    plan.diagnostics.append(
      Diagnostic(
        .guardChanges, .error,
        "\(changed) hosts would change, more than guards.max_changes allows (\(limit))",
        detail: "apply would do nothing.", hint: "check them, then raise guards.max_changes"))
  }

  private static func takesOwnership(_ host: HostPlan) -> Bool {
    // Of a blocked or waiting host nothing is taken in this run.
    host.doable.contains { $0.attribute == .owner && $0.new == nil }
  }

  /// Percentages round up; nil means no limit.
  private static func number(_ limit: Guards.Limit, of whole: Int) -> Int? {
    switch limit {
    case .off: nil
    case .count(let count): count
    case .percent(let percent): (whole * percent + 99) / 100
    }
  }
}
