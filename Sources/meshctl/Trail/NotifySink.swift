import Foundation
import MeshAdapters
import MeshCore
import MeshEngine

/// Tells the command of `--notify` of a change, and of trouble that is new.
actor NotifySink: ApplySink {
  private let app: App
  private let run: RunIdentity
  private let simulated: Bool
  private let command: NotifyCommand
  private let memory: SituationMemory
  private var plan: Plan?
  private var changes = 0
  private var untold: Untold?

  /// What is to be told once the lock is given back.
  private struct Untold {
    var document: NotificationDocument
    /// What was remembered until now; nil where this run changed nothing about that.
    var before: String??
  }

  /// - Parameters:
  ///   - app: for the console and the environment.
  ///   - run: which one.
  ///   - line: the command.
  ///   - withheld: variables that hold secrets.
  ///   - selection: which hosts are worked on; other ones are another line of work.
  ///   - simulated: whether the mesh is.
  init(
    app: App, run: RunIdentity, line: String, withheld: Set<String>, selection: [String],
    simulated: Bool
  ) {
    self.app = app
    self.run = run
    self.simulated = simulated
    let place = URL(filePath: run.inventory).standardizedFileURL.path()
    command = NotifyCommand(line, environment: app.environment, withheld: withheld)
    memory = SituationMemory(
      folder: StateDirectory.path(environment: app.environment), mesh: run.mesh,
      about: [place, run.shard ?? "", line, simulated ? "simulated" : ""] + selection)
  }

  func show(_ plan: Plan) { self.plan = plan }

  func emit(_ event: Event) {
    if case .stepOK(let kind, _) = event.kind, kind.writes { changes += 1 }
  }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async {
    // Another run is at work, which tells what it finds.
    guard exit != .locked else { return }
    // Whoever answered no, or stopped a run at his terminal that had done nothing, knows it; SIGTERM is
    // sent by schedulers.
    let isStopped = exit == .hungUp || exit == .interrupted
    if changes == 0, isStopped || diagnostics.contains(where: { $0.code == .declined }) { return }
    let digest = RunSituation(summary, exit: exit.rawValue, findings: diagnostics).text
      .map(SituationMemory.hash)
    let before = memory.last(now: app.clock.now())
    let reason = RunSituation.reason(
      exit: exit.rawValue, changes: changes, digest: digest, remembered: before)
    guard let reason else { return }
    let now = app.clock.now()
    let document = NotificationDocument(
      reason: reason, run: run, plan: plan.map(PlanFile.hash), simulated: simulated,
      changes: changes, summary: summary, exit: exit, diagnostics: diagnostics, at: now)
    untold = Untold(document: document)
    guard digest != before else { return }
    // Before a newer run can look at it; what that one remembers is not overwritten afterwards.
    do {
      try memory.remember(digest, telling: run.id, at: now)
      untold?.before = .some(before)
    } catch {
      warn(error)
    }
  }

  func tell() async {
    guard let untold else { return }
    self.untold = nil
    var isTold = true
    do { try await tell(untold.document) } catch {
      isTold = false
      warn(error)
    }
    guard let before = untold.before else { return }
    do { try memory.settle(run.id, isTold: isTold, before: before) } catch { warn(error) }
  }

  private func warn(_ error: any Error) {
    app.show([Failure(any: error).diagnostic.asWarning], evenQuiet: true)
  }

  private func tell(_ document: NotificationDocument) async throws {
    let command = command
    let text = StableJSON.encode(document) + "\n"
    // A signal ends the command; the run itself is over.
    let said: String
    do {
      said = try await InterruptHandler().run(
        announce: {}, operation: { try await command.tell(text) }, cleanUp: {})
    } catch is CancellationError {
      throw Failure(.notifyFailed, "the command of --notify was stopped by a signal")
    }
    guard app.console.outputStyle.verbose else { return }
    for line in said.split(separator: "\n").prefix(40) {
      app.console.log("notify: " + VisibleText.escaped(String(line), limit: 200))
    }
  }
}
