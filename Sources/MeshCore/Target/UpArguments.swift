/// The complete flag set of `tailscale up --reset` (reference tailscale-client.md §2.4).
///
/// `up` with a key replaces *all* preferences, so every flag is stated: the inventory's value, else
/// what the client has now (design law 5). Never `--advertise-tags`: tags come with the key. Key and
/// timeout are added by the script.
package enum UpArguments {
  /// The flags, without key and timeout.
  ///
  /// - Parameters:
  ///   - host: what the inventory says.
  ///   - server: the effective login server of this host.
  ///   - current: the client's preferences now; nil where it never had any.
  ///   - exitNodeAddress: address of the exit node that the client uses now, where the caller knows
  ///     it: the client remembers an id, but takes only an address or a name.
  ///   - forceReauth: true to register again although the client has a key.
  /// - Returns: one flag each.
  package static func join(
    _ host: Host, server: ServerURL, current: ReportedPreferences?, exitNodeAddress: String? = nil,
    forceReauth: Bool = false
  ) -> [String] {
    let wanted = host.preferences
    let isWindows = host.os == .windows
    var flags = [
      "--reset", "--login-server=\(server.normalized)", "--hostname=\(host.name)",
      // The client's own default differs by system; it is stated, so that a join changes nothing.
      "--accept-routes=\(wanted.acceptRoutes ?? current?.acceptRoutes ?? isWindows)",
      "--accept-dns=\(wanted.acceptDNS ?? current?.acceptDNS ?? true)",
    ]
    // Without it the node goes as soon as the command has ended (reference §3.1).
    if isWindows { flags.append("--unattended") }
    if !isWindows {
      flags.append("--ssh=\(wanted.tailscaleSSH ?? current?.tailscaleSSH ?? false)")
    }
    flags += [
      "--shields-up=\(wanted.shieldsUp ?? current?.shieldsUp ?? false)"
    ]
    let routes = AdvertisedRoutes(host, current: current)
    flags.append("--advertise-routes=\(routes.subnets.joined(separator: ","))")
    flags.append("--advertise-exit-node=\(routes.exitNode)")
    let operatorUser = wanted.operatorUser ?? current?.operatorUser ?? ""
    if !operatorUser.isEmpty, !isWindows { flags.append("--operator=\(operatorUser)") }
    if let current, host.os == .linux {
      // Linux only; defaults are the client's own business on a first join.
      flags.append("--netfilter-mode=\(netfilterMode(current))")
      flags.append("--snat-subnet-routes=\(!current.noSNAT)")
      flags.append("--stateful-filtering=\(!current.noStatefulFiltering)")
    }
    if let current {
      if let exitNode = exitNode(host, current, server, exitNodeAddress) {
        flags.append("--exit-node=\(exitNode)")
        flags.append("--exit-node-allow-lan-access=\(current.exitNodeAllowLANAccess)")
      }
    }
    if forceReauth { flags.append("--force-reauth") }
    return flags
  }

  /// Starts a stopped client: without any flag `up` changes no preference.
  package static let bare: [String] = []

  static func netfilterMode(_ prefs: ReportedPreferences) -> String {
    switch prefs.netfilterMode {
    case 0: "off"
    case 1: "nodivert"
    default: "on"
    }
  }

  /// An exit node belongs to one mesh: on another server its address means another machine.
  private static func exitNode(
    _ host: Host, _ current: ReportedPreferences, _ server: ServerURL, _ address: String?
  ) -> String? {
    guard let present = ServerURL(current.controlURL),
      host.isServed(by: present, wanting: server)
    else { return nil }
    if !current.exitNodeIP.isEmpty { return current.exitNodeIP }
    return current.exitNodeID.isEmpty ? nil : address
  }
}

/// What a host shall advertise: the inventory's half, and the client's for what is unmanaged.
package struct AdvertisedRoutes: Sendable, Equatable {
  /// Canonical, sorted, without default routes.
  package var subnets: [String]
  package var exitNode: Bool

  package init(_ host: Host, current: ReportedPreferences?) {
    let now = AdvertisedRoutes(current)
    subnets = host.routes.map(AdvertisedRoutes.canonical) ?? now.subnets
    exitNode = host.exitNode ?? now.exitNode
  }

  /// What the client advertises now.
  package init(_ current: ReportedPreferences?) {
    let all = current?.advertiseRoutes ?? []
    subnets = AdvertisedRoutes.canonical(
      all.compactMap { try? IPPrefix.parse(IPPrefix.canonical($0)) })
    exitNode = all.contains { IPPrefix.exitRoutes.contains($0) }
  }

  private static func canonical(_ routes: [IPPrefix]) -> [String] {
    Set(routes.filter { !$0.isDefaultRoute }).sorted().map(\.description)
  }
}
