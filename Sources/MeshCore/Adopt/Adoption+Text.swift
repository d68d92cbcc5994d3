/// The adopted inventory as YAML.
extension Adoption {
  /// The whole file.
  package var text: String {
    var items = heading
    items.append(.blank)
    items.append(.pair("version", .number(1)))
    items.append(.pair("server", .mapping(Adoption.server(server.settings))))
    items += guards
    if !defaults.isEmpty { items += [.blank, .pair("defaults", .mapping(defaults))] }
    items += groupItems
    items.append(.blank)
    items += hostItems
    items += endings
    return YAMLWriting.text(items)
  }

  // MARK: Top

  private var heading: [YAMLItem] {
    let version = server.version.map { "Headscale \(VisibleText.escaped($0, limit: 40))" }
    let place = VisibleText.escaped(observation.server.url, limit: 200)
    let time = observation.takenAt.map { ", \($0.rfc3339)" } ?? ""
    var lines = [
      "Written by meshctl import from \(version ?? "Headscale") at \(place)\(time): "
        + Count.of(observation.nodes.count, "node") + ".",
      counts.toJoin == 0
        ? "The next `meshctl plan` has nothing to do."
        : "The next `meshctl plan` joins \(Count.of(counts.toJoin, "host")) and changes no other.",
      "",
      "A server does not know how to reach its hosts. Look through them and add what is not so:",
      "  address, port    where SSH goes: the host's key and 22",
      "  ssh: {user: …}   the user of your ssh configuration",
      "  os               linux (or macos, windows)",
      "  become           root, sudo or doas, whichever works without a password",
    ]
    if hasAnsible { lines.append("What Ansible said of these is written down already.") }
    return lines.map { .comment($0) }
  }

  private static func server(_ settings: ServerSettings) -> [YAMLItem] {
    var items: [YAMLItem] = [.pair("url", .text(settings.url.normalized))]
    var api: [YAMLItem] = []
    switch settings.api.access {
    case .rest(let url):
      if let url, url != settings.url { api.append(.pair("url", .text(url.normalized))) }
    case .command(let words): api.append(.pair("command", .list(words)))
    case .ssh(let login): api.append(.pair("ssh", .text(login)))
    case .socket(let path): api.append(.pair("socket", .text(path)))
    }
    switch settings.api.key {
    case nil: break
    case .environment(let name)?: api.append(.pair("key", .mapping([.pair("env", .text(name))])))
    case .file(let path)?: api.append(.pair("key", .mapping([.pair("file", .text(path))])))
    case .command(let words)?:
      api.append(.pair("key", .mapping([.pair("command", .list(words))])))
    }
    if let file = settings.api.caFile { api.append(.pair("ca_file", .text(file))) }
    if !api.isEmpty { items.append(.pair("api", .mapping(api))) }
    if let owner = settings.keyOwner { items.append(.pair("key_owner", .text(owner))) }
    return items
  }

  /// Parked twins would be deleted by age; adopting a mesh deletes nothing.
  private var guards: [YAMLItem] {
    guard !twins.isEmpty else { return [] }
    return [
      .blank,
      .pair(
        "guards",
        .mapping([
          .comment(
            "Parked records of hosts below; without these lines meshctl deletes them in time."),
          .pair("ignore", .list(twins.map(\.givenName))),
        ])),
    ]
  }

  private var defaults: [YAMLItem] {
    var items: [YAMLItem] = []
    if let owner = layout.owner { items.append(.pair("owner", .text(owner))) }
    let access = Adoption.access(layout.access, besides: HostAccess())
    if !access.isEmpty { items.append(.comment("From Ansible, where all of its hosts agree.")) }
    return items + access
  }

  private var groupItems: [YAMLItem] {
    guard !layout.groups.isEmpty || !refusedGroups.isEmpty else { return [] }
    var items: [YAMLItem] = layout.groups.map { group in
      var fields = Adoption.ownership(group.ownership)
      fields.append(.pair("hosts", .list(group.hosts)))
      return .pair(group.name, .mapping(fields))
    }
    items += refusedGroups.map {
      .comment("Ansible's group \(CommentText.quoted($0)) is left out: its name cannot be one here")
    }
    if layout.groups.isEmpty { return [.blank] + items }
    return [.blank, .pair("groups", .mapping(items))]
  }

  // MARK: Hosts

