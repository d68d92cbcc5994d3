/// The words for what a target said about its way to the control server.
struct CheckServerWords {
  let answer: CheckServerAnswer
  let url: ServerURL
  let host: Host

  /// A clock that is off by more than this is said (seconds).
  static let tolerance = 300

  private var place: String {
    (url.host.contains(":") ? "[\(url.host)]" : url.host) + ":\(url.port)"
  }

  private var check: String {
    let program = host.os == .windows ? "curl.exe" : "curl"
    return "on \(host.key): \(program) -v \(url.normalized)/health"
  }

  private func finding(
    _ code: DiagnosticCode, _ message: String, _ detail: String, _ hint: String,
    severity: Severity = .error
  ) -> Diagnostic {
    Diagnostic(
      code, severity, message, detail: detail, evidence: answer.evidence, hint: hint,
      host: host.key)
  }

  /// What stands in the way, or may; nil where nothing does.
  ///
  /// - Parameter candidate: the URL by address that answers from there.
  /// - Returns: an error, a warning, or nil.
  func finding(candidate: ServerURL?) -> Diagnostic? {
    if answer.proxied == .ok, let verdict = answer.verdict, verdict != .ok { return byProxy }
    switch answer.verdict {
    case .ok: return isOK(candidate)
    case .resolve: return unresolved(candidate)
    case .connect: return connect
    case .tls: return tls
    case .http:
      return finding(
        .serverHTTP, "the server at \(place) answers \(host.key) with an HTTP error",
        "Something speaks HTTP there, but not as a control server does." + aboutProxy, check)
    case .body:
      return finding(
        .serverBody, "what answers \(host.key) at \(place) is no control server",
        "A captive portal, a proxy's page, or another service on that port." + aboutProxy, check)
    case .noTool:
      return finding(
        .serverUnchecked, "\(host.key) has no program to check \(place) with",
        "None of curl, wget, python3, bash (http://) and openssl (https://) is there; the join"
          + " itself will tell.", "install curl on \(host.key)", severity: .warning)
    case nil:
      return finding(
        .serverUnchecked, "the check of \(place) from \(host.key) gave no verdict",
        "Its answer was cut short; the join itself will tell.", check, severity: .warning)
    }
  }

  // MARK: The name

  private func unresolved(_ candidate: ServerURL?) -> Diagnostic {
    var finding = finding(
      .serverResolve, "`\(url.host)` does not resolve on \(host.key)",
      "It is DNS: the client would wait for the server until it times out, and not say why."
        + aboutMulticast + aboutCandidates(candidate) + aboutProxy, nameHint(candidate))
    if let candidate {
      finding.message += "; \(candidate.host):\(candidate.port) answers from there"
    }
    return finding
  }

  /// The system knows the name, the client may not: it reads the hosts file and asks DNS, and does not
  /// use nss-mdns (reference tailscale-client.md §6).
  private func isOK(_ candidate: ServerURL?) -> Diagnostic? {
    if answer.tool == "busybox-wget", url.scheme == .https {
      return finding(
        .serverUnchecked, "the certificate of \(place) was not checked on \(host.key)",
        "Only busybox wget is there, which takes any certificate; the client does not.",
        "install curl on \(host.key)", severity: .warning)
    }
    if answer.resolvesByMulticastOnly == true {
      let known = candidate ?? url.candidates(at: [answer.address]).first
      return finding(
        .serverLocalName, "`\(url.host)` resolves on \(host.key) by multicast DNS only",
        "The client asks the hosts file and DNS, so the join may time out." + aboutMulticast,
        nameHint(known), severity: .warning)
    }
    guard answer.resolvesByMulticastOnly == nil, url.isMulticastName, host.os == .linux else {
      return nil
    }
    return finding(
      .serverLocalName, "`\(url.host)` may resolve on \(host.key) by multicast DNS only",
      "The client asks the hosts file and DNS, so the join may time out.",
      nameHint(candidate), severity: .warning)
  }

  /// Said of the join that goes on.
  func joinsByAddress(_ candidate: ServerURL) -> Diagnostic {
    finding(
      .serverByAddress,
      "`\(url.host)` does not resolve on \(host.key), so it joins by \(candidate.normalized)"
        + " (server_fallback: ip)",
      "It is DNS. When that address changes, \(host.key) loses the server; a name in DNS does not.",
      "to keep the address: server_url: \(candidate.normalized)", severity: .warning)
  }

  /// The line to write, or what makes the name known where only the name will do.
  private func nameHint(_ candidate: ServerURL?) -> String {
    guard url.scheme == .http else {
      let file =
        host.os == .windows ? "C:\\Windows\\System32\\drivers\\etc\\hosts" : "/etc/hosts"
      return "make `\(url.host)` known to \(host.key) by DNS or its hosts file, \(file)"
        + " (https:// needs the name: its certificate is for it)"
    }
    guard let candidate else {
      return "give \(host.key) the server's address:"
        + " server_url: http://ADDRESS:\(url.port)\(url.path)"
    }
    return "write for \(host.key): server_url: \(candidate.normalized)"
      + (host.serverFallback == .ip ? " (then --allow-move takes it there)" : "")
  }

