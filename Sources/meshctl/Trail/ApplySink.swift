import MeshCore
import MeshEngine

/// Takes the events of an apply and does one thing with them: shows them, or keeps them.
protocol ApplySink: EventSink {
  /// The first thing shown.
  func begin() async
  func show(_ plan: Plan) async
  /// What the server said of the API key; asked only where somebody wants to know.
  func learn(_ key: APIKeyState) async
  /// The last thing shown; `summary` is nil where nothing was done. Later calls change nothing.
  ///
  /// The run still holds its lock, so files are written here: those of a newer run come later.
  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async
  /// What takes its time and needs no lock; called once, after `end`.
  func tell() async
  /// Throws what went wrong while writing the output, if anything did.
  func rethrow() async throws
}

/// What most sinks have nothing to do for.
extension ApplySink {
  func begin() async {}
  func show(_ plan: Plan) async {}
  func learn(_ key: APIKeyState) async {}
  func tell() async {}
  func rethrow() async throws {}
}

/// Hands everything to several sinks, one after the other.
struct Tee: ApplySink {
  let sinks: [any ApplySink]

  init(_ sinks: [any ApplySink]) { self.sinks = sinks }

  func begin() async { for sink in sinks { await sink.begin() } }
  func show(_ plan: Plan) async { for sink in sinks { await sink.show(plan) } }
  func learn(_ key: APIKeyState) async { for sink in sinks { await sink.learn(key) } }
  func emit(_ event: Event) async { for sink in sinks { await sink.emit(event) } }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async {
    for sink in sinks { await sink.end(summary, exit: exit, diagnostics: diagnostics) }
  }

  func tell() async { for sink in sinks { await sink.tell() } }
  func rethrow() async throws { for sink in sinks { try await sink.rethrow() } }
}

/// A sink that shows plan and recap, while somebody else shows the steps.
struct WithoutSteps: ApplySink {
  let sink: any ApplySink

  init(_ sink: any ApplySink) { self.sink = sink }

  func begin() async { await sink.begin() }
  func show(_ plan: Plan) async { await sink.show(plan) }
  func emit(_ event: Event) async {}

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async {
    await sink.end(summary, exit: exit, diagnostics: diagnostics)
  }

  func rethrow() async throws { try await sink.rethrow() }
}
