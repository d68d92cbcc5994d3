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
    if facts.os == .windows { return onWindows(host, facts) }
    switch ElevationChoice.choose(host.become, facts: facts) {
    case .ready: return .ready
    case .password: return .password
    case .impossible(_, .terminalNeeded?): return .terminal(.sudo)
    case .impossible(_, .doasPassword?): return .terminal(.doas)
    // The probe tells of doas only where there is no sudo; where it is asked for, it is tried.
    case .impossible
    where host.become.method == .doas && [.sudo, .sudoPassword].contains(facts.elevation):
      return .terminal(.doas)
    case .impossible(_, let verdict?): return .impossible(classified(verdict, host, facts))
    case .impossible(let reason, nil):
      return .impossible(
        Diagnostic(
          .elevateRefused, .error, reason, detail: HostRequirements.rootNeeded,
          evidence: facts.elevationEvidence,
          hint: "let \(facts.user) become root on \(host.key), or log in as another ssh.user",
          host: host.key))
    }
  }

  private static func classified(
    _ verdict: SudoClassifier.Verdict, _ host: Host, _ facts: HostFacts
  ) -> Diagnostic {
    SudoClassifier.diagnostic(
      verdict, evidence: facts.elevationEvidence, on: host, user: facts.user)
  }

  /// An administrator has all rights over SSH there; nobody else gets them.
  private static func onWindows(_ host: Host, _ facts: HostFacts) -> RootWay {
    guard facts.elevation != .root else { return .ready }
    return .impossible(
      Diagnostic(
        .elevateRefused, .error, "\(facts.user) is no administrator on \(host.key)",
        detail: "Installing, starting and joining the client need one there.",
        evidence: facts.elevationEvidence,
        hint: "set ssh.user of \(host.key) to an administrator", host: host.key))
  }

  /// Why a run without a person gets no root there, and whether a person can help.
  ///
  /// - Returns: nil where root is there.
  package static func refusal(
    _ host: Host, _ facts: HostFacts
  ) -> (waits: Bool, finding: Diagnostic)? {
    switch find(host, facts) {
    case .ready: nil
    case .password: (true, classified(.passwordNeeded, host, facts))
    case .terminal(.sudo): (true, classified(.terminalNeeded, host, facts))
    case .terminal(.doas) where facts.elevation != .doasPassword:
      // Nobody knows whether doas would ask: the probe looked at sudo alone.
      (
        false,
        Diagnostic(
          .elevateRefused, .error, "doas -n does not work for \(facts.user)",
          detail: HostRequirements.rootNeeded, evidence: facts.elevationEvidence,
          hint: "meshctl prepare \(host.key), where doas asks on the terminal; or become:"
            + " {method: auto} for \(host.key)", host: host.key)
      )
    case .terminal(.doas): (true, classified(.doasPassword, host, facts))
    case .impossible(let finding): (false, finding)
    }
  }
}
