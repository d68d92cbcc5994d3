import MeshCore

/// What was shown for one host: later rounds finish that and nothing else (design law 9).
struct AllowedChanges: Sendable {
  private let shown: HostPlan
  private let changes: [Change]

  init(_ plan: HostPlan) {
    shown = plan
    changes = plan.doable
  }

  /// A login finishes everything of its host, because all of it was shown.
  private var logsIn: Bool {
    shown.action == .join || shown.action == .replace
      || changes.contains { $0.attribute == .presence && $0.new != nil }
  }

  /// Leaves out of a later plan what was not shown: another node, another attribute, another value,
  /// another node to park or to delete.
  ///
  /// - Parameters:
  ///   - plan: the plan of the same host, made from a later observation.
  ///   - joined: true when this run logged the host in; a node that was there before was not shown.
  /// - Returns: what may be done.
  func restrict(_ plan: HostPlan, joined: Bool) -> HostPlan {
    var plan = withoutUnshownNodes(plan)
    if plan.reauthenticates, !shown.reauthenticates {
      // It counts by the guards and was not counted.
      plan.changes = []
      plan.action = .none
      return plan
    }
    if logsIn {
      if joined { return finishing(plan) }
      if plan.action == shown.action, plan.action != .change { return plan }
    }
    if isOther(plan, joined: joined) || shown.action == .join || shown.action == .replace {
      plan.changes = []
    } else {
      plan.changes.removeAll { change in
        !changes.contains { $0.attribute == change.attribute && $0.new == change.new }
      }
    }
    if plan.changes.isEmpty, ![Action.blocked, .wait].contains(plan.action) { plan.action = .none }
    return plan
  }

  /// After its login a host logs in no more in this run, and takes nothing that counts by the guards
  /// beyond what was shown.
  private func finishing(_ plan: HostPlan) -> HostPlan {
    var plan = plan
    let again = plan.action == .join || plan.action == .replace || plan.reauthenticates
    if again || plan.action == .remove {
      plan.changes = []
      plan.action = .none
    }
    return plan
  }

  /// Takes away parkings and deletions of nodes that were not shown, and what needs them.
  private func withoutUnshownNodes(_ plan: HostPlan) -> HostPlan {
    var plan = plan
    let parked = Set(shown.parkings.map(\.node.id))
    let deleted = Set(shown.deletions.filter { $0.blockedBy == nil }.map(\.node.id))
    let lacks =
      plan.parkings.contains { !parked.contains($0.node.id) }
      || plan.deletions.contains { !deleted.contains($0.node.id) }
    guard lacks else { return plan }
    plan.parkings.removeAll { !parked.contains($0.node.id) }
    plan.deletions.removeAll { !deleted.contains($0.node.id) }
    if plan.action == .change {
      plan.changes.removeAll { $0.attribute == .name }
    } else {
      plan.changes = []
    }
    return plan
  }

  /// True when the host turned out to be another node than the one that was shown.
  func isOther(_ plan: HostPlan, joined: Bool) -> Bool {
    guard !joined, let node = shown.node?.id, let now = plan.node?.id else { return false }
    return now != node
  }

  /// Approved routes that the new node of a replaced host takes over although nobody manages them.
  var promisedRoutes: [String]? {
    guard shown.action == .replace,
      case .list(let routes)? = changes.first(where: { $0.attribute == .approvedRoutes })?.new
    else { return nil }
    return routes
  }
}
