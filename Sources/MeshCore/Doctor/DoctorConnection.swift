/// The way to a host, told from how far a probe came: it is the way that apply takes, with the user's
/// ssh configuration, agent and jump hosts.
struct DoctorConnection {
  let host: Host

  private static let kinds: [DoctorCheck.Kind] = [.address, .tcp, .hostKey, .login]

  /// All four, for a host that answered.
  var passed: [DoctorCheck] { DoctorConnection.kinds.map(passed) }

  private func passed(_ kind: DoctorCheck.Kind) -> DoctorCheck {
    if host.connection == .local { return .pass(kind, "this machine, no SSH") }
    switch kind {
    case .address: return .pass(kind, "\(host.address) is found")
    case .tcp: return .pass(kind, "port \(host.port) accepts connections")
    case .hostKey:
      switch host.ssh.hostKey {
      case .pinned: return .pass(kind, "the pinned one")
      case .acceptNew: return .pass(kind, "known, or accepted as new")
      case nil: return .pass(kind, "known")
      }
    default: return .pass(kind, host.ssh.user.map { "as \($0)" } ?? "as your ssh says")
    }
  }

  /// All checks of a host whose probe gave no facts.
  func checks(_ finding: Diagnostic) -> [DoctorCheck] {
    // Without a profile nothing was sent at all.
    if TargetProfile.refusal(for: host) != nil {
      return DoctorCheck.Kind.ofHost.map { kind in
        kind == .os ? .fail(.os, finding) : .unknown(kind, "not asked")
      }
    }
    let failing = DoctorConnection.stage(of: finding.code)
    let isUnsure = DoctorConnection.unsure.contains(finding.code)
    var checks: [DoctorCheck] = []
    var hasFailed = false
    for kind in DoctorCheck.Kind.ofHost {
      if kind == failing {
        checks.append(.fail(kind, finding))
        hasFailed = true
      } else if hasFailed {
        checks.append(.unknown(kind, "not known: \(failing.rawValue) fails"))
      } else if isUnsure {
        checks.append(.unknown(kind, "not known: ssh does not say how far it came"))
      } else {
        checks.append(passed(kind))
      }
    }
    return checks
  }

  /// Failures that do not tell what works before them.
  private static let unsure: Set<DiagnosticCode> = [
    .sshJump, .sshProgram, .sshTimeout, .sshLost, .sshFailed,
  ]

  private static func stage(of code: DiagnosticCode) -> DoctorCheck.Kind {
    switch code {
    case .sshResolve: .address
    case .sshRefused, .sshUnreachable: .tcp
    case .sshHostKeyUnknown, .sshHostKeyChanged: .hostKey
    case .targetOSDiffers, .targetUnsupported: .os
    default: .login
    }
  }
}
