/// Which steps change something, and what: the one table behind the journal and the metrics.
extension StepKind {
  /// The attributes that a step of this kind may change; empty for changes that no attribute of a plan
  /// names, nil for kinds that only look.
  package var written: [Change.Attribute]? {
    switch self {
    case .elevate, .checkServer, .verify: nil
    case .enableSSH, .createUser: []
    case .installClient, .upgradeClient: [.clientVersion]
    case .configureHost: [.ipForwarding, .clientLogs]
    case .startService: [.online]
    case .join:
      [
        .presence, .loginServer, .serverFallback, .owner, .tags, .name, .advertisedRoutes,
        .acceptRoutes, .acceptDNS, .tailscaleSSH, .shieldsUp, .operatorUser,
      ]
    case .setPreferences:
      [
        .advertisedRoutes, .acceptRoutes, .acceptDNS, .tailscaleSSH, .shieldsUp, .operatorUser,
      ]
    case .leave, .deleteNode: [.presence]
    case .takeBack: [.waitingJoin]
    case .setTags: [.tags, .owner]
    case .approveRoutes: [.approvedRoutes]
    case .renameNode: [.name]
    case .setExpiry: [.expiry]
    }
  }

  /// True for steps that change a host or the server.
  package var writes: Bool { written != nil }

  /// The kinds that change something, in the order of the documents.
  package static let writing = allCases.filter(\.writes)
}

extension Change.Attribute {
  /// The preference that a flag of `tailscale set` changes; nil for a flag of another one.
  package init?(setFlag flag: String) {
    switch flag.prefix(while: { $0 != "=" }) {
    case "--advertise-routes", "--advertise-exit-node": self = .advertisedRoutes
    case "--accept-routes": self = .acceptRoutes
    case "--accept-dns": self = .acceptDNS
    case "--ssh": self = .tailscaleSSH
    case "--shields-up": self = .shieldsUp
    case "--operator": self = .operatorUser
    default: return nil
    }
  }
}
