import YAMLReader

/// A finished host with what the checks across hosts need to point at.
struct CompleteHost: Sendable {
  var host: Host
  var routes: [Located<IPPrefix>]
}

/// Lays defaults, groups and each host over each other.
struct HostAssembly {
  private let defaults: HostLayer
  private let groups: [GroupEntry]
  private let entries: [HostEntry]
  private let groupIndex: [String: Int]
  /// What the members of the same groups inherit; a fleet has many hosts and few combinations.
  private var inherited: [[Int]: HostLayer] = [:]
  private var reportedConflicts: Set<[Int]> = []

  init(defaults: HostLayer, groups: [GroupEntry], hosts: [HostEntry]) {
    self.defaults = defaults
    self.groups = groups
    self.entries = hosts
    self.groupIndex = Dictionary(
      groups.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The hosts in file order; reports unknown groups and hosts, names that cannot stand, and owners
  /// against tags.
  mutating func hosts(in context: inout DecodingContext) -> [CompleteHost] {
    let everywhere = memberships(defaults.groups, of: nil, in: &context)
    let listed = listedMembers(in: &context)
    return entries.map { entry in
      context.host = entry.key
      defer { context.host = nil }
      let own = memberships(entry.layer.groups, of: entry.key, in: &context)
      var members = everywhere + own + (listed[entry.key] ?? [])
      if members.count > 1 { members = Set(members).sorted() }
      var layer = inheritance(of: members)
      layer.overlay(entry.layer, level: .host)
      if layer.ownershipConflict, reportedConflicts.insert(members).inserted {
        reportConflict(entry, members: members, in: &context)
      }
      return complete(entry, layer, members: members, in: &context)
    }
  }

  private mutating func inheritance(of members: [Int]) -> HostLayer {
    if let known = inherited[members] { return known }
    var layer = defaults
    for index in members { layer.overlay(groups[index].layer, level: .group) }
    inherited[members] = layer
    return layer
  }

  private func memberships(
    _ names: [Located<String>], of key: String?, in context: inout DecodingContext
  ) -> [Int] {
    names.compactMap { name in
      if let index = groupIndex[name.value] { return index }
      let among = groups.map(\.name)
      context.report(
        .invUnknownGroup, .error, "there is no group `\(YAMLNode.cut(name.value))`",
        hint: context.suggestion(for: name.value, among: among)
          ?? (groups.isEmpty
            ? "declare it under `groups:` at the top of the file"
            : among.count <= 8 ? "groups here: " + among.joined(separator: ", ") : nil),
        at: name, host: key)
      return nil
    }
  }

  private func listedMembers(in context: inout DecodingContext) -> [String: [Int]] {
    var members: [String: [Int]] = [:]
    let keys = Set(entries.map(\.key))
    lazy var names = entries.map(\.key)
    for (index, group) in groups.enumerated() {
      for host in group.hosts {
        guard !keys.contains(host.value) else {
          members[host.value, default: []].append(index)
          continue
        }
        let isGroup = groupIndex[host.value] != nil
        context.report(
          .invUnknownHost, .error,
          "group `\(group.name)` lists `\(YAMLNode.cut(host.value))`, which is no host",
          hint: isGroup
            ? "`\(host.value)` is a group, and groups do not nest: list its hosts"
            : context.suggestion(for: host.value, among: names), at: host)
      }
    }
    return members
  }

  private func reportConflict(
    _ entry: HostEntry, members: [Int], in context: inout DecodingContext
  ) {
    let owners = members.map { groups[$0] }.filter { $0.layer.owner != nil }.map(\.name)
    let tags = members.map { groups[$0] }.filter { !($0.layer.tags ?? []).isEmpty }.map(\.name)
    context.report(
      .invOwnerAndTags, .error,
      "`\(entry.key)` gets an owner from group \(Suggestion.listed(owners)) and tags from group "
        + Suggestion.listed(tags),
      detail:
        "A node is owned by a user or by its tags, and no group is more specific than another.",
      hint: "write `owner:` or `tags:` on the host, or take it out of one of the groups",
      from: entry.mark, to: entry.end)
  }

  private func complete(
    _ entry: HostEntry, _ layer: HostLayer, members: [Int], in context: inout DecodingContext
  ) -> CompleteHost {
    var host = Host(key: entry.key, mark: entry.mark, address: layer.address?.value)
    if let name = layer.name {
      host.name = name.value
    } else if !layer.hasName {
      checkKeyAsName(entry, in: &context)
    }
    if layer.address == nil, (layer.connection ?? .ssh) == .ssh {
      checkKeyAsAddress(entry, in: &context)
    }
    layer.fill(&host)
    host.groups = members.map { groups[$0].name }
    return CompleteHost(host: host, routes: layer.routes ?? [])
  }

  private func checkKeyAsName(_ entry: HostEntry, in context: inout DecodingContext) {
    guard entry.isNamed, !NameRules.isNodeName(entry.key) else { return }
    let proposal = NameRules.nodeName(from: entry.key)
    context.report(
      .invNodeName, .error,
      "`\(YAMLNode.cut(entry.key))` cannot be a node name, and the host has no `name`",
      detail: "Without `name`, the node is called like the host in this file; a node name is "
        + InventoryType.nodeName.words + ".",
      hint: proposal.map { "add `name: \($0)`" } ?? "add `name: …`", from: entry.mark, to: entry.end
    )
  }

  private func checkKeyAsAddress(_ entry: HostEntry, in context: inout DecodingContext) {
    guard entry.isNamed, AddressRules.problem(entry.key) != nil else { return }
    context.report(
      .invAddress, .error,
      "`\(YAMLNode.cut(entry.key))` cannot be an address, and the host has no `address`",
      detail: "Without `address`, SSH goes to the host's name in this file.",
      hint: "add `address: …`", from: entry.mark, to: entry.end)
  }
}

extension HostLayer {
  /// Puts everything but key, name and address into a host.
  fileprivate func fill(_ host: inout Host) {
    host.os = os ?? host.os
    host.port = port ?? host.port
    host.connection = connection ?? host.connection
    host.serverURL = serverURL
    host.serverFallback = serverFallback ?? host.serverFallback
    host.ssh = ssh
    host.become.method = become.method ?? host.become.method
    host.become.password = become.password
    if let tags {
      host.ownership = .tags(tags.sorted())
    } else if let owner {
      host.ownership = .owner(owner.value)
    }
    host.machineKey = machineKey?.value
    host.routes = routes.map { $0.map(\.value).sorted() }
    host.exitNode = exitNode
    host.preferences = preferences
    host.tailscale.version = tailscale.version ?? host.tailscale.version
    host.tailscale.source = tailscale.source ?? host.tailscale.source
    host.tailscale.mirror = tailscale.mirror
    host.tailscale.sha256 = tailscale.sha256
    host.expiry = expiry ?? host.expiry
    host.clientLogs = clientLogs ?? host.clientLogs
    host.aliases = aliases.map(\.value)
    host.state = state ?? host.state
    host.protect = protect ?? host.protect
    host.offline = offline ?? host.offline
    host.bootstrap = bootstrap
    host.expect = expect ?? []
  }
}
