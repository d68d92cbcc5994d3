/// Tells from the client's words what went wrong (reference tailscale-client.md §2.5), by substring:
/// the client adds context before and after, and its health texts come in no stable order.
package enum ClientClassifier {
  /// One row of the table.
  struct Row: Sendable {
    /// All of them must be in the text.
    var needles: [String]
    var code: DiagnosticCode
    var severity: Severity = .error
    /// What happened, with HOST where the host's key belongs.
    var message: String
    var detail: String
    /// The next command or line, with HOST likewise.
    var hint: String

    func matches(_ text: String) -> Bool { needles.allSatisfy(text.contains) }
  }

  /// What the text means; nil where no row matches.
  package static func diagnostic(of text: String, on host: Host) -> Diagnostic? {
    row(for: text).map { diagnostic($0, text, host) }
  }

  /// The code that a text leads to; nil where no row matches.
  package static func code(of text: String) -> DiagnosticCode? { row(for: text)?.code }

  /// Why a `join` did not end with a running client; nil where it did.
  ///
  /// The words of `up` come first, then what the client's health remembers of its last try: an HTTP
  /// error of the server makes `up` wait without a word until its time is up.
  package static func joinFailure(_ answer: RemoteAnswer, on host: Host) -> Diagnostic? {
    let report = answer.report
    let said = report.text("up") ?? ""
    let code = report.status("up")
    guard report.isComplete, let code else {
      return Diagnostic(
        .sshLost, .error, "the join of \(host.key) was cut short",
        detail: "It may have succeeded; the next run looks first.",
        evidence: TextEvidence.lastLine(of: answer.errorText),
        hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
    }
    guard code != 0 else { return nil }
    if code == 75 {
      return Diagnostic(
        .joinBusy, .error, "another meshctl run is joining \(host.key)",
        detail: "Two joins at once would make two nodes.",
        evidence: TextEvidence.lastLine(of: said),
        hint: "meshctl apply --limit \(host.key)", host: host.key)
    }
    let client = TargetProfile.of(host.os).client(report, "")
    if let row = row(for: said), row.code != .joinTimeout { return diagnostic(row, said, host) }
    if let client, client.backendState == "Starting", client.selfOnline {
      return diagnostic(starting, client.health.joined(separator: "\n"), host)
    }
    for text in client?.health ?? [] {
      if let row = row(for: text), row.severity == .error { return diagnostic(row, text, host) }
    }
    if let row = row(for: said) { return diagnostic(row, said, host) }
    if code == 124 || code == 137 || code == 143 {
      return diagnostic(timeout, client?.health.joined(separator: "\n") ?? "", host)
    }
    return Diagnostic(
      .clientFailed, .error, "tailscale up failed on \(host.key) (exit \(code))",
      detail: "The client's words are not known to meshctl.",
      evidence: TextEvidence.lastLine(of: said),
      hint: "on \(host.key): tailscale status; journalctl -u tailscaled", host: host.key)
  }

  /// Why `set` failed; nil where it did not.
  package static func setFailure(_ answer: RemoteAnswer, on host: Host) -> Diagnostic? {
    let said = answer.report.text("set") ?? ""
    guard let code = answer.report.status("set"), answer.report.isComplete else {
      return Diagnostic(
        .sshLost, .error, "changing the preferences of \(host.key) was cut short",
        detail: "The next run compares them again.",
        evidence: TextEvidence.lastLine(of: answer.errorText),
        hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
    }
    guard code != 0 else { return nil }
    return diagnostic(of: said, on: host)
      ?? Diagnostic(
        .clientFailed, .error, "tailscale set failed on \(host.key) (exit \(code))",
        detail: "The client's words are not known to meshctl.",
        evidence: TextEvidence.lastLine(of: said), hint: "on \(host.key): tailscale debug prefs",
        host: host.key)
  }

  /// What the client's health says that a person should know although the host is in the mesh.
  package static func warnings(_ client: ClientFacts, on host: Host) -> [Diagnostic] {
    client.health.compactMap { text in
      row(for: text).flatMap { $0.severity == .warning ? diagnostic($0, text, host) : nil }
    }
  }

  static func row(for text: String) -> Row? { rows.first { $0.matches(text) } }

  private static func diagnostic(_ row: Row, _ text: String, _ host: Host) -> Diagnostic {
    func named(_ text: String) -> String {
      text.replacingOccurrences(of: "HOST", with: host.key)
    }
    return Diagnostic(
      row.code, row.severity, named(row.message), detail: named(row.detail),
      evidence: row.needles.first.flatMap { TextEvidence.line(containing: $0, in: text) }
        ?? TextEvidence.lastLine(of: text),
      hint: named(host.os == .windows ? onWindows(row.hint) : row.hint), host: host.key)
  }
}
