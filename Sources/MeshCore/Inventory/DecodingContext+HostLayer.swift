import YAMLReader

extension DecodingContext {
  /// The keys of `defaults`, of a group or of a host; what is wrong is reported and left out.
  mutating func hostLayer(_ fields: [Field], level: HostLayer.Level) -> HostLayer {
    var layer = HostLayer()
    layer.ownerLevel = level
    layer.tagsLevel = level
    for field in fields where field.key.section == .host {
      if field.key.hostOnly, level != .host {
        hostsOnly(field, level: level)
        continue
      }
      read(field, into: &layer, level: level)
    }
    if let owner = layer.owner, let tags = layer.tags, !tags.isEmpty {
      report(
        .invOwnerAndTags, .error, "`owner` and `tags` stand side by side",
        detail: "A node is owned by a user or by its tags, never by both.",
        hint: "keep one of them", at: owner)
      layer.tags = nil
    }
    return layer
  }

  private mutating func hostsOnly(_ field: Field, level: HostLayer.Level) {
    report(
      .invHostsOnly, .error,
      "`\(field.key.name)` stands on hosts only, not in "
        + (level == .defaults ? "`defaults`" : "a group"),
      detail: "It says who one host is, so no two hosts can share it.",
      from: field.pair.keyMark, to: field.pair.keyEnd)
  }

  private mutating func read(_ field: Field, into layer: inout HostLayer, level: HostLayer.Level) {
    switch field.key.name {
    case "os": layer.os = choice(field, OperatingSystem.self)
    case "address": layer.address = address(field)
    case "port": layer.port = number(field, in: 1...65_535)
    case "connection": layer.connection = choice(field, Host.Connection.self)
    case "server_url": layer.serverURL = url(field, joinedByHosts: true)?.value
    case "server_fallback": layer.serverFallback = choice(field, Host.ServerFallback.self)
    case "name":
      layer.hasName = true
      layer.name = nodeName(field)
    case "owner": layer.owner = owner(field)
    case "tags": layer.tags = list(field) { $0.tag($1, $2) }
    case "machine_key": layer.machineKey = machineKey(field)
    case "routes": layer.routes = locatedList(field) { $0.prefix($1, $2) }
    case "exit_node": layer.exitNode = flag(field)
    case "accept_routes": layer.preferences.acceptRoutes = flag(field)
    case "accept_dns": layer.preferences.acceptDNS = flag(field)
    case "tailscale_ssh": layer.preferences.tailscaleSSH = flag(field)
    case "shields_up": layer.preferences.shieldsUp = flag(field)
    case "operator": layer.preferences.operatorUser = user(field)
    case "expiry": layer.expiry = choice(field, Host.Expiry.self)
    case "client_logs": layer.clientLogs = choice(field, Host.ClientLogs.self)
    case "aliases": layer.aliases = locatedList(field) { $0.alias($1, $2) } ?? []
    case "state": layer.state = choice(field, Host.State.self)
    case "protect": layer.protect = flag(field)
    case "offline": layer.offline = choice(field, Host.Offline.self)
    case "expect": layer.expect = list(field) { $0.endpoint($1, $2) }
    case "groups": layer.groups = groupNames(field, level: level)
    case "ssh": readSSH(field, into: &layer.ssh)
    case "become": readBecome(field, into: &layer.become)
    case "tailscale": readTailscale(field, into: &layer.tailscale)
    case "bootstrap": readBootstrap(field, into: &layer.bootstrap)
    default: unknownKey(field.pair, in: [.host])
    }
  }

  private mutating func groupNames(_ field: Field, level: HostLayer.Level) -> [Located<String>] {
    guard level != .group else {
      report(
        .invHostsOnly, .error, "`groups` cannot stand in a group: groups do not nest",
        hint: "list the hosts in both groups", from: field.pair.keyMark, to: field.pair.keyEnd)
      return []
    }
    return locatedList(field) { context, key, node in
      context.text(key, node).map { Located($0, at: node) }
    } ?? []
  }
}
