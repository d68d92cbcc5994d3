import MeshCore

/// What was shown for one host: later rounds finish that and nothing else (design law 9).
struct AllowedChanges: Sendable {
  /// A join finishes everything of its host, because all of it was shown.
  private let everything: Bool
  /// The node that was shown; another one was never agreed to.
  private let nodeID: String?
  private let changes: [Change]

  init(_ plan: HostPlan) {
    everything = plan.action == .join
    nodeID = plan.node?.id
    changes = plan.doable
  }

  /// Leaves out of a later plan what was not shown: another node, another attribute, another value.
  ///
  /// - Parameters:
  ///   - plan: the plan of the same host, made from a later observation.
  ///   - joined: true when this run joined the host; a node that was there before was not shown.
  /// - Returns: what may be done.
  func restrict(_ plan: HostPlan, joined: Bool) -> HostPlan {
    if everything, joined || plan.action == .join { return plan }
    var plan = plan
    if everything || isOther(plan) {
      plan.changes = []
    } else {
      plan.changes.removeAll { change in
        !changes.contains { $0.attribute == change.attribute && $0.new == change.new }
      }
    }
    if plan.changes.isEmpty, plan.action == .change { plan.action = .none }
    if plan.action == .join { plan.action = .none }
    return plan
  }

  /// True when the host turned out to be another node than the one that was shown.
  func isOther(_ plan: HostPlan) -> Bool {
    guard let nodeID, let now = plan.node?.id else { return false }
    return now != nodeID
  }
}
