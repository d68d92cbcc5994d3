package import MeshCore

/// Tells from OpenSSH's words why a connection failed (exit 255).
package enum SSHClassifier {
  /// Why there is no connection.
  package enum Verdict: Sendable, CaseIterable {
    case resolve, refused, unreachable, hostKeyUnknown, hostKeyChanged, authentication, jump
    case program, noBanner, lost, other
  }

  /// First row that matches wins.
  ///
  /// A jump host's own error stands above the line that says the way
  /// through it is closed, so jump comes first.
  private static let rows: [(needle: String, verdict: Verdict)] = [
    ("UNKNOWN port 65535", .jump),
    ("stdio forwarding failed", .jump),
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged),
    ("host key is known for", .hostKeyUnknown),
    ("Host key verification failed", .hostKeyUnknown),
    ("Could not resolve hostname", .resolve),
    ("Name or service not known", .resolve),
    ("Connection refused", .refused),
    ("No route to host", .unreachable),
    ("Network is unreachable", .unreachable),
    ("Host is down", .unreachable),
    ("timed out", .unreachable),
    ("Permission denied (", .authentication),
    ("Too many authentication failures", .authentication),
    ("No supported authentication methods", .authentication),
    ("Bad configuration option", .program),
    ("Bad owner or permissions", .program),
    ("terminating, ", .program),
    ("unknown option", .program),
    ("illegal option", .program),
    ("too long for Unix domain socket", .program),
    ("Unable to negotiate", .program),
    // Before the server said its name: a port forward (Docker, a VM) with nothing behind it.
    ("kex_exchange_identification: Connection closed by remote host", .noBanner),
    ("kex_exchange_identification: read: Connection reset", .noBanner),
    ("Broken pipe", .lost),
    ("Connection reset by peer", .lost),
    ("closed by remote host", .lost),
    ("Connection closed", .lost),
    ("not responding", .lost),
    ("read from master failed", .lost),
    ("client_loop:", .lost),
  ]

  /// The verdict on a text, knowing whether the key is pinned and a jump host is in between.
  package static func verdict(of text: String, pinned: Bool, jumps: Bool) -> Verdict {
    let verdict = rows.first { text.contains($0.needle) }?.verdict ?? .other
    // Behind a jump only the jump host is connected to directly, so these words are about it.
    if jumps, [.resolve, .refused, .unreachable].contains(verdict) { return .jump }
    if jumps, text.contains("kex_exchange_identification") { return .jump }
    // A pinned key of another type than the host shows is reported as unknown.
    return pinned && verdict == .hostKeyUnknown ? .hostKeyChanged : verdict
  }

  /// The failure in words, with evidence and next command.
  package static func failure(of text: String, host: Host) -> Failure {
    var pinned = false
    if case .pinned = host.ssh.hostKey { pinned = true }
    let verdict = verdict(of: text, pinned: pinned, jumps: host.ssh.jump != nil)
    let row = rows.first { text.contains($0.needle) }
    let evidence =
      row.flatMap { TextEvidence.line(containing: $0.needle, in: text) }
      ?? TextEvidence.lastLine(of: text)
    if verdict == .authentication, host.os == .windows {
      var finding = WindowsLogin.refusal(host, evidence: evidence)
      finding.hint? += "; what is offered: " + command(host, "-v")
      return Failure(finding)
    }
    let (code, message, detail, hint) = words(verdict, host, pinned: pinned)
    return Failure(code, message, detail: detail, evidence: evidence, hint: hint, host: host.key)
  }

  /// The ssh command a person would type.
  static func command(_ host: Host, _ option: String? = nil) -> String {
    var words = ["ssh"] + (option.map { [$0] } ?? [])
    if host.port != 22 { words += ["-p", String(host.port)] }
    if let identity = host.ssh.identityFile { words += ["-i", identity] }
    if let jump = host.ssh.jump { words += ["-J", jump] }
    return (words + [(host.ssh.user.map { $0 + "@" } ?? "") + host.address]).joined(separator: " ")
  }

  private static func words(
    _ verdict: Verdict, _ host: Host, pinned: Bool
  ) -> (DiagnosticCode, String, String, String) {
    let place = "\(host.address):\(host.port)"
    switch verdict {
    case .resolve:
      return (
        .sshResolve, "`\(host.address)` does not resolve here",
        "The controller looks for \(host.key) under that name.",
        "set address of \(host.key) to an address or a name that resolves here"
      )
    case .refused:
      return (
        .sshRefused, "nothing listens for SSH at \(place)",
        "\(host.key) is up, but its SSH server is not, or has another port.",
        "check port of \(host.key), and start sshd there"
      )
    case .noBanner:
      return (
        .sshNoBanner, "connections to \(place) are accepted, but no SSH server answers",
        "A port forward (Docker, a VM, a router) with nothing behind it looks so, and a server that"
          + " is overloaded or bans this machine.",
        "start sshd on \(host.key), or check what listens at \(place)"
      )
    case .unreachable:
      return (
        .sshUnreachable, "\(host.key) does not answer at \(place)",
        "It is off, a firewall or another VPN is in between, or its SSH server has another port than"
          + " \(host.port).",
        "see that \(host.key) is on, then: \(command(host)); where SSH has another port, set port of"
          + " \(host.key)"
      )
    case .hostKeyUnknown:
      return (
        .sshHostKeyUnknown, "the host key of \(host.key) is not known",
        "An unknown host could be anybody, so nothing was sent to it.",
        "ssh-keyscan -p \(host.port) \(host.address), compare the fingerprint, add it to"
          + " ~/.ssh/known_hosts; or set ssh: {host_key: accept-new} for \(host.key)"
      )
    case .hostKeyChanged:
      return (
        .sshHostKeyChanged,
        pinned
          ? "\(host.key) shows another host key than the pinned one"
          : "\(host.key) shows another host key than the known one",
        "It was reinstalled, or somebody else answers at \(place). Nothing was sent to it.",
        pinned
          ? "if it was reinstalled, correct ssh.host_key of \(host.key)"
          : "if it was reinstalled: ssh-keygen -R \(knownName(host))"
      )
    case .authentication:
      return (
        .sshAuthentication, "SSH refused the login on \(host.key)",
        "No key of yours (agent, identity_file, configuration) is accepted for that user.",
        command(host)
      )
    case .jump:
      return (
        .sshJump, "the jump host before \(host.key) cannot be used",
        "The connection to \(host.jumpName) failed, or it may not reach \(place).",
        "ssh \(host.jumpName)"
      )
    case .program:
      return (
        .sshProgram, "ssh does not accept its configuration for \(host.key)",
        "A line of your ssh configuration, or a version that is too old.", "ssh -G \(host.address)"
      )
    case .lost:
      return (
        .sshLost, "the connection to \(host.key) broke",
        "What it was doing may have been done; the next run looks first.",
        "meshctl plan --probe --limit \(host.key)"
      )
    case .other:
      return (
        .sshFailed, "ssh to \(host.key) failed", "Its words are not known to meshctl.",
        command(host)
      )
    }
  }

  private static func knownName(_ host: Host) -> String {
    host.port == 22 ? host.address : "'[\(host.address)]:\(host.port)'"
  }
}

extension Host {
  fileprivate var jumpName: String { ssh.jump ?? "the jump host of your ssh configuration" }
}
