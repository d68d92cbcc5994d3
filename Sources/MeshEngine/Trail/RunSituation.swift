package import MeshCore

/// What is wrong after a run, told so that the same trouble always reads the same.
///
/// Words, times and evidence are left out: they may differ from run to run while nothing changes.
package struct RunSituation: Sendable, Equatable {
  /// Nil where all is well (exit status 0); else lines to compare, and to hash.
  package let text: String?

  /// - Parameters:
  ///   - summary: nil where nothing was done.
  ///   - exit: the run's exit status.
  ///   - findings: of the whole run.
  package init(_ summary: RunSummary?, exit: Int32, findings: [Diagnostic]) {
    guard exit != 0 else {
      text = nil
      return
    }
    var lines: Set<String> = []
    for outcome in summary?.outcomes ?? [] where outcome.result.isTrouble {
      lines.insert("host \(outcome.host) " + RunSituation.trouble(of: outcome, in: summary))
    }
    for node in summary?.nodes ?? [] {
      guard let finding = node.finding, finding.severity == .error else { continue }
      lines.insert("node \(node.nodeID) \(finding.code.rawValue)")
    }
    for finding in findings where finding.severity == .error {
      lines.insert("run \(finding.code.rawValue) \(finding.host ?? "")")
    }
    if summary?.reach?.isComplete == false { lines.insert("reach") }
    text = (["exit \(exit)"] + lines.sorted()).joined(separator: "\n")
  }

  /// The same words whether the host was tried or left alone until later.
  private static func trouble(of outcome: HostOutcome, in summary: RunSummary?) -> String {
    let attempt = summary?.heldBack[outcome.host]
    let code = attempt?.code ?? outcome.diagnostics.first { $0.severity == .error }?.code
    let waits = attempt?.waits ?? (outcome.result == .waiting)
    return (waits ? "waits " : "failed ") + (code?.rawValue ?? "")
  }

  /// Why somebody is told of a run.
  package enum Reason: String, Sendable {
    case changed, failed, waits, recovered
  }

  /// Whether somebody is to be told, and why; nil where nothing is new.
  ///
  /// - Parameters:
  ///   - exit: the run's exit status.
  ///   - changes: how many steps changed something; changes are always new.
  ///   - digest: of this situation; nil where all is well.
  ///   - remembered: of the situation that was told last; nil where all was well.
  /// - Returns: the reason.
  package static func reason(
    exit: Int32, changes: Int, digest: String?, remembered: String?
  ) -> Reason? {
    guard digest != remembered || changes > 0 else { return nil }
    guard digest != nil else { return remembered == nil ? .changed : .recovered }
    return exit == 4 ? .waits : .failed
  }
}

extension HostOutcome.Result {
  /// True where the host is not as the inventory wants it.
  package var isTrouble: Bool {
    switch self {
    case .inSync, .changed: false
    case .failed, .blocked, .waiting: true
    }
  }
}
