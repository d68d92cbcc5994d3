/// Enables SSH on a host where no SSH server answers, by what the inventory's `bootstrap` says.
package struct EnableSSHStep: Sendable, Equatable {
  package enum Way: Sendable, Equatable {
    /// A local command that runs the script on its standard input in the guest.
    case command([String])
    /// Files in a folder that the setup of a Windows machine reads (dockur/windows: `/oem`).
    case files(String)
  }

  package var way: Way

  package init(_ way: Way) { self.way = way }

  /// Where files are put; nil for a command.
  package var folder: String? {
    guard case .files(let folder) = way else { return nil }
    return folder
  }

  /// Seconds that SSH has to answer in, once everything was delivered.
  package static let patience = 120

  /// What the inventory says for this host; nil where only a person can do it.
  ///
  /// A command acts at once, so it comes before files; files are for Windows alone.
  package static func of(_ host: Host) -> EnableSSHStep? {
    if let words = host.bootstrap.command { return EnableSSHStep(.command(words)) }
    if host.os == .windows, let folder = host.bootstrap.oemDir {
      return EnableSSHStep(.files(folder))
    }
    return nil
  }

  var payload: StepPayload {
    StepPayload([
      .enableSSH(way), .wait(.ssh(timeout: EnableSSHStep.patience, bySetup: folder != nil)),
    ])
  }
}

extension Diagnostic {
  /// True where enabling SSH may help: no SSH server answers, or perhaps none does.
  ///
  /// A firewall that drops what nobody listens for looks like a machine that is off: ssh times out.
  /// Windows does so by default (stealth mode); elsewhere only who gave a `bootstrap` means it.
  package func mayMeanNoSSH(on host: Host) -> Bool {
    code.meansNoSSH || isSilence && (host.os == .windows || EnableSSHStep.of(host) != nil)
  }

  /// True where Windows refuses the login, as it does while the keys are not in the one place, with the
  /// one ACL, that it takes them from (`WindowsLogin`).
  package func mayMeanNoKeys(on host: Host) -> Bool {
    guard code == .sshAuthentication, host.os == .windows else { return false }
    // A jump host refuses in the same words, with its own name in front.
    return host.ssh.jump == nil || evidence?.contains("\(host.address): ") == true
  }

  /// True where a login may yet work by itself after SSH was enabled.
  ///
  /// On Windows the server starts a moment before the keys are in their place.
  package func meansNoLoginYet(on host: Host) -> Bool {
    code.meansNoSSHYet || mayMeanNoKeys(on: host)
  }

  /// True where nothing at all came back, so the machine may as well be off.
  package var isSilence: Bool {
    code == .sshUnreachable && evidence?.contains("timed out") == true
  }
}

extension DiagnosticCode {
  /// True where the host is there, and no SSH server answers.
  package var meansNoSSH: Bool { self == .sshRefused || self == .sshNoBanner }

  /// True where SSH may still come up: besides, the machine restarts, or its server starts just now.
  package var meansNoSSHYet: Bool {
    meansNoSSH || [.sshUnreachable, .sshLost, .sshTimeout].contains(self)
  }
}
