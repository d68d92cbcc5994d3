/// What a join moved that nobody asked for (design law 5): `up` with a key replaces every
/// preference, also those that it has no flag for.
package struct MovedPreferences: Sendable, Equatable {
  /// Flags of `tailscale set` that put back what it can; empty where nothing is to do.
  package var restore: [String] = []
  /// What `set` cannot put back, one sentence each without a final full stop.
  package var lost: [String] = []

  /// - Parameters:
  ///   - before: preferences before the join.
  ///   - after: preferences read after it.
  ///   - host: what the inventory manages; that is never put back.
  ///   - exitNodeAddress: address of the exit node used before, where the caller knows it.
  package init(
    before: ReportedPreferences, after: ReportedPreferences, host: Host,
    exitNodeAddress: String? = nil
  ) {
    let managed = host.preferences
    flag("accept-routes", before.acceptRoutes, after.acceptRoutes, managed.acceptRoutes != nil)
    flag("accept-dns", before.acceptDNS, after.acceptDNS, managed.acceptDNS != nil)
    flag("ssh", before.tailscaleSSH, after.tailscaleSSH, managed.tailscaleSSH != nil)
    flag("shields-up", before.shieldsUp, after.shieldsUp, managed.shieldsUp != nil)
    text("operator", before.operatorUser, after.operatorUser, managed.operatorUser != nil)
    restore += SetArguments.routes(
      from: AdvertisedRoutes(after), to: MovedPreferences.unmanaged(before, after, host))
    flag("snat-subnet-routes", !before.noSNAT, !after.noSNAT)
    flag("stateful-filtering", !before.noStatefulFiltering, !after.noStatefulFiltering)
    text(
      "netfilter-mode", UpArguments.netfilterMode(before), UpArguments.netfilterMode(after))
    flag("webclient", before.runWebClient, after.runWebClient)
    flag("update-check", before.autoUpdateCheck, after.autoUpdateCheck)
    automaticUpdates(before.autoUpdateApply, after.autoUpdateApply)
    text("nickname", before.profileName, after.profileName)
    flag("posture-checking", before.postureChecking, after.postureChecking)
    flag("advertise-connector", before.advertiseConnector, after.advertiseConnector)
    text(
      "relay-server-port", before.relayServerPort.map(String.init) ?? "",
      after.relayServerPort.map(String.init) ?? "")
    exitNode(
      before, after, exitNodeAddress, leaves: MovedPreferences.leaves(before, after, host))
    tags(before.advertiseTags, after.advertiseTags)
    if Set(before.advertiseServices) != Set(after.advertiseServices) {
      lost.append(
        "it advertised the services \(MovedPreferences.list(before.advertiseServices)),"
          + " now \(MovedPreferences.list(after.advertiseServices))")
    }
  }

  package var isEmpty: Bool { restore.isEmpty && lost.isEmpty }

  /// One warning for each thing that `set` cannot put back.
  package func warnings(on host: Host) -> [Diagnostic] {
    lost.map {
      Diagnostic(
        .clientMoved, .warning, "the join of \(host.key) moved a preference: \($0)",
        detail: "Joining replaces all preferences, and this one cannot be put back by meshctl.",
        hint: "on \(host.key): tailscale debug prefs", host: host.key)
    }
  }

  /// Routes as they shall be: the inventory's half as it is now, the other as it was.
  private static func unmanaged(
    _ before: ReportedPreferences, _ after: ReportedPreferences, _ host: Host
  ) -> AdvertisedRoutes {
    var wanted = AdvertisedRoutes(before)
    let now = AdvertisedRoutes(after)
    if host.routes != nil { wanted.subnets = now.subnets }
    if host.exitNode != nil { wanted.exitNode = now.exitNode }
    return wanted
  }

  private mutating func flag(
    _ name: String, _ before: Bool, _ after: Bool, _ managed: Bool = false
  ) {
    if !managed, before != after { restore.append("--\(name)=\(before)") }
  }

  private mutating func text(
    _ name: String, _ before: String, _ after: String, _ managed: Bool = false
  ) {
    if !managed, before != after { restore.append("--\(name)=\(before)") }
  }

  /// Unset cannot be set again; off is what unset means as long as nobody says otherwise.
  private mutating func automaticUpdates(_ before: Bool?, _ after: Bool?) {
    guard before != after else { return }
    if let before {
      restore.append("--auto-update=\(before)")
    } else {
      lost.append("automatic updates were undecided, now they are \(after == true ? "on" : "off")")
    }
  }

  /// True where the join took the client to another mesh, and not to another URL of the same.
  private static func leaves(
    _ before: ReportedPreferences, _ after: ReportedPreferences, _ host: Host
  ) -> Bool {
    guard let old = ServerURL(before.controlURL), let new = ServerURL(after.controlURL) else {
      return before.controlURL != after.controlURL
    }
    return !host.isServed(by: new, wanting: old) && !host.isServed(by: old, wanting: new)
  }

  private mutating func exitNode(
    _ before: ReportedPreferences, _ after: ReportedPreferences, _ address: String?, leaves: Bool
  ) {
    let sameNode = before.exitNodeID == after.exitNodeID && before.exitNodeIP == after.exitNodeIP
    // The client turns an address into an id once it sees the node: the same exit node.
    let resolved =
      !after.exitNodeID.isEmpty && !before.exitNodeIP.isEmpty && before.exitNodeID.isEmpty
    // And the other way round for a moment after a join that named it by address.
    let pending =
      !before.exitNodeID.isEmpty && !after.exitNodeIP.isEmpty && after.exitNodeIP == address
    if !sameNode, !resolved, !pending {
      if before.exitNodeID + before.exitNodeIP != "", leaves {
        // Ids and addresses of one mesh name other machines in another.
        lost.append("it used an exit node of the mesh that it left")
      } else if before.exitNodeID.isEmpty, before.exitNodeIP.isEmpty {
        restore.append("--exit-node=")
      } else if !before.exitNodeIP.isEmpty {
        restore.append("--exit-node=\(before.exitNodeIP)")
      } else if let address {
        restore.append("--exit-node=\(address)")
      } else {
        lost.append(
          "it used the exit node with id \(before.exitNodeID), now it uses none or another")
      }
    }
    flag(
      "exit-node-allow-lan-access", before.exitNodeAllowLANAccess, after.exitNodeAllowLANAccess)
  }

  private mutating func tags(_ before: [String], _ after: [String]) {
    guard Set(before) != Set(after) else { return }
    lost.append(
      "it asked for the tags \(MovedPreferences.list(before)),"
        + " now for \(MovedPreferences.list(after)) (the server's tags decide)")
  }

  private static func list(_ items: [String]) -> String {
    items.isEmpty ? "(none)" : items.sorted().joined(separator: ", ")
  }
}
