import MeshCore
import MeshEngine

/// What the command of `--notify` reads (docs/trail.md): a contract; keys may be added, never changed.
struct NotificationDocument: Encodable {
  struct Counts: Encodable {
    var inSync = 0
    var changed = 0
    var failed = 0
    var blocked = 0
    var waiting = 0
  }

  let formatVersion = "1.0"
  var reason: String
  var time: String
  var run: String
  var who: RunAuthor
  var meshctl: String
  var mesh: String
  var shard: String?
  var inventory: String
  var plan: String?
  var simulated: Bool?
  var exitCode: Int32
  var seconds: Int64
  /// Steps that changed something.
  var changes: Int
  var counts: Counts?
  /// Hosts that were changed or are not right, at most 1,000; `hostsLeftOut` counts the others.
  var hosts: [EventDocument.Outcome]
  var hostsLeftOut: Int?
  var nodes: [EventDocument.Node]
  var diagnostics: [PlanDocument.DiagnosticPart]

  static let shown = 1000

  init(
    reason: RunSituation.Reason, run: RunIdentity, plan: String?, simulated: Bool, changes: Int,
    summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic], at time: Timestamp
  ) {
    self.reason = reason.rawValue
    self.time = time.rfc3339
    self.run = run.id
    who = run.author
    meshctl = run.meshctl
    mesh = run.mesh
    shard = run.shard
    inventory = run.inventory
    self.plan = plan
    self.simulated = simulated ? true : nil
    exitCode = exit.rawValue
    seconds = max(0, time.seconds(since: run.startedAt))
    self.changes = changes
    let outcomes = summary?.outcomes ?? []
    counts = summary.map { _ in
      var counts = Counts()
      for outcome in outcomes {
        switch outcome.result {
        case .inSync: counts.inSync += 1
        case .changed: counts.changed += 1
        case .failed: counts.failed += 1
        case .blocked: counts.blocked += 1
        case .waiting: counts.waiting += 1
        }
      }
      return counts
    }
    let told = outcomes.filter { $0.result != .inSync }
    hosts = told.prefix(NotificationDocument.shown).map(EventDocument.Outcome.init)
    hostsLeftOut = told.count > hosts.count ? told.count - hosts.count : nil
    nodes = (summary?.nodes ?? []).prefix(NotificationDocument.shown).map(EventDocument.Node.init)
    self.diagnostics = diagnostics.prefix(NotificationDocument.shown)
      .map(PlanDocument.DiagnosticPart.init)
  }
}
