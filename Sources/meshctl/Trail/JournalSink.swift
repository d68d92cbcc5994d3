import MeshAdapters
import MeshCore
import MeshEngine

/// Writes every change into the journal while it happens; trouble with that is said once.
actor JournalSink: ApplySink {
  private let app: App
  private let file: JournalFile
  private let run: RunIdentity
  private var book: JournalBook
  private var hasFailed = false

  init(app: App, run: RunIdentity) {
    self.app = app
    self.run = run
    file = JournalFile(folder: StateDirectory.path(environment: app.environment))
    book = JournalBook(run: run, hash: PlanFile.hash)
  }

  func show(_ plan: Plan) { book.show(plan) }

  func emit(_ event: Event) async { await write(book.entries(for: event)) }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async {
    let entries = book.end(exit: exit.rawValue, at: app.clock.now())
    guard !entries.isEmpty else { return }
    await write(entries)
    await file.close()
    guard !hasFailed else { return }
    // A quiet run says this only where it says more: keys of an earlier run that it expired are no news.
    let isSilent =
      exit == .done
      && summary.map { $0.nodes.isEmpty && $0.outcomes.allSatisfy { $0.result == .inSync } } ?? true
    if app.isQuiet, isSilent { return }
    app.console.log("Recorded: meshctl log --run \(run.id)")
  }

  private func write(_ entries: [JournalEntry]) async {
    for entry in entries where !hasFailed {
      do { try await file.append(entry.line) } catch {
        hasFailed = true
        app.show([Failure(any: error).diagnostic.asWarning], evenQuiet: true)
      }
    }
  }
}
