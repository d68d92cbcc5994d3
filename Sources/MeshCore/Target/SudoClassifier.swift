/// Tells from the words of sudo, sudo-rs or doas why they did not give root (reference
/// tailscale-client.md §5.1; always run with `LC_ALL=C`).
package enum SudoClassifier {
  /// Why root could not be had.
  package enum Verdict: Sendable, Hashable, CaseIterable {
    case passwordNeeded, terminalNeeded, wrongPassword, noRights, commandNotListed
    case noNewPrivileges, missing
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
    ("I'm afraid I can't do that", .noRights),
    ("\"no new privileges\" flag is set", .noNewPrivileges),
    ("no new privileges", .noNewPrivileges),
    ("must be owned by uid 0 and have the setuid bit set", .noNewPrivileges),
    ("a password is required", .passwordNeeded),
    ("interactive authentication is required", .passwordNeeded),
    ("a terminal is required", .passwordNeeded),
    ("A terminal is required to authenticate", .passwordNeeded),
    ("no tty present and no askpass program specified", .passwordNeeded),
    ("doas: Authentication required", .passwordNeeded),
    ("doas: Authorization required", .passwordNeeded),
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

  /// What to say about it; nil where the text is none of theirs.
  package static func diagnostic(of text: String, on host: Host) -> Diagnostic? {
    guard let verdict = verdict(of: text) else { return nil }
    let evidence = rows.lazy.compactMap { TextEvidence.line(containing: $0.needle, in: text) }.first
    return diagnostic(verdict, evidence: evidence, on: host)
  }

  package static func diagnostic(
    _ verdict: Verdict, evidence: String?, on host: Host
  ) -> Diagnostic {
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
          + " Defaults:\(host.ssh.user ?? "USER") !requiretty")
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
