import MeshAdapters
import MeshCore
import MeshEngine

/// One `meshctl prepare` from the first question to the recap.
struct PrepareRun {
  let app: App
  let request: PrepareRequest
  let approves: Bool
  /// Where failing hosts are remembered: what was prepared is tried by the next run at once.
  var attempts: any AttemptMemory = NoAttempts()
  /// Nil in a rehearsal, which is no history.
  var journal: PrepareJournal?

  /// Prepares the hosts in the order of the inventory.
  ///
  /// - Parameters:
  ///   - list: the hosts.
  ///   - hosts: how they are reached.
  /// - Returns: the exit status.
  /// - Throws: nothing but what a cancelled task throws.
  func run(_ list: [MeshCore.Host], over hosts: any HostPreparing) async throws -> ExitStatus {
    let interrupts = InterruptHandler()
    let dialogue = TerminalDialogue(app: app, approves: approves)
    let trail: any PrepareTrail = journal ?? NoPrepareTrail()
    let request = request
    let app = app
    do {
      let outcomes = try await interrupts.run(
        announce: { app.console.log("Stopping.") },
        operation: {
          try await PrepareSession(
            request: request, hosts: hosts, dialogue: dialogue, trail: trail
          ).run(list)
        }, cleanUp: { await hosts.close() })
      await forget(outcomes)
      let status = recap(outcomes)
      await journal?.end(status)
      return status
    } catch is CancellationError {
      let status = interrupts.exitStatus.flatMap(ExitStatus.init) ?? .interrupted
      await journal?.end(status)
      return status
    }
  }

  private func forget(_ outcomes: [PrepareOutcome]) async {
    let done = outcomes.filter { $0.result == .done }.map { ($0.host, nil as Attempt?) }
    guard !done.isEmpty else { return }
    do {
      try await attempts.remember(Dictionary(done, uniquingKeysWith: { one, _ in one }))
    } catch {
      app.show([Failure(any: error).diagnostic.asWarning])
    }
  }

  private func recap(_ outcomes: [PrepareOutcome]) -> ExitStatus {
    for case .failed(let finding) in outcomes.map(\.result) { app.show([finding]) }
    // A failure was shown; a no leaves no other word.
    if outcomes.count > 1 || outcomes.contains(where: { $0.result == .declined }) {
      app.console.log("")
      for outcome in outcomes { app.console.log("  \(outcome.host): \(words(outcome.result))") }
    }
    return ExitStatus(outcomes)
  }

  private func words(_ result: PrepareOutcome.Result) -> String {
    switch result {
    case .done: "done"
    case .unneeded: "nothing to do"
    case .declined: "declined, nothing was done"
    case .failed(let finding): "failed [\(finding.code.rawValue)]"
    }
  }
}

extension ExitStatus {
  /// How a `prepare` ended: 0 all is there, 1 nothing was changed anywhere, 3 some hosts are not done.
  init(_ outcomes: [PrepareOutcome]) {
    let isDone = outcomes.allSatisfy { $0.result == .done || $0.result == .unneeded }
    if isDone {
      self = .done
    } else {
      self = outcomes.contains { $0.touched || $0.result == .done } ? .failed : .error
    }
  }
}
