package import MeshCore

/// Counting what a run left.
extension RunMetrics {
  /// Takes over how hosts and nodes ended.
  package mutating func count(_ summary: RunSummary) {
    var hosts: [HostState: Int] = [:]
    for outcome in summary.outcomes {
      // One that only a probe could not look at is in sync all the same.
      let held = outcome.result == .inSync ? nil : summary.heldBack[outcome.host]
      let isBackedOff = held.map { !$0.waits } ?? false
      hosts[isBackedOff ? .backedOff : HostState(outcome.result), default: 0] += 1
      if outcome.result == .failed || outcome.result == .blocked {
        count(held?.code ?? outcome.diagnostics.first { $0.severity == .error }?.code)
      }
    }
    self.hosts = hosts
    unmanaged = summary.unmanaged
    nodeKeyExpiry = summary.soonestKeyExpiry
    for node in summary.nodes where node.finding?.severity == .error { count(node.finding?.code) }
  }

  /// Takes over what stopped the run, or was found of all of it.
  package mutating func count(_ code: DiagnosticCode?) {
    guard let code else { return }
    failures[code.rawValue, default: 0] += 1
  }
}

extension RunMetrics.HostState {
  package init(_ result: HostOutcome.Result) {
    switch result {
    case .inSync: self = .inSync
    case .changed: self = .changed
    case .failed: self = .failed
    case .blocked: self = .blocked
    case .waiting: self = .waiting
    }
  }
}
