import MeshCore
import YAMLReader

/// `facts.json` of a case: per host what a probe read there, or why it read nothing.
enum CaseFacts {
  static func read(_ bytes: [UInt8]) throws -> [String: ProbeResult] {
    var hosts = try CaseFields(file: bytes, "facts.json")
    var results: [String: ProbeResult] = [:]
    for name in hosts.names {
      guard let node = hosts.node(name) else { continue }
      var fields = try CaseFields(node, name)
      if let failed = fields.node("failed") {
        results[name] = .failed(try failure(failed, name))
      } else {
        results[name] = .facts(try facts(&fields))
      }
      try fields.end()
    }
    return results
  }

  private static func failure(_ node: YAMLNode, _ host: String) throws -> Diagnostic {
    var fields = try CaseFields(node, "\(host).failed")
    guard let code = try fields.text("code"), let message = try fields.text("message") else {
      throw BadCase(description: "\(host).failed: no code or message")
    }
    let diagnostic = Diagnostic(
      DiagnosticCode(rawValue: code), .error, message, evidence: try fields.text("evidence"),
      hint: try fields.text("hint"), host: host)
    try fields.end()
    return diagnostic
  }

  /// A Debian 12 with `sudo -n` and no client, where nothing else is said.
  private static func facts(_ fields: inout CaseFields) throws -> HostFacts {
    var facts = HostFacts(
      os: try fields.choice("os", OperatingSystem.self) ?? .linux,
      elevation: try fields.choice("elevation", HostFacts.Elevation.self) ?? .sudo)
    facts.elevationEvidence = try fields.text("elevationEvidence")
    facts.distribution = try fields.text("distribution") ?? "debian"
    facts.distributionVersion = try fields.text("distributionVersion") ?? "12"
    facts.distributionCodename = try fields.text("distributionCodename") ?? "bookworm"
    facts.sshPeer = try fields.text("sshPeer")
    facts.architecture = "x86_64"
    facts.user = try fields.text("user") ?? "ops"
    facts.initSystem = try fields.text("initSystem") ?? "systemd"
    facts.packageManagers = try fields.list("packageManagers") ?? ["apt"]
    facts.hasTUN = try fields.flag("tun") ?? true
    facts.isAdmin = try fields.flag("isAdmin") ?? false
    facts.mac = try fields.node("mac").map(mac)
    facts.isWSL = try fields.flag("wsl") ?? false
    facts.distributionLike = try fields.list("distributionLike") ?? []
    facts.clientPackage = try fields.text("clientPackage")
    facts.isImage = try fields.flag("image") ?? false
    let forwarding = try fields.list("forwarding")
    let logsOff = try fields.flag("clientLogsOff")
    if forwarding != nil || logsOff != nil {
      facts.settings = HostSettings(
        forwarding: Set((forwarding ?? []).compactMap(HostSettings.Family.init)),
        clientLogsOff: logsOff ?? false)
    }
    facts.client = try fields.node("client").map(client)
    facts.waiting = try fields.node("waiting").map(waiting)
    facts.waitingProblem = try fields.text("waitingProblem")
    facts.windows = try fields.node("windows").map(windows)
    if facts.windows != nil { facts.architecture = "AMD64" }
    let service = try fields.choice("service", HostFacts.Service.self)
    facts.service = service ?? (facts.client == nil ? .missing : .running)
    return facts
  }

  private static func waiting(_ node: YAMLNode) throws -> WaitingJoin {
    var fields = try CaseFields(node, "waiting")
    let waiting = WaitingJoin(
      keyID: try fields.text("keyID") ?? "7",
      expires: try fields.text("expires").flatMap(Timestamp.init(rfc3339:)),
      url: try fields.text("url") ?? "https://mesh.example.com",
      result: try fields.text("result"))
    try fields.end()
    return waiting
  }

  private static func mac(_ node: YAMLNode) throws -> MacFacts {
    var fields = try CaseFields(node, "mac")
    var mac = MacFacts()
    mac.brew = try fields.text("brew")
    mac.brewOwner = try fields.text("brewOwner") ?? ""
    mac.hasApp = try fields.flag("hasApp") ?? false
    mac.variant = try fields.text("variant")
    try fields.end()
    return mac
  }

  private static func client(_ node: YAMLNode) throws -> ClientFacts {
    var fields = try CaseFields(node, "client")
    var client = ClientFacts(version: try fields.text("version") ?? "1.102.3")
    client.daemonVersion = try fields.text("daemonVersion")
    client.usesTUN = try fields.flag("usesTUN")
    client.backendState = try fields.text("backendState")
    client.nodeKey = try fields.text("nodeKey")
    client.haveNodeKey = try fields.flag("haveNodeKey") ?? (client.nodeKey != nil)
    client.keyExpired = try fields.flag("keyExpired") ?? false
    client.preferences = try fields.node("preferences").map(preferences)
    try fields.end()
    return client
  }

  private static func windows(_ node: YAMLNode) throws -> WindowsFacts {
    var fields = try CaseFields(node, "windows")
    var windows = WindowsFacts()
    windows.owner = try fields.text("owner")
    windows.notAsked = try fields.text("notAsked")
    windows.policyLoginURL = try fields.text("policyLoginURL")
    for line in try fields.list("policies") ?? [] {
      let words = line.split(separator: "=", maxSplits: 1).map(String.init)
      windows.policies[words.first ?? ""] = words.last
    }
    windows.otherVPNs = (try fields.list("cutBy") ?? []).map {
      WindowsFacts.OtherVPN(name: $0, cutsLAN: true)
    }
    windows.rebootPending = try fields.flag("rebootPending") ?? false
    try fields.end()
    return windows
  }

  private static func preferences(_ node: YAMLNode) throws -> ReportedPreferences {
    var fields = try CaseFields(node, "preferences")
    var prefs = ReportedPreferences()
    prefs.controlURL = try fields.text("controlURL") ?? "https://mesh.example.com"
    prefs.acceptRoutes = try fields.flag("acceptRoutes") ?? false
    prefs.acceptDNS = try fields.flag("acceptDNS") ?? true
    prefs.tailscaleSSH = try fields.flag("tailscaleSSH") ?? false
    prefs.shieldsUp = try fields.flag("shieldsUp") ?? false
    prefs.operatorUser = try fields.text("operatorUser") ?? ""
    prefs.advertiseRoutes = try fields.list("advertiseRoutes") ?? []
    try fields.end()
    return prefs
  }
}
