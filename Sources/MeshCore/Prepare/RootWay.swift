/// How a person can give root on a host, from its facts.
package enum RootWay: Sendable, Equatable {
  /// It is there without asking anybody.
  case ready
  /// sudo takes a password from standard input.
  case password
  /// sudo (with `requiretty`) or doas asks on the terminal itself.
  case terminal(Asker)
  case impossible(Diagnostic)

  package enum Asker: String, Sendable { case sudo, doas }

  package static func find(_ host: Host, _ facts: HostFacts) -> RootWay {
    switch ElevationChoice.choose(host.become, facts: facts) {
    case .ready: return .ready
    case .password: return .password
    case .impossible(let reason):
      let verdict = facts.elevationEvidence.flatMap(SudoClassifier.verdict)
      if host.become.method != .none, facts.elevation == .refused {
        if verdict == .terminalNeeded, host.become.method != .doas { return .terminal(.sudo) }
        if verdict == .passwordNeeded, host.become.method != .sudo { return .terminal(.doas) }
      }
      // The probe tells of doas only where there is no sudo; where it is asked for, it is tried.
      if host.become.method == .doas, [.sudo, .sudoPassword].contains(facts.elevation) {
        return .terminal(.doas)
      }
      return .impossible(
        Diagnostic(
          .elevateRefused, .error, reason, detail: HostRequirements.rootNeeded,
          evidence: facts.elevationEvidence,
          hint: "let \(facts.user) become root on \(host.key), or log in as another ssh.user",
          host: host.key))
    }
  }

  /// Why a run without a person gets no root there, and whether a person can help.
  ///
  /// - Returns: nil where root is there.
  package static func refusal(
    _ host: Host, _ facts: HostFacts
  ) -> (waits: Bool, finding: Diagnostic)? {
    switch find(host, facts) {
    case .ready: nil
    case .password:
      (
        true,
        SudoClassifier.diagnostic(.passwordNeeded, evidence: facts.elevationEvidence, on: host)
      )
    case .terminal(.sudo):
      (
        true,
        SudoClassifier.diagnostic(.terminalNeeded, evidence: facts.elevationEvidence, on: host)
      )
    case .terminal(.doas):
      (
        true,
        Diagnostic(
          .elevatePassword, .error, "doas asks for a password on \(host.key)",
          detail: "It reads one from a terminal only, so a run without a person cannot give it.",
          evidence: facts.elevationEvidence,
          hint: "meshctl prepare \(host.key) (asks there once); or in doas.conf: permit nopass"
            + " \(facts.user) as root", host: host.key)
      )
    case .impossible(let finding): (false, finding)
    }
  }
}
