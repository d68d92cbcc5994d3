import MeshAdapters
import MeshCore
import MeshEngine

/// One `meshctl apply` from lock to summary.
struct ApplyRun {
  let app: App
  let request: ApplyRequest
  let format: OutputFormat
  let autoApprove: Bool

  func run(
    server: ServerOptions, hosts: HostOptions, simulation: SimulationOptions, lockTimeout: Int
  ) async throws -> ExitStatus {
    let sink: any ApplySink =
      format == .json ? JSONEvents(console: app.console) : StepLines(console: app.console)
    await sink.begin()
    let interrupts = InterruptHandler()
    let source = try await PortsFactory(app: app, inventory: request.inventory).writing(
      server: server, hosts: hosts, simulation: simulation, events: sink, lockTimeout: lockTimeout)
    let applier = Applier(request: request, ports: source.ports)
    var status: ExitStatus
    do {
      let console = app.console
      status = try await interrupts.run(
        announce: { console.log("Stopping: cleaning up (once more to stop at once).") },
        operation: { try await act(applier, sink) })
    } catch is CancellationError {
      status = .interrupted
    } catch let failure as Failure {
      app.show([failure.diagnostic])
      status = .error
      await sink.end(nil, exit: status, diagnostics: [failure.diagnostic])
    }
    if let signalled = interrupts.exitStatus {
      status = ExitStatus(rawValue: signalled) ?? .interrupted
    }
    app.show(await applier.cleanUp())
    try await source.finish()
    if status == .interrupted || status == .terminated {
      await sink.end(nil, exit: status, diagnostics: [])
    }
    try await sink.rethrow()
    return status
  }

  private func act(_ applier: Applier, _ sink: any ApplySink) async throws -> ExitStatus {
    var shown = try await applier.planned()
    await sink.show(shown.plan)
    if let stop = shown.plan.diagnostics.first(where: { $0.severity == .error }) {
      await sink.end(nil, exit: .error, diagnostics: [stop])
      return .error
    }
    let isIdle = shown.plan.hosts.allSatisfy(\.doable.isEmpty)
    if !isIdle, !autoApprove, !Prompt(console: app.console).confirm("Do this?") {
      let declined = Diagnostic(.declined, .error, "declined; nothing was changed")
      app.show([declined])
      await sink.end(nil, exit: .error, diagnostics: [declined])
      return .error
    }
    do {
      let summary = try await applier.execute(shown)
      let status = ExitStatus(summary)
      await sink.end(summary, exit: status, diagnostics: summary.diagnostics)
      return status
    } catch let stale as StalePlan {
      let finding = Diagnostic(
        .planMoved, .error, "the mesh changed after the plan was shown; nothing was done",
        evidence: stale.differences.joined(separator: "; "), hint: "run apply again")
      app.show([finding])
      if autoApprove {
        shown = try await applier.planned()
        await sink.show(shown.plan)
      }
      await sink.end(nil, exit: .stale, diagnostics: [finding])
      return .stale
    }
  }
}

/// Takes the events of an apply and shows them in one format.
protocol ApplySink: EventSink {
  /// The first thing shown.
  func begin() async
  func show(_ plan: Plan) async
  /// The last thing shown; `summary` is nil where nothing was done.
  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async
  /// Throws what went wrong while writing the output, if anything did.
  func rethrow() async throws
}
