/// The client's version, its logs, and what it needs of its host.
extension HostPlanner {
  /// Compares a pinned version with the programs on disk and with the daemon, which may be older.
  ///
  /// `latest` is what nobody knows before the package source is asked, so it is not compared.
  mutating func compareClientVersion() {
    if host.tailscale.version == .latest { unknown.append("tailscale.version (latest)") }
    guard case .pinned(let wanted) = host.tailscale.version else { return }
    guard let facts else {
      unknown.append("tailscale.version")
      return
    }
    guard let client = facts.client else { return }
    let running = client.daemonVersion ?? client.version
    guard client.version != wanted || running != wanted else { return }
    var change = Change(
      .clientVersion, old: .text(client.version == wanted ? running : client.version),
      new: .text(wanted))
    if host.os == .windows, let peer = meshPeer {
      // The installer ends the daemon that carries the connection which runs it.
      change.blockedBy = .cutsOwnPath
      block(
        .cutsOwnPath, "changing the client's version would cut the SSH connection that does it",
        detail: "meshctl reaches \(host.key) over the mesh.", evidence: "SSH comes from \(peer)",
        hint: "give \(host.key) an address outside the mesh, or install it there by hand")
      changes.append(change)
      return
    }
    do {
      _ = try InstallPlan.choose(for: host, facts: facts)
      steps.formUnion([.elevate, .upgradeClient])
    } catch {
      change.blockedBy = error.diagnostic.code
      diagnostics.append(error.diagnostic)
    }
    changes.append(change)
  }

  /// Compares what a known host shall do for its client; nothing is turned off again.
  mutating func compareSettings() {
    let needed = neededForwarding
    guard let facts else {
      if !needed.isEmpty, host.os == .linux { unknown.append("IP forwarding") }
      if host.clientLogs == .off { unknown.append("client_logs") }
      return
    }
    guard let settings = facts.settings else {
      if host.clientLogs == .off { unknown.append("client_logs") }
      return
    }
    if facts.forwardsByKernel, !needed.isSubset(of: settings.forwarding) {
      change(.ipForwarding, .list(HostPlanner.names(settings.forwarding)), needed)
    }
    if host.clientLogs == .off, !settings.clientLogsOff {
      changes.append(Change(.clientLogs, old: .text("on"), new: .text("off")))
      steps.formUnion([.elevate, .configureHost])
    }
  }

  /// What a joining host shall do, shown whatever the host does now: a plan without facts and the one
  /// of the apply show the same.
  mutating func joinSettings() {
    let needed = neededForwarding
    if !needed.isEmpty, host.os == .linux { change(.ipForwarding, nil, needed) }
    guard host.clientLogs == .off else { return }
    if let facts, facts.settings == nil {
      changes[0].blockedBy = .notSupportedYet
      block(
        .notSupportedYet,
        "client_logs: off is not supported on \(TargetProfile.of(host.os).displayName) yet",
        detail: "Joining without it would send logs that the inventory forbids.",
        hint: "remove client_logs, or join this host by hand")
      return
    }
    changes.append(Change(.clientLogs, old: nil, new: .text("off")))
    steps.formUnion([.elevate, .configureHost])
  }

  private var neededForwarding: Set<HostSettings.Family> {
    HostSettings.needed(routes: host.routes ?? [], exitNode: host.exitNode ?? false)
  }

  private mutating func change(
    _ attribute: Change.Attribute, _ old: Change.Value?, _ needed: Set<HostSettings.Family>
  ) {
    changes.append(Change(attribute, old: old, new: .list(HostPlanner.names(needed))))
    steps.formUnion([.elevate, .configureHost])
  }

  private static func names(_ families: Set<HostSettings.Family>) -> [String] {
    families.map(\.name).sorted()
  }

  /// What a person should know of the host, where the client is started there.
  var environmentNotes: [Diagnostic] {
    guard let facts, !steps.isDisjoint(with: [.join, .startService, .installClient]) else {
      return []
    }
    return HostNotes.warnings(facts, on: host)
  }
}

extension HostFacts {
  /// Packets of routes go through the kernel; with userspace networking they do not.
  ///
  /// On Windows and macOS the client forwards them itself.
  package var forwardsByKernel: Bool { os == .linux && (client?.usesTUN ?? hasTUN) }
}
