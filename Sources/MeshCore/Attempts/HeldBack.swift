/// Why this run leaves a host alone that differs.
package struct HeldBack: Sendable, Equatable {
  package var attempt: Attempt
  /// When it is tried again.
  package var next: Timestamp

  package init(attempt: Attempt, next: Timestamp) {
    self.attempt = attempt
    self.next = next
  }

  /// Hosts that are not to be tried yet, by key: those that differ, and those that a probe could not
  /// look at although they look right from the server.
  ///
  /// - Parameters:
  ///   - plan: made without facts.
  ///   - hosts: of the inventory.
  ///   - attempts: what is remembered, by host key.
  ///   - now: the controller's time.
  /// - Returns: why and until when, by host key.
  package static func find(
    in plan: Plan, hosts: [String: Host], attempts: [String: Attempt], now: Timestamp
  ) -> [String: HeldBack] {
    guard !attempts.isEmpty else { return [:] }
    var held: [String: HeldBack] = [:]
    for host in plan.hosts {
      guard let attempt = attempts[host.name], let declared = hosts[host.name],
        attempt.situation == HostSituation.digest(declared, host),
        let next = BackOff.next(attempt, now: now), !isAnswered(attempt.code, plan.flags)
      else { continue }
      held[host.name] = HeldBack(attempt: attempt, next: next)
    }
    return held
  }

  /// True where a flag of this run gives what the last attempt lacked.
  private static func isAnswered(_ code: DiagnosticCode, _ flags: PlanFlags) -> Bool {
    switch code {
    case .otherServer: flags.allowMove
    case .elevatePassword, .elevateWrongPassword: flags.askBecomePassword
    default: false
    }
  }

  /// What `meshctl apply` reads where no file is named.
  private static let standardInventory = "./inventory.yaml"

  func finding(_ host: String, inventory: String) -> Diagnostic {
    let tries = attempt.count == 1 ? "once" : "\(attempt.count) times"
    let since = "since \(attempt.since.rfc3339), the last time at \(attempt.last.rfc3339)"
    let file = inventory == HeldBack.standardInventory ? "" : " \(ShellQuoting.word(inventory))"
    let hint =
      "meshctl explain \(attempt.code.rawValue); then: meshctl apply\(file) --retry-now"
      + " --limit \(ShellQuoting.word(host))"
    if attempt.waits {
      return Diagnostic(
        .waitsStill, .error,
        "waits for a person [\(attempt.code.rawValue)]; looked at again from \(next.rfc3339) on",
        detail: "It was looked at \(tries) \(since).", hint: hint, host: host)
    }
    return Diagnostic(
      .backedOff, .error,
      "not tried in this run [\(attempt.code.rawValue)]; tried again from \(next.rfc3339) on",
      detail: "It was tried without success \(tries) \(since).", hint: hint, host: host)
  }
}

extension HostPlan {
  /// Shows what differs and does none of it.
  ///
  /// - Parameters:
  ///   - held: why.
  ///   - inventory: where it was read from, for the command that tries the host.
  mutating func hold(_ held: HeldBack, inventory: String) {
    guard action != .none else { return }
    let finding = held.finding(name, inventory: inventory)
    action = held.attempt.waits ? .wait : .blocked
    for index in changes.indices {
      changes[index].blockedBy = finding.code
      changes[index].onceProven = false
    }
    deletions = []
    parkings = []
    reauthenticates = false
    joinAs = nil
    tagsWithoutPolicy = []
    steps = []
    diagnostics = [finding] + diagnostics.filter { $0.severity != .error }
  }
}
