import MeshAdapters
import MeshCore
import MeshEngine

/// Replaces the metrics file at the end of a run, however it ended.
actor MetricsSink: ApplySink {
  private let app: App
  private let run: RunIdentity
  private let file: MetricsFile
  private let labels: RunMetrics.Labels
  /// False where only some hosts were looked at, which says nothing of the others.
  private let isWhole: Bool
  private var changes: [StepKind: Int] = [:]
  private var key: APIKeyState?

  init(app: App, run: RunIdentity, file: String, simulated: Bool, isWhole: Bool) {
    self.isWhole = isWhole
    self.app = app
    self.run = run
    self.file = MetricsFile(file)
    labels = RunMetrics.Labels(mesh: run.mesh, shard: run.shard, simulated: simulated)
  }

  func learn(_ key: APIKeyState) { self.key = key }

  func emit(_ event: Event) {
    if case .stepOK(let kind, _) = event.kind, kind.writes { changes[kind, default: 0] += 1 }
  }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) {
    // The run that holds the lock writes the file.
    guard exit != .locked else { return }
    let now = app.clock.now()
    var metrics = RunMetrics(
      labels: labels, exit: exit.rawValue, seconds: now.interval(since: run.startedAt),
      endedAt: now)
    metrics.changes = changes
    if let summary { metrics.count(summary) }
    for finding in diagnostics where finding.severity == .error { metrics.count(finding.code) }
    let previous = file.previous
    let isSuccess = isWhole && (exit == .done || exit == .waiting)
    metrics.lastSuccess =
      isSuccess ? now : RunMetrics.lastSuccess(in: previous, labels: labels, now: now)
    if case .expires(let expiry)? = key { metrics.apiKeyExpiry = expiry }
    metrics.keepExpiries(from: previous, apiKey: key == nil, nodeKeys: summary == nil)
    do { try file.write(metrics) } catch {
      app.show([Failure(any: error).diagnostic.asWarning], evenQuiet: true)
    }
  }
}