  private var hostItems: [YAMLItem] {
    let entries = hosts.filter { $0.leftOut == nil }.map { entry($0) }
    let left = hosts.filter { $0.leftOut != nil }
    guard !left.isEmpty else { return [.pair("hosts", .mapping(entries))] }
    return [.pair("hosts", .mapping(entries + Adoption.leftOut(left, layout)))]
  }

  private func entry(_ host: AdoptedHost) -> YAMLItem { Adoption.entry(host, layout) }

  /// Entries that are comments, each with the reason.
  static func leftOut(_ hosts: [AdoptedHost], _ layout: AdoptedLayout) -> [YAMLItem] {
    var items: [YAMLItem] = [
      .blank, .comment("Left out, because the next plan would not be empty with them:"),
    ]
    for host in hosts {
      items.append(.blank)
      if let reason = host.leftOut {
        let node = host.node.map { "node #\($0.id): " } ?? ""
        items.append(.comment(node + reason))
      }
      items.append(.disabled([Adoption.entry(host, layout)]))
    }
    return items
  }

  /// One host.
  static func entry(_ host: AdoptedHost, _ layout: AdoptedLayout) -> YAMLItem {
    var items: [YAMLItem] = host.notes.map { .comment($0) }
    if host.name != host.key { items.append(.pair("name", .text(host.name))) }
    items += access(host.access, besides: layout.access)
    if let key = host.machineKey { items.append(.pair("machine_key", .text(key))) }
    if layout.writesOwnership(of: host) { items += ownership(host.ownership) }
    if !host.routes.isEmpty {
      items.append(.pair("routes", .list(host.routes.map(\.description))))
    }
    if host.exitNode { items.append(.pair("exit_node", .flag(true))) }
    items += offline(host.offline)
    let isEmpty =
      !items.isEmpty && items.allSatisfy { if case .comment = $0 { true } else { false } }
    let note = host.node.map { "node #\($0.id)" } ?? "no node yet: the next apply joins it"
    guard isEmpty else { return .pair(host.key, .mapping(items), note: note) }
    // A mapping of comments alone would be nothing at all; this says that it is meant.
    return .pair(host.key, .mapping(items + [.pair("state", .text("present"))]), note: note)
  }

  private static func offline(_ offline: AdoptedHost.Offline?) -> [YAMLItem] {
    let note: String
    switch offline {
    case nil: return []
    case .since(let instant)?: note = "last seen \(instant.rfc3339)"
    case .never?: note = "never seen"
    }
    return [.pair("offline", .text("ignore"), note: note + "; without this line it is repaired")]
  }

  private static func ownership(_ ownership: Ownership?) -> [YAMLItem] {
    switch ownership {
    case nil: []
    case .owner(let owner)?: [.pair("owner", .text(owner))]
    case .tags(let tags)?: [.pair("tags", .list(tags))]
    }
  }

  private static func access(_ access: HostAccess, besides lifted: HostAccess) -> [YAMLItem] {
    var items: [YAMLItem] = []
    if let os = access.os { items.append(.pair("os", .text(os.rawValue))) }
    if access.connection == .local { items.append(.pair("connection", .text("local"))) }
    if let address = access.address { items.append(.pair("address", .text(address))) }
    if let port = access.port, port != lifted.port { items.append(.pair("port", .number(port))) }
    var ssh: [YAMLItem] = []
    if let user = access.user, user != lifted.user { ssh.append(.pair("user", .text(user))) }
    if let file = access.identityFile, file != lifted.identityFile {
      ssh.append(.pair("identity_file", .text(file)))
    }
    if !ssh.isEmpty { items.append(.pair("ssh", .mapping(ssh))) }
    if let method = access.becomeMethod, method != lifted.becomeMethod {
      items.append(.pair("become", .mapping([.pair("method", .text(method.rawValue))])))
    }
    return items
  }

  // MARK: End

  private var endings: [YAMLItem] {
    guard !parked.isEmpty else { return [] }
    var items: [YAMLItem] = [.blank, .comment("Parked by meshctl, so no hosts:")]
    for node in parked {
      let seen = node.lastSeen.map { ", last seen \($0.rfc3339)" } ?? ""
      let state = node.online ? ", online" : seen
      items.append(
        .comment("  \(VisibleText.escaped(node.givenName, limit: 63)) (node #\(node.id)\(state))"))
    }
    return items
  }
}
