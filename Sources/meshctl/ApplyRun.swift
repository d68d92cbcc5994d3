import MeshAdapters
import MeshCore
import MeshEngine

/// What a saved plan said that would be done.
struct Promise: Sendable {
  var plan: Plan
  /// Where it was read from.
  var file: String
}

/// One `meshctl apply` from lock to summary.
struct ApplyRun {
  let app: App
  let request: ApplyRequest
  let format: PlainOutputOptions.Format
  let autoApprove: Bool
  /// Nil where an inventory is applied.
  let promise: Promise?
  /// True where changed hosts are to ask whom they reach, once all is done.
  var verifies = false
  var trail = TrailOptions()
  var shard: String?

  func run(
    server: ServerOptions, hosts: HostOptions, simulation: SimulationOptions, lockTimeout: Int
  ) async throws -> ExitStatus {
    let factory = PortsFactory(app: app, inventory: request.inventory)
    let sinks = RunSinks(
      app: app, request: request, format: format, trail: trail, shard: shard,
      withheld: factory.withheld)
    let sink = sinks.all
    await sink.begin()
    InterruptHandler.ignoreBrokenPipes()
    let interrupts = InterruptHandler()
    let open = OpenRun()
    let app = app
    var ending: Ending
    do {
      ending = try await interrupts.run(
        announce: { app.console.log("Stopping: cleaning up (once more to stop at once).") },
        operation: {
          let source = try await factory.writing(
            server: server, hosts: hosts, simulation: simulation, events: sink,
            shard: request.flags.shard, lockTimeout: lockTimeout)
          let applier = Applier(request: request, ports: source.ports)
          await open.began(applier, source)
          return try await act(applier, source, sink)
        },
        cleanUp: { await open.cleanUp() })
    } catch let held as LockHeld {
      ending = Ending(.locked, held.diagnostic)
    } catch is CancellationError {
      ending = Ending(.interrupted)
    } catch {
      ending = Ending(.error, Failure(any: error).diagnostic)
    }
    if let signalled = interrupts.exitStatus {
      ending.status = ExitStatus(rawValue: signalled) ?? .interrupted
    }
    await finish(&ending, closing: await open.findings, sinks)
    if let finding = await open.release() {
      app.show([finding])
      if ending.status == .done { ending.status = .error }
    }
    await sinks.trail.tell()
    return ending.status
  }

  /// Shows what is left to say; the run's own status stands, unless it would hide an error.
  private func finish(
    _ ending: inout Ending, closing: [Diagnostic], _ sinks: RunSinks
  ) async {
    app.show([ending.finding].compactMap(\.self) + closing)
    if ending.status == .done, closing.contains(where: { $0.severity == .error }) {
      ending.status = .error
    }
    let findings =
      (ending.summary?.diagnostics ?? []) + [ending.finding].compactMap(\.self) + closing
    await sinks.output.end(ending.summary, exit: ending.status, diagnostics: findings)
    do { try await sinks.output.rethrow() } catch {
      var finding = Failure(any: error).diagnostic
      if ending.summary != nil {
        finding.detail = "What was to be done was done; only its report is lost."
      } else if ending.status == .done {
        ending.status = .error
      }
      // Said already where it stopped the run.
      if ending.finding?.code != finding.code { app.show([finding]) }
    }
    // Only now the status is the one that the process ends with.
    await sinks.trail.end(ending.summary, exit: ending.status, diagnostics: findings)
  }

  private func act(
    _ applier: Applier, _ source: PortsFactory.WriteSource, _ sink: any ApplySink
  ) async throws -> Ending {
    let shown = try await applier.planned()
    await sink.show(shown.plan)
    await learnOfKey(source, sink)
    // Nothing is done that could not be shown.
    try await sink.rethrow()
    if let promise, let moved = moved(shown.plan, from: promise) { return Ending(.stale, moved) }
    if let stop = shown.plan.stop { return Ending(.error, stop) }
    if !shown.plan.isIdle, !autoApprove, try await !Prompt(console: app.console).confirm("Do this?")
    {
      return Ending(.error, Diagnostic(.declined, .error, "declined; nothing was changed"))
    }
    do {
      var summary = try await applier.execute(shown)
      if verifies {
        await VerifyRun(
          reaching: source.reaching, inventory: request.inventory,
          parallelism: request.parallelism, simulated: request.simulated
        ).add(to: &summary, control: source.ports.control, now: source.ports.clock.now())
      }
      return Ending(ExitStatus(summary), summary: summary)
    } catch let stale as StalePlan {
      if autoApprove { await showAgain(applier, sink) }
      return Ending(
        .stale,
        Diagnostic(
          .planMoved, .error, "the mesh changed after the plan was shown; nothing was done",
          detail: ApplyRun.lines(stale.differences), hint: "run apply again"))
    }
  }

  /// Asks how long the API key is good for, where the metrics want it; no answer stops nothing.
  private func learnOfKey(_ source: PortsFactory.WriteSource, _ sink: any ApplySink) async {
    guard trail.metricsFile != nil, let control = source.ports.control as? any ServerExamining
    else { return }
    do { await sink.learn(try await control.examine().key) } catch {
      // A signal ends the run by itself.
      if error is CancellationError { return }
      var finding = Failure(any: error).diagnostic.asWarning
      finding.message = "the metrics keep what was known of the API key: " + finding.message
      app.show([finding], evenQuiet: true)
    }
  }

  /// Nil where the plan of now does what the saved one promised.
  private func moved(_ plan: Plan, from promise: Promise) -> Diagnostic? {
    let differences = SavedPlanComparison.differences(saved: promise.plan, now: plan)
    guard !differences.isEmpty else { return nil }
    let probed = plan.flags.probe ? "" : "; a plan made with --probe knows what apply finds out"
    return Diagnostic(
      .planMoved, .error, "\(promise.file) no longer holds; nothing was done",
      detail: ApplyRun.lines(differences),
      hint: "plan again with the flags that made it, and --out\(probed)")
  }

  /// The first differences, one a line; a line break inside one is made visible.
  private static func lines(_ differences: [String]) -> String {
    let shown = 20
    var lines = differences.prefix(shown).map { VisibleText.escaped($0, limit: 600) }
    if differences.count > shown { lines.append("and \(differences.count - shown) more") }
    return lines.joined(separator: "\n")
  }

  private func showAgain(_ applier: Applier, _ sink: any ApplySink) async {
    do { await sink.show(try await applier.planned().plan) } catch {
      app.show([Failure(any: error).diagnostic])
    }
  }
}

/// How one run ended.
private struct Ending: Sendable {
  var status: ExitStatus
  var finding: Diagnostic?
  /// Nil where nothing was done.
  var summary: RunSummary?

  init(_ status: ExitStatus, _ finding: Diagnostic? = nil, summary: RunSummary? = nil) {
    self.status = status
    self.finding = finding
    self.summary = summary
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

  /// What could not be closed.
  private(set) var findings: [Diagnostic] = []

  /// Expires keys and closes connections.
  func cleanUp() async {
    guard let applier, let source else { return }
    findings = await applier.cleanUp()
    do { try await source.finish() } catch let failure as Failure {
      findings.append(failure.diagnostic)
    } catch {
      findings.append(
        Diagnostic(.cleanUpFailed, .warning, "the run could not be closed: \(error)"))
    }
  }

  /// Gives the lock back.
  ///
  /// - Returns: why it could not be.
  func release() async -> Diagnostic? {
    do { try await source?.release() } catch { return Failure(any: error).diagnostic }
    return nil
  }
}
