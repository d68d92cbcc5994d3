/// The flags of `tailscale set` for what drifted, and only that.
package enum SetArguments {
  /// Empty where every managed preference is as the inventory wants it.
  ///
  /// `set --advertise-routes` keeps the exit-node half and `--advertise-exit-node` the subnets, so
  /// only the half that drifted is named, and the unmanaged half is never touched.
  package static func drift(_ host: Host, from reported: ReportedPreferences) -> [String] {
    let wanted = host.preferences
    var flags: [String] = []
    if let value = wanted.acceptRoutes, value != reported.acceptRoutes {
      flags.append("--accept-routes=\(value)")
    }
    if let value = wanted.acceptDNS, value != reported.acceptDNS {
      flags.append("--accept-dns=\(value)")
    }
    if let value = wanted.tailscaleSSH, value != reported.tailscaleSSH {
      flags.append("--ssh=\(value)")
    }
    if let value = wanted.shieldsUp, value != reported.shieldsUp {
      flags.append("--shields-up=\(value)")
    }
    if let value = wanted.operatorUser, value != reported.operatorUser {
      flags.append("--operator=\(value)")
    }
    return flags
      + routes(from: AdvertisedRoutes(reported), to: AdvertisedRoutes(host, current: reported))
  }

  static func routes(from now: AdvertisedRoutes, to wanted: AdvertisedRoutes) -> [String] {
    var flags: [String] = []
    if wanted.subnets != now.subnets {
      flags.append("--advertise-routes=\(wanted.subnets.joined(separator: ","))")
    }
    if wanted.exitNode != now.exitNode {
      flags.append("--advertise-exit-node=\(wanted.exitNode)")
    }
    return flags
  }
}
