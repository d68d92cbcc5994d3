import MeshCore

/// What was shown for one host: later rounds finish that and nothing else (design law 9).
struct AllowedChanges: Sendable {
  /// A join finishes everything of its host, because all of it was shown.
  private let everything: Bool
  private let attributes: Set<Change.Attribute>

  init(_ plan: HostPlan) {
    everything = plan.action == .join
    attributes = Set(plan.doable.map(\.attribute))
  }

  /// Leaves out of a later plan what was not shown.
  ///
  /// - Parameters:
  ///   - plan: the plan of the same host, made from a later observation.
  ///   - joined: true when this run joined the host; a node that was there before was not shown.
  /// - Returns: what may be done.
  func restrict(_ plan: HostPlan, joined: Bool) -> HostPlan {
    if everything, joined || plan.action == .join { return plan }
    var plan = plan
    plan.changes.removeAll { everything || !attributes.contains($0.attribute) }
    if plan.changes.isEmpty, plan.action == .change { plan.action = .none }
    if plan.action == .join { plan.action = .none }
    return plan
  }
}
