/// What only Windows hosts bring into a plan (reference tailscale-client.md §3).
extension HostPlanner {
  /// Oldest clients that stay on the mesh without a window (upstream #12239), and that current servers
  /// take.
  static let windowsFloor = "1.74.0"
  static let serverFloor = "1.80.0"

  /// Why the client could not be asked although it runs: another user holds it.
  ///
  /// Nothing that it decides is known then, and nothing can be changed by us.
  var heldElsewhere: String? {
    guard let facts, facts.service == .running, facts.client != nil,
      facts.client?.backendState == nil
    else { return nil }
    return facts.windows?.notAsked
  }

  /// Says who holds the client, and how to go on.
  mutating func blockHeld(_ why: String) {
    let owner = facts?.windows?.owner
    block(
      why.contains("server mode") ? .clientServerMode : .clientOtherUser,
      "the client on \(host.key) belongs to \(owner ?? "another user") there",
      detail:
        "Asking or changing it as \(facts?.user ?? "the SSH user") could take its node off the"
        + " mesh, so it was left alone.",
      evidence: why,
      hint: owner.map { "set ssh.user of \(host.key) to \(HostPlanner.account($0))" }
        ?? "set ssh.user of \(host.key) to the user who joined it")
  }

  /// `user` of `MACHINE\user`.
  static func account(_ name: String) -> String {
    name.split(separator: "\\").last.map(String.init) ?? name
  }

  /// Findings about a host that is about to be changed.
  mutating func noteWindows() {
    guard let facts, let windows = facts.windows else { return }
    for vpn in windows.otherVPNs where vpn.cutsLAN {
      warn(
        .targetOtherVPN, "another VPN on \(host.key) takes all traffic: \(vpn.name)",
        detail: "Such programs often block the LAN too; the server may be out of reach from there.",
        hint: "on \(host.key), end it or let it allow the LAN, then: meshctl doctor \(host.key)")
    }
    if windows.rebootPending, facts.client == nil {
      warn(
        .targetReboot, "\(host.key) waits for a restart",
        detail: "The installation may fail until then.", hint: "restart \(host.key)")
    }
    for name in windows.policies.keys.sorted() where HostPlanner.overrides(name, host) {
      warn(
        .clientPolicy, "a policy on \(host.key) decides \(name): \(windows.policies[name] ?? "")",
        detail: "It beats what the inventory says, whatever meshctl sets.",
        hint: #"on \#(host.key): reg query HKLM\SOFTWARE\Policies\Tailscale"#)
    }
  }

  /// "Nothing waits there" is not what an unreadable hand-over says.
  mutating func noteUnreadableHandOver() {
    guard let words = facts?.waitingProblem else { return }
    diagnostics.append(
      Diagnostic(
        .joinNote, .warning, "what waits on \(host.key) for a person cannot be believed",
        detail: "Whether a script with a key of an earlier run waits there is not known.",
        evidence: TextEvidence.lastLine(of: words),
        hint:
          #"on \#(host.key): icacls C:\ProgramData\meshctl; remove that folder as administrator,"#
          + " then: meshctl apply --limit \(host.key)", host: host.key))
  }

  /// A policy with another login server silently beats `--login-server`, so a join would go there.
  mutating func refusesPolicy() -> Bool {
    let wanted = context.loginServer(host)
    guard let url = facts?.windows?.policyLoginURL, ServerURL(url) != wanted else { return false }
    block(
      .clientPolicy, "a policy on \(host.key) sends its client to \(url)",
      detail: "LoginURL silently beats what meshctl asks for, so the join would go there.",
      evidence: "LoginURL=\(url)",
      hint: #"on \#(host.key): reg add HKLM\SOFTWARE\Policies\Tailscale /v LoginURL /d "#
        + #"\#(wanted.normalized) /f, then: Restart-Service Tailscale"#)
    return true
  }

  /// Too old a client cannot stay joined.
  mutating func refusesClientVersion() -> Bool {
    guard facts?.windows != nil, let version = facts?.client?.version, !version.isEmpty else {
      return false
    }
    if HostPlanner.isOlder(version, than: HostPlanner.windowsFloor) {
      block(
        .clientTooOld, "the client on \(host.key) is \(version); meshctl needs 1.74 on Windows",
        detail: "Older ones drop off the mesh as soon as nobody is logged on.", evidence: version,
        hint: "on \(host.key): winget upgrade --id Tailscale.Tailscale -e --source winget")
      return true
    }
    if HostPlanner.isOlder(version, than: HostPlanner.serverFloor) {
      warn(
        .clientTooOld, "the client on \(host.key) is \(version); Headscale 0.29 wants 1.80",
        detail: "The server may refuse its registration.",
        hint: "on \(host.key): winget upgrade --id Tailscale.Tailscale -e --source winget")
    }
    return false
  }

  /// Blocks a login that Windows would not let succeed.
  mutating func refusesOnWindows() -> Bool {
    guard host.os == .windows else { return false }
    noteWindows()
    let policy = refusesPolicy()
    return refusesClientVersion() || policy
  }

  private static func overrides(_ policy: String, _ host: Host) -> Bool {
    switch policy {
    case "UseTailscaleSubnets": host.preferences.acceptRoutes != nil
    case "UseTailscaleDNSSettings": host.preferences.acceptDNS != nil
    case "AllowIncomingConnections": host.preferences.shieldsUp != nil
    case "AdvertiseExitNode": host.exitNode != nil
    case "Hostname": true
    default: false
    }
  }

  private static func isOlder(_ version: String, than floor: String) -> Bool {
    func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0) ?? 0 } }
    return numbers(version).lexicographicallyPrecedes(numbers(floor))
  }
}

extension Host {
  /// The host without what its system has no such thing for; the inventory's checks say so.
  ///
  /// Windows has no `--operator` and no SSH server of the client's own.
  func withoutForeignPreferences() -> Host {
    guard os == .windows else { return self }
    var host = self
    host.preferences.operatorUser = nil
    host.preferences.tailscaleSSH = nil
    return host
  }
}
