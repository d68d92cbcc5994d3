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
    /// What was done on the server besides what a step's kind says.
    case sideEffect(SideEffect)
  }

  /// A write that belongs to no step, or to one that is called otherwise; for the journal.
  package enum SideEffect: Sendable, Hashable {
    case keyMinted(id: String)
    case keyExpired(id: String)
    /// Unused keys with exactly this expiration, whose ids never came.
    case keysExpired(expiring: Timestamp)
    /// A tagged node that had to go before its host's login.
    case nodeDeleted(id: String)
  }

  package var time: Timestamp
  /// The inventory key; nil for events of the whole run.
  package var host: String?
  package var round: Int?
  package var kind: Kind
  /// The step that a step's event is about, as far as the engine has it as data; holds no secret.
  package var step: Step?
  /// The node that the host turned out to be in this step (a login), where it is known.
  package var nodeID: String?

  package init(
    time: Timestamp, host: String? = nil, round: Int? = nil, kind: Kind, step: Step? = nil,
    nodeID: String? = nil
  ) {
    self.time = time
    self.host = host
    self.round = round
    self.kind = kind
    self.step = step
    self.nodeID = nodeID
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
  /// Nodes that are no host's at the end; nil where only some hosts were selected.
  package var unmanaged: Int?
  /// Hosts that were not tried in this run, with how they ended when they were.
  package var heldBack: [String: Attempt] = [:]
  /// The next end of a node key among the selected hosts' nodes; nil where none ever ends.
  package var soonestKeyExpiry: Timestamp?

  package init(outcomes: [HostOutcome], rounds: Int, diagnostics: [Diagnostic]) {
    self.outcomes = outcomes
    self.rounds = rounds
    self.diagnostics = diagnostics
  }

  /// True where nothing was to do, and nothing kept anything from being done.
  package var isIdle: Bool { nodes.isEmpty && outcomes.allSatisfy { $0.result == .inSync } }
}
