/// Tells from the words of sudo, sudo-rs or doas why they did not give root (reference
/// tailscale-client.md §5.1; always run with `LC_ALL=C`).
package enum SudoClassifier {
  /// Why root could not be had.
  package enum Verdict: Sendable, Hashable, CaseIterable {
    case passwordNeeded, terminalNeeded, wrongPassword, noRights, commandNotListed
    case noNewPrivileges, missing, doasPassword
  }

  /// First row that matches wins; the order puts the narrower text first.
  private static let rows: [(needle: String, verdict: Verdict)] = [
    ("you must have a tty to run sudo", .terminalNeeded),
    ("incorrect password attempt", .wrongPassword),
    ("incorrect authentication attempt", .wrongPassword),
    ("Sorry, try again.", .wrongPassword),
    ("no password was provided", .wrongPassword),
    ("Authentication failed, try again", .wrongPassword),
    ("is not allowed to execute", .commandNotListed),
    ("is not in the sudoers file", .noRights),
    ("is not allowed to run sudo", .noRights),
    ("may not run sudo on", .noRights),
    ("account validation failure", .noRights),
    ("doas is not enabled", .noRights),
    ("I'm afraid I can't do that", .noRights),
    ("\"no new privileges\" flag is set", .noNewPrivileges),
    ("no new privileges", .noNewPrivileges),
    ("must be owned by uid 0 and have the setuid bit set", .noNewPrivileges),
    ("effective uid is not 0", .noNewPrivileges),
    ("doas is not installed setuid", .noNewPrivileges),
    ("doas: Authentication required", .doasPassword),
    ("doas: Authorization required", .doasPassword),
    ("doas: a tty is required", .doasPassword),
    ("a password is required", .passwordNeeded),
    ("interactive authentication is required", .passwordNeeded),
    ("a terminal is required", .passwordNeeded),
    ("A terminal is required to authenticate", .passwordNeeded),
    ("no tty present and no askpass program specified", .passwordNeeded),
    ("doas: Operation not permitted", .noRights),
    ("sudo: not found", .missing),
    ("sudo: command not found", .missing),
    ("sudo': No such file or directory", .missing),
    ("sudo: No such file or directory", .missing),
    ("sudo\u{2019}: No such file or directory", .missing),
    ("doas: not found", .missing),
    ("doas': No such file or directory", .missing),
  ]

  /// Nil where the text is none of theirs.
  package static func verdict(of text: String) -> Verdict? {
    rows.first { text.contains($0.needle) }?.verdict
  }

  /// The line that decided; nil where the text is none of theirs.
  package static func evidence(in text: String) -> String? {
    rows.lazy.compactMap { TextEvidence.line(containing: $0.needle, in: text) }.first
  }

  /// What to say about it; nil where the text is none of theirs.
  package static func diagnostic(of text: String, on host: Host) -> Diagnostic? {
    guard let verdict = verdict(of: text) else { return nil }
    return diagnostic(verdict, evidence: evidence(in: text), on: host)
  }

  /// - Parameters:
  ///   - verdict: why root could not be had.
  ///   - evidence: the line that says so.
  ///   - host: where.
  ///   - user: who logged in, where a probe knows it.
  /// - Returns: the finding, with the next command.
  package static func diagnostic(
    _ verdict: Verdict, evidence: String?, on host: Host, user: String? = nil
  ) -> Diagnostic {
    let user = user ?? host.ssh.user ?? "USER"
    func finding(
      _ code: DiagnosticCode, _ message: String, _ detail: String, hint: String
    ) -> Diagnostic {
      Diagnostic(
        code, .error, message, detail: detail, evidence: evidence, hint: hint, host: host.key)
    }
    switch verdict {
    case .passwordNeeded:
      return finding(
        .elevatePassword, "sudo asks for a password on \(host.key)",
        "Changing a host needs root there, and a run without a person cannot answer.",
        hint: "meshctl prepare \(host.key) (asks once); or --ask-become-pass; or write"
          + " become: {password: {env: …}} for \(host.key)")
    case .wrongPassword:
      return finding(
        .elevateWrongPassword, "sudo refused the password on \(host.key)",
        "Nothing was done there. More tries may lock the account.",
        hint: "check become.password of \(host.key)")
    case .terminalNeeded:
      return finding(
        .elevateTerminal, "sudo on \(host.key) insists on a terminal",
        "`requiretty` is set there, so a run without a person gets no root.",
        hint: "meshctl prepare --drop-in \(host.key) (asks there once); or with visudo:"
          + " Defaults:\(user) !requiretty")
    case .doasPassword:
      return finding(
        .elevateDoas, "doas asks for a password on \(host.key)",
        "doas takes a password from a terminal only, so a run without a person cannot give it.",
        hint: "meshctl prepare \(host.key) (asks there once); or in doas.conf: permit nopass"
          + " \(user) as root")
    case .noRights, .commandNotListed:
      return finding(
        .elevateRefused, "the login user may not become root on \(host.key)",
        "No password helps; a rule in sudoers or doas.conf is missing.",
        hint: "set ssh.user of \(host.key) to a user who may run sudo, or add the rule there")
    case .noNewPrivileges:
      return finding(
        .elevateNoNewPrivileges, "\(host.key) forbids gaining root",
        "The login runs with the \"no new privileges\" flag, or sudo lost its setuid bit.",
        hint: "set ssh.user of \(host.key) to root, or change how that container is started")
    case .missing:
      return finding(
        .elevateUnavailable, "neither sudo nor doas is installed on \(host.key)",
        "The login user is not root, so nothing can be changed there.",
        hint: "set ssh.user of \(host.key) to root, or install sudo there")
    }
  }
}
