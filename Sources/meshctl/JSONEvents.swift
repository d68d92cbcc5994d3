import MeshAdapters
import MeshCore
import MeshEngine

/// An apply for scripts: one JSON object a line, the last one always of type `summary`.
actor JSONEvents: ApplySink {
  private let console: Console
  private let clock = SystemClock()
  private var error: (any Error)?
  private var hasEnded = false
  /// True where only the summary is written, and only if there is something to tell.
  private let isQuiet: Bool

  init(console: Console, quiet: Bool = false) {
    self.console = console
    isQuiet = quiet
  }

  func begin() {
    if isQuiet { return }
    var document = EventDocument(
      type: "version", time: clock.now(), meshctl: MeshctlVersion.current)
    document.run = console.run
    write(document)
  }

  func show(_ plan: Plan) {
    if isQuiet { return }
    write(EventDocument(type: "plan", time: clock.now(), plan: PlanDocument(plan)))
  }

  func emit(_ event: Event) {
    guard !isQuiet, let document = EventDocument(event, time: clock.now()) else { return }
    write(document)
  }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) {
    guard !hasEnded else { return }
    hasEnded = true
    if isQuiet, exit == .done, summary?.isIdle ?? true { return }
    if let reach = summary?.reach {
      var document = EventDocument(type: "verify", time: clock.now())
      document.verify = ReachDocument(reach)
      write(document)
    }
    var last = EventDocument(
      type: "summary", time: clock.now(), rounds: summary?.rounds ?? 0,
      hosts: (summary?.outcomes ?? []).map(EventDocument.Outcome.init),
      nodes: summary.flatMap { $0.nodes.isEmpty ? nil : $0.nodes.map(EventDocument.Node.init) },
      diagnostics: diagnostics.map(PlanDocument.DiagnosticPart.init), exitCode: exit.rawValue)
    last.run = console.run
    write(last)
  }

  func rethrow() throws { if let error { throw error } }

  private nonisolated func line(_ document: EventDocument) -> String {
    StableJSON.encode(document, indented: false) + "\n"
  }

  private func write(_ document: EventDocument) {
    do { try console.write(line(document)) } catch { self.error = self.error ?? error }
  }
}
