/// What a target said about reaching the control server, in words.
package enum CheckServerVerdict: String, Sendable, CaseIterable {
  case ok, resolve, connect, tls, http, body
  case noTool = "no-tool"

  /// The verdict of a `check-server` report; nil where it was cut short or says something unknown.
  package init?(_ report: ScriptReport) {
    guard report.isComplete, let text = report.text("verdict") else { return nil }
    self.init(rawValue: text)
  }

  /// Why the server cannot be joined from this host; nil where it can.
  ///
  /// A check that could not be made is a warning, not an error: the join itself will tell.
  ///
  /// - Parameters:
  ///   - report: of `check-server`.
  ///   - url: the login server that was checked.
  ///   - host: where it was checked.
  /// - Returns: an error, a warning, or nil.
  package static func diagnostic(
    _ report: ScriptReport, url: ServerURL, on host: Host
  ) -> Diagnostic? {
    let evidence = report.text("evidence").flatMap(TextEvidence.lastLine)
    let place = "\(url.host):\(url.port)"
    let check = "curl -v \(url.normalized)/health"
    func finding(
      _ code: DiagnosticCode, _ message: String, _ detail: String, _ hint: String,
      severity: Severity = .error
    ) -> Diagnostic {
      Diagnostic(
        code, severity, message, detail: detail, evidence: evidence, hint: hint, host: host.key)
    }
    switch CheckServerVerdict(report) {
    case .ok:
      return mdnsWarning(url, host)
    case .resolve:
      return finding(
        .serverResolve, "`\(url.host)` does not resolve on \(host.key)",
        "It is DNS: the client would wait for the server until it times out, and not say why.",
        url.scheme == .http
          ? "give \(host.key) the server's address: server_url: http://ADDRESS:\(url.port)\(url.path),"
            + (host.serverFallback == .ip ? " since server_fallback: ip is not supported yet" : "")
          : "make `\(url.host)` known to \(host.key) by DNS or its hosts file (https:// needs the name)"
      )
    case .connect:
      return finding(
        .serverConnect, "\(host.key) cannot connect to \(place)",
        "The name is known there, but nothing answers: a firewall, another VPN, or the server is"
          + " down.", "on \(host.key): \(check)")
    case .tls:
      return finding(
        .serverTLS, "\(host.key) does not accept the certificate of \(place)",
        "The client verifies it too, so a join cannot succeed.", "on \(host.key): \(check)")
    case .http:
      return finding(
        .serverHTTP, "the server at \(place) answers \(host.key) with an HTTP error",
        "Something speaks HTTP there, but not as a control server does.", "on \(host.key): \(check)"
      )
    case .body:
      return finding(
        .serverBody, "what answers \(host.key) at \(place) is no control server",
        "A captive portal, a proxy's page, or another service on that port.",
        "on \(host.key): \(check)")
    case .noTool:
      return finding(
        .serverUnchecked, "\(host.key) has no program to check \(place) with",
        "None of curl, wget, python3 (or bash for http://) is there; the join itself will tell.",
        "install curl on \(host.key)", severity: .warning)
    case nil:
      return finding(
        .serverUnchecked, "the check of \(place) from \(host.key) gave no verdict",
        "Its answer was cut short; the join itself will tell.", "on \(host.key): \(check)",
        severity: .warning)
    }
  }

  /// The client resolves by itself and knows no mDNS, so a `.local` name that the system resolves may
  /// still be unknown to it (reference tailscale-client.md §6).
  private static func mdnsWarning(_ url: ServerURL, _ host: Host) -> Diagnostic? {
    guard url.host.hasSuffix(".local") else { return nil }
    return Diagnostic(
      .serverLocalName, .warning, "`\(url.host)` may resolve on \(host.key) by mDNS only",
      detail: "The client does not ask mDNS, so the join may still time out.",
      hint: "give \(host.key) a server_url with an address or a name in DNS", host: host.key)
  }
}
