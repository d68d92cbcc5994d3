import MeshCore

/// The flags of `tailscale up` and `tailscale set`, parsed as Go's flag package does.
struct ClientFlags {
  /// Why a command line was refused, with the exit status and the words on standard error.
  struct Refusal: Error, Equatable {
    var status: Int
    var text: String
  }

  enum Command { case up, set }

  private enum Kind { case boolean, text }

  /// Flags that change preferences, for both commands.
  private static let shared: [String: Kind] = [
    "accept-dns": .boolean, "accept-risk": .text, "accept-routes": .boolean,
    "advertise-connector": .boolean, "advertise-exit-node": .boolean, "advertise-routes": .text,
    "exit-node": .text, "exit-node-allow-lan-access": .boolean, "hostname": .text,
    "netfilter-mode": .text, "operator": .text, "shields-up": .boolean,
    "snat-subnet-routes": .boolean, "ssh": .boolean, "stateful-filtering": .boolean,
  ]
  private static let upOnly: [String: Kind] = [
    "advertise-tags": .text, "auth-key": .text, "authkey": .text, "force-reauth": .boolean,
    "host-routes": .boolean, "json": .boolean, "login-server": .text, "qr": .boolean,
    "reset": .boolean, "timeout": .text,
  ]
  private static let setOnly: [String: Kind] = [
    "auto-update": .boolean, "nickname": .text, "relay-server-port": .text,
    "update-check": .boolean, "webclient": .boolean,
  ]

  /// What only the client on Windows knows, for both commands.
  private static let windowsOnly: [String: Kind] = ["unattended": .boolean]

  /// In the order given.
  private(set) var names: [String] = []
  private(set) var values: [String: String] = [:]

