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
    let open = OpenRun()
    let app = app
    var status: ExitStatus
    var finding: Diagnostic?
    do {
      status = try await interrupts.run(
        announce: { app.console.log("Stopping: cleaning up (once more to stop at once).") },
        operation: {
          let source = try await PortsFactory(app: app, inventory: request.inventory).writing(
            server: server, hosts: hosts, simulation: simulation, events: sink,
            lockTimeout: lockTimeout)
          let applier = Applier(request: request, ports: source.ports)
          await open.began(applier, source)
          return try await act(applier, sink)
        },
        cleanUp: { app.show(await open.ended()) })
    } catch let failure as Failure {
      (status, finding) = (.error, failure.diagnostic)
    } catch let held as LockHeld {
      (status, finding) = (.locked, held.diagnostic)
    } catch is CancellationError {
      status = .interrupted
    } catch {
      (status, finding) = (.error, Failure(any: error).diagnostic)
    }
    if let signalled = interrupts.exitStatus {
      status = ExitStatus(rawValue: signalled) ?? .interrupted
    }
    if let finding { app.show([finding]) }
    await sink.end(nil, exit: status, diagnostics: finding.map { [$0] } ?? [])
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
    if !isIdle, !autoApprove, try await !Prompt(console: app.console).confirm("Do this?") {
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
        do {
          shown = try await applier.planned()
          await sink.show(shown.plan)
        } catch let failure as Failure {
          app.show([failure.diagnostic])
        }
      }
      await sink.end(nil, exit: .stale, diagnostics: [finding])
      return .stale
    }
  }
}

/// What has to be closed at the end of a run, as far as it was opened.
private actor OpenRun {
  private var applier: Applier?
  private var source: PortsFactory.WriteSource?

  func began(_ applier: Applier, _ source: PortsFactory.WriteSource) {
    self.applier = applier
    self.source = source
  }

  /// Expires keys, closes connections, gives the lock back; returns what could not be done.
  func ended() async -> [Diagnostic] {
    guard let applier, let source else { return [] }
    var findings = await applier.cleanUp()
    do { try await source.finish() } catch let failure as Failure {
      findings.append(failure.diagnostic)
    } catch {
      findings.append(
        Diagnostic(.cleanUpFailed, .warning, "the run could not be closed: \(error)"))
    }
    return findings
  }
}

/// Takes the events of an apply and shows them in one format.
protocol ApplySink: EventSink {
  /// The first thing shown.
  func begin() async
  func show(_ plan: Plan) async
  /// The last thing shown; `summary` is nil where nothing was done. Later calls change nothing.
  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async
  /// Throws what went wrong while writing the output, if anything did.
  func rethrow() async throws
}
