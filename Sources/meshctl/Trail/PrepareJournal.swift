import MeshAdapters
import MeshCore
import MeshEngine

/// Writes what `prepare` does into the journal while it happens; trouble with that is said once.
actor PrepareJournal: PrepareTrail {
  /// What stands as `step` in its entries, which belong to no plan.
  static let step = "prepare"

  private let app: App
  private let run: RunIdentity
  private let file: JournalFile
  private var hasBegun = false
  private var hasFailed = false
  private var done: Int = 0
  private var failed: Int = 0

  init(app: App, run: RunIdentity) {
    self.app = app
    self.run = run
    file = JournalFile(folder: StateDirectory.path(environment: app.environment))
  }

  func begins(_ host: String) async {
    guard !hasBegun else { return }
    hasBegun = true
    await write(entry(.start))
  }

  func ended(_ host: String, written: [String], _ ending: PrepareEnding) async {
    var entry = entry(.step)
    entry.host = host
    entry.step = PrepareJournal.step
    entry.changes =
      written.isEmpty
      ? nil : [JournalChange(PrepareJournal.step, old: nil, new: .some(.list(written)))]
    switch ending {
    case .done:
      done += 1
      entry.result = .ok
    case .failed(let finding):
      failed += 1
      entry.result = .failed
      entry.code = finding.code.rawValue
      entry.message = finding.message
    case .interrupted: entry.result = .interrupted
    }
    await write(entry)
  }

  /// The last entry; none where nothing was written anywhere.
  func end(_ status: ExitStatus) async {
    guard hasBegun else { return }
    var entry = entry(.end)
    entry.exitCode = status.rawValue
    entry.done = done
    entry.failed = failed
    entry.seconds = max(0, app.clock.now().seconds(since: run.startedAt))
    await write(entry)
    await file.close()
    if !hasFailed { app.console.log("Recorded: meshctl log --run \(run.id)") }
  }

  private func entry(_ kind: JournalEntry.Kind) -> JournalEntry {
    JournalEntry(kind, at: app.clock.now(), of: run, plan: nil)
  }

  private func write(_ entry: JournalEntry) async {
    guard !hasFailed else { return }
    do { try await file.append(entry.line) } catch {
      hasFailed = true
      app.show([Failure(any: error).diagnostic.asWarning], evenQuiet: true)
    }
  }
}
