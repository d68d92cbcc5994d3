import MeshCore
import MeshEngine

/// The failures of reaching a host or becoming root there, with the codes and in the words of the SSH
/// adapter.
enum HostWords {
  static func unreachable(_ host: Host) -> Failure {
    Failure(
      .sshUnreachable, "cannot reach \(host.address):\(host.port) over SSH",
      detail:
        "It is off, a firewall or another VPN is in between, or its SSH server has another port.",
      evidence: "ssh: connect to host \(host.address) port \(host.port): No route to host",
      hint: "check that \(host.key) is on: ssh -p \(host.port) \(host.address)", host: host.key)
  }

  /// The methods are those that Windows' own sshd offers; why it refuses stands in its log only.
  static func refusedLogin(_ host: Host, user: String) -> Failure {
    Failure(
      WindowsLogin.refusal(
        host,
        evidence:
          "\(user)@\(host.address): Permission denied (publickey,password,keyboard-interactive)."
      ))
  }

  static func noSSH(_ host: Host) -> Failure {
    Failure(
      .sshRefused, "nothing listens for SSH at \(host.address):\(host.port)",
      detail: "\(host.key) is up, but its SSH server is not, or has another port.",
      evidence: "ssh: connect to host \(host.address) port \(host.port): Connection refused",
      hint: "check port of \(host.key), and start sshd there", host: host.key)
  }

  static func notDelivered(_ host: Host, evidence: String) -> Failure {
    Failure(
      .bootstrapCommand, "bootstrap.command of \(host.key) failed (exit 1)", evidence: evidence,
      hint: "run it by hand: meshctl bootstrap \(host.os.rawValue) | the command",
      host: host.key)
  }

  static func lost(_ host: Host, during script: ScriptName) -> Failure {
    Failure(
      .sshLost, "the SSH connection broke during \(script.rawValue)",
      detail: "What the script did by then is not known; the next run looks again.",
      evidence: "client_loop: send disconnect: Broken pipe", hint: "run meshctl apply again",
      host: host.key)
  }

  static func passwordNeeded(_ host: Host) -> Failure {
    Failure(
      SudoClassifier.diagnostic(
        .passwordNeeded, evidence: "sudo: a password is required", on: host))
  }

  static func wrongPassword(_ host: Host) -> Failure {
    Failure(
      SudoClassifier.diagnostic(
        .wrongPassword, evidence: "sudo: 1 incorrect password attempt", on: host))
  }

  static func refused(_ host: Host, user: String) -> Failure {
    Failure(
      .elevateRefused, "sudo refuses \(user)",
      evidence: "Sorry, user \(user) may not run sudo on \(host.key).",
      hint: "allow it there with visudo, or set ssh.user to another account", host: host.key)
  }

  static func unavailable(_ host: Host) -> Failure {
    Failure(
      .elevateUnavailable, "there is neither sudo nor doas",
      evidence: "sudo: not found", hint: "log in as root: ssh.user: root", host: host.key)
  }
}

extension SimulatedHost {
  /// True where sshd of Windows takes no key of ours.
  ///
  /// Whoever is no administrator has a file of his own, whose ACL is not simulated.
  func refusesLogin(of host: Host) -> Bool {
    guard host.os == .windows, host.connection == .ssh else { return false }
    switch desktop.keys {
    case .ok: return false
    case .missing: return true
    case .userOnly, .looseACL: return isAdministrator
    }
  }

  /// True when the script runs as root.
  ///
  /// - Throws: `Failure` where this way of becoming root does not work here.
  func becomesRoot(
    for call: RemoteCall, by elevation: Elevation, host: Host
  ) throws(Failure) -> Bool {
    // An administrator's login over SSH has all its rights there.
    if host.os == .windows { return isAdministrator }
    guard call.elevated else { return privilege == .root }
    switch elevation {
    case .none, .root: return privilege == .root
    case .sudo:
      switch privilege {
      case .root, .sudo: return true
      case .sudoPassword: throw HostWords.passwordNeeded(host)
      case .refused: throw HostWords.refused(host, user: loginUser)
      case .doas, .unavailable: throw HostWords.unavailable(host)
      }
    case .doas:
      guard privilege == .doas else { throw HostWords.unavailable(host) }
      return true
    case .sudoPassword(let password):
      switch privilege {
      case .root, .sudo: return true
      case .sudoPassword:
        let accepted = becomePassword.map { $0.reveal() == password.reveal() } ?? true
        guard accepted, !faults.wrongSudoPassword else { throw HostWords.wrongPassword(host) }
        return true
      case .refused: throw HostWords.refused(host, user: loginUser)
      case .doas, .unavailable: throw HostWords.unavailable(host)
      }
    }
  }
}