  init(
    parsing arguments: [String], for command: Command, on os: OperatingSystem = .linux
  ) throws(Refusal) {
    let own = command == .up ? ClientFlags.upOnly : ClientFlags.setOnly
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument.count > 1 else {
        throw Refusal(
          status: 1,
          text: "too many non-flag arguments: \"\(argument)\"\n"
            + "See 'tailscale \(command == .up ? "up" : "set") --help'")
      }
      let body = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
      let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      var name = String(parts[0])
      let windows = os == .windows ? ClientFlags.windowsOnly[name] : nil
      guard let kind = ClientFlags.shared[name] ?? own[name] ?? windows else {
        throw Refusal(status: 2, text: "flag provided but not defined: -\(name)")
      }
      if name == "authkey" { name = "auth-key" }
      var value = parts.count == 2 ? String(parts[1]) : nil
      switch kind {
      case .boolean:
        value = value ?? "true"
        guard ["true", "false", "1", "0", "t", "f", "T", "F", "TRUE", "FALSE"].contains(value)
        else {
          throw Refusal(
            status: 2, text: "invalid boolean value \"\(value ?? "")\" for -\(name): parse error")
        }
      case .text:
        value = value ?? rest.popFirst()
      }
      guard let value else {
        throw Refusal(status: 2, text: "flag needs an argument: -\(name)")
      }
      guard values[name] == nil else {
        throw Refusal(
          status: 2, text: "invalid value \"\(value)\" for flag -\(name): flag provided twice")
      }
      names.append(name)
      values[name] = value
    }
  }

  subscript(name: String) -> String? { values[name] }

  /// A boolean flag; nil where it was not given.
  func boolean(_ name: String) -> Bool? {
    values[name].map { ["true", "1", "t", "T", "TRUE"].contains($0) }
  }

  /// Puts every given preference into `preferences`; others stay.
  func apply(to preferences: inout SimulatedPreferences) throws(Refusal) {
    if let value = boolean("accept-routes") { preferences.acceptRoutes = value }
    if let value = boolean("accept-dns") { preferences.acceptDNS = value }
    if let value = boolean("ssh") { preferences.ssh = value }
    if let value = boolean("shields-up") { preferences.shieldsUp = value }
    if let value = boolean("exit-node-allow-lan-access") {
      preferences.exitNodeAllowLANAccess = value
    }
    if let value = boolean("snat-subnet-routes") { preferences.snatSubnetRoutes = value }
    if let value = boolean("stateful-filtering") { preferences.statefulFiltering = value }
    if let value = boolean("webclient") { preferences.webClient = value }
    if let value = boolean("update-check") { preferences.autoUpdateCheck = value }
    if let value = boolean("auto-update") { preferences.autoUpdateApply = value }
    if let value = values["operator"] { preferences.operatorUser = value }
    if let value = values["hostname"] { preferences.hostname = value }
    if let value = values["exit-node"] { preferences.exitNodeIP = value }
    if let value = values["login-server"] { preferences.controlURL = value }
    if let value = values["netfilter-mode"] {
      guard let mode = ["off", "nodivert", "on"].firstIndex(of: value) else {
        throw Refusal(status: 1, text: "invalid value --netfilter-mode=\"\(value)\"")
      }
      preferences.netfilterMode = mode
    }
    if let value = values["advertise-tags"] {
      preferences.advertiseTags = value.split(separator: ",").map(String.init)
    }
    try applyRoutes(to: &preferences)
  }

  private func applyRoutes(to preferences: inout SimulatedPreferences) throws(Refusal) {
    let old = preferences.advertiseRoutes
    var routes = old.filter { !IPPrefix.exitRoutes.contains($0) }
    var isExitNode = old.contains { IPPrefix.exitRoutes.contains($0) }
    if let value = values["advertise-routes"] {
      routes = []
      isExitNode = false
      for text in value.split(separator: ",").map(String.init) {
        do {
          let route = try IPPrefix.parse(text)
          if route.isDefaultRoute { isExitNode = true } else { routes.append(route.description) }
        } catch .hostBits(let right) {
          throw Refusal(
            status: 1, text: "\(text) has non-address bits set; expected \(right)")
        } catch {
          throw Refusal(status: 1, text: "\"\(text)\" is not a valid IP address or CIDR prefix")
        }
      }
      // An exit-node offer survives `set --advertise-routes` unless it is named too.
      isExitNode = isExitNode || old.contains { IPPrefix.exitRoutes.contains($0) }
    }
    if let value = boolean("advertise-exit-node") { isExitNode = value }
    preferences.advertiseRoutes = routes + (isExitNode ? IPPrefix.exitRoutes : [])
  }

  /// The preferences that `up` without `--reset` demands to be mentioned, as flags.
  func unmentioned(of current: SimulatedPreferences) -> [String] {
    let exits = current.advertiseRoutes.contains { IPPrefix.exitRoutes.contains($0) }
    let routes = current.advertiseRoutes.filter { !IPPrefix.exitRoutes.contains($0) }
    let defaults = SimulatedPreferences()
    let candidates: [(String, String, Bool)] = [
      ("login-server", "=\(current.controlURL)", !current.controlURL.isEmpty),
      ("accept-dns", "=false", !current.acceptDNS),
      ("accept-routes", "", current.acceptRoutes),
      ("advertise-exit-node", "", exits),
      ("advertise-routes", "=" + routes.joined(separator: ","), !routes.isEmpty),
      (
        "advertise-tags", "=" + current.advertiseTags.joined(separator: ","),
        !current.advertiseTags.isEmpty
      ),
      ("exit-node", "=\(current.exitNodeIP)", !current.exitNodeIP.isEmpty),
      ("exit-node-allow-lan-access", "", current.exitNodeAllowLANAccess),
      ("hostname", "=\(current.hostname)", !current.hostname.isEmpty),
      (
        "netfilter-mode", "=" + ["off", "nodivert", "on"][min(2, max(0, current.netfilterMode))],
        current.netfilterMode != defaults.netfilterMode
      ),
      ("operator", "=\(current.operatorUser)", !current.operatorUser.isEmpty),
      ("shields-up", "", current.shieldsUp),
      ("snat-subnet-routes", "=false", !current.snatSubnetRoutes),
      ("ssh", "", current.ssh),
      ("stateful-filtering", "", current.statefulFiltering),
    ]
    return candidates.filter { $0.2 && values[$0.0] == nil }.map { "--" + $0.0 + $0.1 }
  }
}