  private var aboutMulticast: String {
    guard url.isMulticastName else { return "" }
    let inside = answer.container.place.map { " \(host.key) is in \($0)." } ?? ""
    return " `.local` is multicast DNS, which does not cross Docker, NAT, WSL or routers, and which"
      + " the client does not ask." + inside
  }

  private func aboutCandidates(_ candidate: ServerURL?) -> String {
    guard candidate == nil, !answer.candidates.isEmpty else { return "" }
    let tried = answer.candidates.prefix(4).map { line in
      line.split(separator: " ", maxSplits: 2).prefix(2).joined(separator: " ")
    }
    return " Asked from there by address: " + tried.joined(separator: ", ") + "."
  }

  // MARK: The way

  private var connect: Diagnostic {
    if isLoopback {
      return finding(
        .serverConnect, "\(host.key) cannot connect to \(place), which is \(host.key) itself",
        "A loopback address means the machine that uses it, and the server is not there."
          + aboutProxy, "give \(host.key) a server_url with an address that answers from there")
    }
    let inside = answer.container.place.map {
      " \(host.key) is in \($0); behind NAT not every address answers."
    }
    return finding(
      .serverConnect, "\(host.key) cannot connect to \(place)",
      "The name is known there, but nothing answers: a firewall, another VPN, or the server is"
        + " down." + (inside ?? "") + aboutProxy, check)
  }

  private var isLoopback: Bool {
    url.host == "localhost" || url.host.hasPrefix("127.") || url.host == "::1"
  }

  private var tls: Diagnostic {
    guard let behind = answer.clockOffset, abs(behind) > CheckServerWords.tolerance else {
      return finding(
        .serverTLS, "\(host.key) does not accept the certificate of \(place)",
        "The client verifies it too, so a join cannot succeed." + aboutProxy, check)
    }
    return finding(
      .serverTLS, "\(host.key) does not accept the certificate of \(place)",
      "Its clock is \(CheckServerWords.offset(behind)), which makes certificates look expired or not"
        + " valid yet.", setClock)
  }

  private var byProxy: Diagnostic {
    finding(
      .serverProxy, "\(host.key) reaches \(place) only through the proxy of its login",
      "\(answer.proxy) is set for logins; the client's service has an environment of its own and"
        + " does not see it.", proxyHint, severity: .warning)
  }

  private var proxyHint: String {
    let value = answer.proxy.drop { $0 != "=" }.dropFirst()
    switch host.os {
    case .windows: return "on \(host.key): netsh winhttp set proxy \(value)"
    case .linux, .macos:
      return "on \(host.key): write HTTPS_PROXY=\(value) and HTTP_PROXY=\(value) into"
        + " /etc/default/tailscaled and restart tailscaled"
    }
  }

  private var aboutProxy: String {
    guard !answer.proxy.isEmpty else { return "" }
    return " \(answer.proxy) is set for logins there; through it: "
      + "\(answer.proxied?.rawValue ?? "not asked")."
  }

  // MARK: The clock

  /// Certificates, and the ten minutes of a pre-auth key, are judged by clocks.
  var clockWarning: Diagnostic? {
    guard let offset = answer.clockOffset, abs(offset) > CheckServerWords.tolerance else {
      return nil
    }
    var warning = finding(
      .serverClock,
      "the clock of \(host.key) is \(CheckServerWords.offset(offset))",
      url.scheme == .https
        ? "Certificates look expired or not valid yet with a wrong clock, and a key of ten minutes"
          + " may look spent."
        : "A key of ten minutes may look spent with a wrong clock, and times in its logs mislead.",
      setClock, severity: .warning)
    warning.evidence = "Date of \(place) minus the clock of \(host.key): \(offset) s"
    return warning
  }

  /// `15 min behind the server's`.
  private static func offset(_ seconds: Int) -> String {
    let length = abs(seconds)
    let text =
      length < 7200
      ? "\(length / 60) min" : length < 172_800 ? "\(length / 3600) h" : "\(length / 86_400) d"
    return "\(text) \(seconds > 0 ? "behind" : "ahead of") the server's"
  }

  private var setClock: String {
    switch host.os {
    case .windows: "on \(host.key): w32tm /resync /force"
    case .macos: "on \(host.key): sudo sntp -sS time.apple.com"
    case .linux: "on \(host.key): sudo timedatectl set-ntp true"
    }
  }
}

extension ServerURL {
  /// A name that only multicast DNS knows (RFC 6762).
  package var isMulticastName: Bool {
    host.hasSuffix(".local") || host.hasSuffix(".local.")
  }
}
