/// What only a Mac tells.
package struct MacFacts: Sendable, Equatable {
  /// Path of Homebrew's command; nil where there is none.
  package var brew: String?
  /// Whom Homebrew belongs to, who alone may install with it.
  package var brewOwner = ""
  /// Tailscale.app is there: it belongs to the person at the screen, not to us.
  package var hasApp = false
  /// The LaunchDaemon that runs the daemon; nil where none is installed.
  package var launchDaemon: String?
  /// `osVariant` of the client: `darwin` is the headless one, `macsys` and `appstore` are the app.
  package var variant: String?

  package init() {}
}

/// macOS: what its probe's answer means (reference tailscale-client.md §1.3).
package enum MacTarget {
  package static let profile = TargetProfile(
    os: .macos, displayName: "macOS", missing: nil, facts: { facts(in: $0, of: $1) })

  /// Facts from a probe's answer, or why there are none.
  package static func facts(in answer: RemoteAnswer, of host: Host) -> ProbeResult {
    let report = answer.report
    if let difference = LinuxTarget.systemDifference(answer, host) { return .failed(difference) }
    guard report.isComplete else { return .failed(LinuxTarget.cutShort(answer, host)) }

    var facts = HostFacts(os: .macos, elevation: .unavailable)
    facts.distribution = "macos"
    facts.distributionVersion = LinuxTarget.line(report, "product")
    facts.architecture = LinuxTarget.line(report, "machine")
    facts.user = LinuxTarget.line(report, "user")
    facts.hostname = LinuxTarget.line(report, "hostname")
    facts.isAdmin = LinuxTarget.line(report, "groups").split(separator: " ").contains("admin")
    (facts.elevation, facts.elevationEvidence) = LinuxTarget.elevation(report)
    facts.initSystem = "launchd"
    facts.service = LinuxTarget.service(LinuxTarget.line(report, "service"))
    // The system brings its own; no file tells.
    facts.hasTUN = true
    facts.tools = LinuxTarget.lines(report, "tools")
    facts.client = LinuxTarget.client(in: report)
    facts.settings = HostSettings(report)
    facts.sshPeer = LinuxTarget.line(report, "ssh").split(separator: " ").first.map(String.init)
    let mac = mac(report)
    if mac.brew != nil { facts.packageManagers = ["brew"] }
    facts.mac = mac
    return .facts(facts)
  }

  private static func mac(_ report: ScriptReport) -> MacFacts {
    func text(_ name: String) -> String? {
      let line = LinuxTarget.line(report, name)
      return line.isEmpty ? nil : line
    }
    var mac = MacFacts()
    mac.brew = text("brew")
    mac.brewOwner = text("brew-owner") ?? ""
    mac.hasApp = text("app") == "yes"
    mac.launchDaemon = text("daemon")
    mac.variant = report.text("client-version").flatMap(ClientVersionParser.variant)
    return mac
  }

  /// What a Mac with Tailscale.app waits for; nil where the headless client may be managed.
  package static func handOver(
    _ host: Host, _ facts: HostFacts, joins: Bool, server: ServerURL
  ) -> Diagnostic? {
    guard let mac = facts.mac, mac.hasApp || ["macsys", "appstore"].contains(mac.variant) else {
      return nil
    }
    let command = "/Applications/Tailscale.app/Contents/MacOS/Tailscale"
    return Diagnostic(
      .clientGUI, .error, "Tailscale.app on \(host.key) belongs to the person at its screen",
      detail: "It works in that person's session only, and a second client beside it would take the"
        + " network from it.",
      evidence: mac.variant.map { "osVariant: \($0)" } ?? "/Applications/Tailscale.app",
      hint: joins
        ? "in a Terminal on \(host.key): \(command) login --login-server=\(server.normalized);"
          + " or remove Tailscale.app, and run meshctl again"
        : "change it in Tailscale.app on \(host.key); or remove Tailscale.app, and run meshctl again",
      host: host.key)
  }
}
