import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// An apply that ends before it knows its mesh: an inventory that cannot be read, say.
///
/// Nobody watches a scheduled run, so the command of `--notify` is told of this too. The metrics file
/// is left alone, because its values belong to a mesh; their age tells.
struct EarlyEnding {
  let app: App
  let options: TrailOptions
  /// As the command line names it.
  let inventory: String
  /// As the command line names them, and where it names a plan, as that does.
  let limit: [String]
  let exclude: [String]
  let shard: Shard?
  let simulated: Bool
  let format: PlainOutputOptions.Format

  /// Names of variables that a command may have although nobody knows yet which ones hold secrets.
  static let harmless: Set = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
  ]

  /// Passes on what `body` gives; what it throws is told before.
  func telling<Value>(_ body: () throws -> Value) async throws -> Value {
    do { return try body() } catch {
      await tell(error)
      throw error
    }
  }

  /// Usage errors are for whoever types.
  private func tell(_ error: any Error) async {
    guard let (status, findings) = ending(error) else { return }
    if format == .json {
      // The last line is always the summary.
      let events = JSONEvents(console: app.console, quiet: app.isQuiet)
      await events.begin()
      await events.end(nil, exit: status, diagnostics: findings)
    }
    guard let line = options.notify, !findings.contains(where: { $0.code == .noTerminal }) else {
      return
    }
    // The memory is that of the runs that come to their end, so that the one sees what the other told.
    let run = RunIdentity(app, mesh: "", shard: shard?.text, inventory: inventory)
    let sink = NotifySink(
      app: app, run: run, line: line,
      withheld: Set(app.environment.keys).subtracting(EarlyEnding.harmless),
      selection: limit + exclude.map { "!" + $0 }, simulated: simulated)
    await sink.end(nil, exit: status, diagnostics: findings)
    await sink.tell()
  }

  private func ending(_ error: any Error) -> (ExitStatus, [Diagnostic])? {
    if let failure = error as? Failure {
      return (.of(failure), [failure.diagnostic])
    }
    // The errors of an inventory were shown already.
    guard let code = error as? ExitCode, code == ExitStatus.error.code else { return nil }
    let found = (try? InventoryFile.load(inventory).diagnostics) ?? []
    return (.error, DiagnosticText.sorted(found.filter { $0.severity == .error }))
  }
}
