import MeshCore
import MeshEngine

/// One line of `apply --format json` (design §7); keys may be added, never changed.
struct EventDocument: Encodable {
  struct Outcome: Encodable {
    var host: String
    var result: String
    var stepsDone: [String]
    var diagnostics: [PlanDocument.DiagnosticPart]

    init(_ outcome: HostOutcome) {
      host = outcome.host
      result = outcome.result.rawValue
      stepsDone = outcome.stepsDone.map(\.rawValue)
      diagnostics = outcome.diagnostics.map(PlanDocument.DiagnosticPart.init)
    }
  }

  /// A node of no host that was to be deleted.
  struct Node: Encodable {
    var id: String
    var name: String
    var reason: String
    /// `deleted` or `kept`.
    var result: String
    var diagnostic: PlanDocument.DiagnosticPart?

    init(_ outcome: NodeOutcome) {
      id = outcome.nodeID
      name = outcome.name
      reason = outcome.reason.rawValue
      result = outcome.finding == nil ? "deleted" : "kept"
      diagnostic = outcome.finding.map(PlanDocument.DiagnosticPart.init)
    }
  }

  var type: String
  var time: String
  var host: String?
  var step: String?
  var round: Int?
  var detail: String?
  var diagnostic: PlanDocument.DiagnosticPart?
  var result: String?
  var meshctl: String?
  /// The run's id in the journal; of the first and the last line.
  var run: String?
  var plan: PlanDocument?
  var rounds: Int?
  var hosts: [Outcome]?
  /// Missing where none was to be deleted.
  var nodes: [Node]?
  var diagnostics: [PlanDocument.DiagnosticPart]?
  var exitCode: Int32?
  /// Who of the changed hosts reaches whom; of the type `verify`, right before the summary.
  var verify: ReachDocument?

  init(
    type: String, time: Timestamp, meshctl: String? = nil, plan: PlanDocument? = nil,
    rounds: Int? = nil, hosts: [Outcome]? = nil, nodes: [Node]? = nil,
    diagnostics: [PlanDocument.DiagnosticPart]? = nil, exitCode: Int32? = nil
  ) {
    self.type = type
    self.time = time.rfc3339
    self.meshctl = meshctl
    self.plan = plan
    self.rounds = rounds
    self.hosts = hosts
    self.nodes = nodes
    self.diagnostics = diagnostics
    self.exitCode = exitCode
  }

  /// Nil for events that the sink writes itself.
  ///
  /// `time` is the real one, since a simulated clock runs by itself.
  init?(_ event: Event, time: Timestamp) {
    self.init(type: "", time: time)
    host = event.host
    round = event.round
    switch event.kind {
    case .version, .plan, .sideEffect: return nil
    case .round(let number):
      type = "round"
      round = number
    case .stepStart(let step):
      type = "step_start"
      self.step = step.rawValue
    case .stepOK(let step, let detail):
      type = "step_ok"
      self.step = step.rawValue
      self.detail = detail.isEmpty ? nil : detail
    case .stepFailed(let step, let diagnostic):
      type = "step_failed"
      self.step = step.rawValue
      self.diagnostic = PlanDocument.DiagnosticPart(diagnostic)
    case .stepSkipped(let step, let reason):
      type = "step_skipped"
      self.step = step.rawValue
      detail = reason
    case .waits(let diagnostic):
      type = "waits"
      self.diagnostic = PlanDocument.DiagnosticPart(diagnostic)
    case .hostDone(let outcome):
      type = "host_done"
      result = outcome.result.rawValue
    }
  }
}
