import MeshCore

/// A host as it really is; what a probe says follows from it.
struct ModelMachine {
  enum Client: CaseIterable {
    case missing
    /// Installed, the daemon does not run.
    case silent
    /// `tailscale down`: the key is kept and reported.
    case down
    case loggedOut
    case running
  }

  var client: Client
  var machineKey: String
  var nodeKey: String?
  var preferences = ReportedPreferences()
  var isReachable = true
  var elevation = HostFacts.Elevation.sudo
  var sshPeer: String?

  func probe(isExpired: Bool) -> ProbeResult {
    guard isReachable else {
      return .failed(
        Diagnostic(.sshRefused, .error, "nothing listens there", hint: "start sshd there"))
    }
    var facts = HostFacts(os: .linux, elevation: elevation)
    facts.user = "ops"
    facts.distribution = "debian"
    facts.distributionCodename = "bookworm"
    facts.packageManagers = ["apt"]
    facts.sshPeer = sshPeer
    facts.service = client == .missing ? .missing : client == .silent ? .stopped : .running
    guard client != .missing else { return .facts(facts) }
    var report = ClientFacts(version: "1.102.3")
    switch client {
    case .missing, .silent: break
    case .down: report.backendState = "Stopped"
    case .loggedOut: report.backendState = "NeedsLogin"
    case .running: report.backendState = isExpired ? "NeedsLogin" : "Running"
    }
    if client != .silent {
      report.nodeKey = nodeKey
      report.haveNodeKey = nodeKey != nil
      report.keyExpired = isExpired
      report.preferences = preferences
    }
    facts.client = report
    return .facts(facts)
  }

  /// `tailscale up --reset …` and `tailscale set …`: the flags that are named.
  mutating func take(_ arguments: [String]) {
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let value = String(parts[1])
      switch parts[0] {
      case "--login-server": preferences.controlURL = value
      case "--hostname": preferences.hostname = value
      case "--accept-routes": preferences.acceptRoutes = value == "true"
      case "--accept-dns": preferences.acceptDNS = value == "true"
      case "--ssh": preferences.tailscaleSSH = value == "true"
      case "--shields-up": preferences.shieldsUp = value == "true"
      case "--operator": preferences.operatorUser = value
      case "--advertise-routes":
        let exits = preferences.advertiseRoutes.filter(IPPrefix.exitRoutes.contains)
        preferences.advertiseRoutes = value.split(separator: ",").map(String.init) + exits
      case "--advertise-exit-node":
        preferences.advertiseRoutes.removeAll(where: IPPrefix.exitRoutes.contains)
        if value == "true" { preferences.advertiseRoutes += IPPrefix.exitRoutes }
      default: break
      }
    }
  }
}
