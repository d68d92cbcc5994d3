import MeshCore

/// Keeps later rounds to what was shown (design law 9), said once more for the model: the engine's own
/// code is not asked whether it is right.
struct ShownOnly {
  let shown: HostPlan
  let joined: Bool

  func restrict(_ later: HostPlan) -> HostPlan {
    guard later != shown else { return later }
    var plan = withoutUnshownNodes(later)
    let logsIn =
      shown.action == .join || shown.action == .replace
      || shown.doable.contains { $0.attribute == .presence && $0.new != nil }
    if logsIn, joined {
      let again = plan.action == .join || plan.action == .replace || plan.reauthenticates
      if again || plan.action == .remove { (plan.action, plan.changes) = (.none, []) }
      return plan
    }
    if logsIn, plan.action == shown.action, plan.action != .change { return plan }
    let isOther = shown.node.flatMap { node in plan.node.map { $0.id != node.id } } ?? false
    if isOther || shown.action == .join || shown.action == .replace {
      plan.changes = []
    } else {
      plan.changes.removeAll { change in
        !shown.doable.contains { $0.attribute == change.attribute && $0.new == change.new }
      }
    }
    if plan.changes.isEmpty, ![Action.blocked, .wait].contains(plan.action) { plan.action = .none }
    return plan
  }

  private func withoutUnshownNodes(_ later: HostPlan) -> HostPlan {
    var plan = later
    let parked = Set(shown.parkings.map(\.node.id))
    let deleted = Set(shown.deletions.filter { $0.blockedBy == nil }.map(\.node.id))
    let isMore =
      plan.parkings.contains { !parked.contains($0.node.id) }
      || plan.deletions.contains { !deleted.contains($0.node.id) }
    guard isMore else { return plan }
    plan.parkings.removeAll { !parked.contains($0.node.id) }
    plan.deletions.removeAll { !deleted.contains($0.node.id) }
    plan.changes = plan.action == .change ? plan.changes.filter { $0.attribute != .name } : []
    return plan
  }
}
