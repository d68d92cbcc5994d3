package import MeshCore

/// What happens during an apply, one value a line of `--format json`.
package struct Event: Sendable {
  package enum Kind: Sendable {
    case version(String)
    case plan(Plan)
    case round(Int)
    case stepStart(StepKind)
    /// What was achieved, in a few words.
    case stepOK(StepKind, detail: String)
    case stepFailed(StepKind, Diagnostic)
    case stepSkipped(StepKind, reason: String)
    case waits(Diagnostic)
    case hostDone(HostOutcome)
  }

  package var time: Timestamp
  /// The inventory key; nil for events of the whole run.
  package var host: String?
  package var round: Int?
  package var kind: Kind

  package init(time: Timestamp, host: String? = nil, round: Int? = nil, kind: Kind) {
    self.time = time
    self.host = host
    self.round = round
    self.kind = kind
  }
}

/// Takes events as they happen; may be called from many tasks at once.
package protocol EventSink: Sendable {
  func emit(_ event: Event) async
}

/// How one host ended.
package struct HostOutcome: Sendable, Equatable {
  package enum Result: String, Sendable, Hashable {
    /// Nothing was to do.
    case inSync
    /// Everything was done and verified.
    case changed
    case failed
    case blocked
    case waiting
  }

  package var host: String
  package var result: Result
  package var stepsDone: [StepKind]
  package var diagnostics: [Diagnostic]

  package init(host: String, result: Result, stepsDone: [StepKind], diagnostics: [Diagnostic]) {
    self.host = host
    self.result = result
    self.stepsDone = stepsDone
    self.diagnostics = diagnostics
  }
}

/// How the deletion of a node that is no host's ended.
package struct NodeOutcome: Sendable, Equatable {
  package var nodeID: String
  package var name: String
  package var reason: Deletion.Reason
  /// Nil where it was deleted; else why it was kept.
  package var finding: Diagnostic?

  package init(_ deletion: Deletion, finding: Diagnostic? = nil) {
    nodeID = deletion.node.id
    name = deletion.name
    reason = deletion.reason
    self.finding = finding
  }
}

/// How a whole run ended.
package struct RunSummary: Sendable, Equatable {
  package var outcomes: [HostOutcome]
  /// Nodes that were to be deleted and belong to no host.
  package var nodes: [NodeOutcome] = []
  package var rounds: Int
  package var diagnostics: [Diagnostic]
  /// Who of the changed hosts reaches whom, where that was asked for and somebody changed.
  package var reach: ReachReport?

  package init(outcomes: [HostOutcome], rounds: Int, diagnostics: [Diagnostic]) {
    self.outcomes = outcomes
    self.rounds = rounds
    self.diagnostics = diagnostics
  }
}
