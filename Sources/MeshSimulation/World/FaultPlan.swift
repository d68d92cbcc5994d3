/// One planned accident: at the n-th effect of a run something goes wrong.
///
/// Effects are counted from 1 over all hosts: script runs other than the probe, and calls that change
/// the server.
package struct FaultPlan: Sendable, Equatable {
  package enum Kind: Sendable, Equatable, CaseIterable {
    /// The effect is not done and its caller gets a failure.
    case fail
    /// The process dies before the effect: nothing works any more until `revive()`.
    case kill
    /// The effect is done, but its answer gets lost: the caller gets a failure.
    case dropAnswer
    /// The effect is done, then the process dies.
    case killAfter
  }

  package var effect: Int
  package var kind: Kind

  package init(_ kind: Kind, atEffect effect: Int) {
    self.kind = kind
    self.effect = effect
  }
}

/// Thrown by every port after a planned kill: meshctl is dead.
package struct SimulatedKill: Error, Sendable, Equatable {
  package init() {}
}
