import ArgumentParser
import MeshCore
import MeshEngine

/// The exit statuses of design §7; 64 (usage) is ArgumentParser's own.
enum ExitStatus: Int32 {
  case done = 0
  /// An error before anything was changed; for plan: shown, but a host is blocked.
  case error = 1
  /// `--detailed-exitcode`: changes, or hosts that wait for a person.
  case changes = 2
  /// Some hosts failed or are blocked, the others are done.
  case failed = 3
  /// Nothing failed, something waits for a person.
  case waiting = 4
  case locked = 5
  /// What was shown or saved no longer holds.
  case stale = 6
  /// The terminal was closed.
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  var code: ExitCode { ExitCode(rawValue) }

  /// How a command ends that nothing was done by.
  static func of(_ failure: Failure) -> ExitStatus {
    failure.diagnostic.code == .planInventory ? .stale : .error
  }

  /// What a plan says by itself, for `plan` and `status`; blocked beats changes.
  init(_ plan: Plan, detailed: Bool) {
    let deletions = plan.unmanaged.compactMap(\.deletion) + plan.hosts.flatMap(\.deletions)
    let isBlocked =
      plan.diagnostics.contains { $0.severity == .error }
      || plan.hosts.contains { $0.isHindered && $0.action != .wait }
      || deletions.contains { $0.blockedBy != nil }
    if isBlocked {
      self = .error
    } else {
      self = detailed && plan.hasChanges ? .changes : .done
    }
  }

  /// How an apply ended; failures beat waiting.
  init(_ summary: RunSummary) {
    let results = summary.outcomes.map(\.result)
    let findings = summary.diagnostics + summary.nodes.compactMap(\.finding)
    if results.contains(where: { $0 == .failed || $0 == .blocked })
      || findings.contains(where: { $0.severity == .error })
      || summary.reach?.isComplete == false
    {
      self = .failed
    } else if results.contains(.waiting) {
      self = .waiting
    } else {
      self = .done
    }
  }
}
