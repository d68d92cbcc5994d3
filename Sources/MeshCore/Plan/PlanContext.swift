/// What all hosts of one planning share.
struct PlanContext {
  var inventory: Inventory
  var observation: Observation
  var flags: PlanFlags
  /// Keys of the hosts that this plan may touch.
  var selection: Set<String>
  var now: Timestamp
  var matcher: HostMatcher
  var owners: OwnerLookup
  /// Nodes by id with the hosts that claim them, from matching every host of the file.
  var claims: [String: [Claim]]
  /// Major and minor of the server, where known.
  var serverRelease: (major: Int, minor: Int)?

  /// Nodes that nobody may touch: `guards.ignore`.
  private let ignored: [IgnorePattern]

  init(
    inventory: Inventory, observation: Observation, flags: PlanFlags, selection: Set<String>,
    now: Timestamp
  ) {
    self.inventory = inventory
    self.selection = selection
    ignored = inventory.guards.ignore.map(IgnorePattern.init)
    self.observation = observation
    self.observation.nodes = PlanContext.inIDOrder(observation.nodes)
    self.flags = flags
    self.now = observation.takenAt ?? now
    matcher = HostMatcher(nodes: self.observation.nodes)
    owners = OwnerLookup(users: observation.users)
    claims = [:]
    serverRelease = observation.server.version.flatMap(PlanContext.release)
  }

  /// A host that says a node is its own, and how sure that is.
  struct Claim {
    var host: String
    var identity: Identity
    /// The machine key that the host is pinned to, if any.
    var pin: String?
  }

  /// Hosts that could be any of several nodes, by their names and their aliases: written down by word,
  /// since hosts times nodes could be many.
  private var undecidedByName: [String: [Claim]] = [:]
  private var undecidedByAlias: [String: [Claim]] = [:]

  /// Notes whose node a match says each one is.
  ///
  /// An ambiguous match claims all its nodes, because none of them may be granted anything then.
  mutating func claim(_ match: HostMatcher.Match, by host: Host) {
    func add(_ node: MeshNode, _ identity: Identity) {
      claims[node.id, default: []].append(Claim(host: host.key, identity: identity))
    }
    switch match {
    case .none, .otherMachine(_, .name), .otherMachine(_, .pinned): break
    case .node(let node, let identity), .otherMachine(let node, let identity): add(node, identity)
    case .ambiguous:
      let claim = Claim(host: host.key, identity: .name, pin: host.machineKey)
      undecidedByName[host.name, default: []].append(claim)
      for alias in Set(host.aliases) { undecidedByAlias[alias, default: []].append(claim) }
    case .pinMismatch(let pinned, let reported):
      add(pinned, .pinned)
      add(reported, .proven)
    }
  }

  /// The other hosts whose claim keeps anything from being granted to this node (design law 6).
  ///
  /// A pinned machine key outdoes names; it does not outdo a host that reports the node's key.
  func rivals(for node: MeshNode, of host: Host, _ identity: Identity) -> [String] {
    // A few are enough to say so; the lists are long where many hosts share an alias.
    let sure = (claims[node.id] ?? []).lazy.filter {
      $0.host != host.key && (identity != .pinned || $0.identity != .name)
    }
    var rivals = Array(sure.prefix(PlanContext.rivalsShown + 1).map(\.host))
    guard identity != .pinned else { return rivals }
    for claim in undecided(node) {
      guard rivals.count <= PlanContext.rivalsShown else { break }
      if claim.host != host.key, !rivals.contains(claim.host) { rivals.append(claim.host) }
    }
    return rivals
  }

  /// More than this many are only counted as "more".
  static let rivalsShown = 5

  /// True where some host could be this node, whoever else is.
  func isClaimed(_ node: MeshNode) -> Bool {
    claims[node.id] != nil || undecided(node).contains { _ in true }
  }

  private func undecided(_ node: MeshNode) -> some Sequence<Claim> {
    let lists = [
      undecidedByName[node.givenName], undecidedByAlias[node.givenName],
      node.hostname == node.givenName ? nil : undecidedByAlias[node.hostname],
    ]
    return lists.lazy.compactMap { $0 }.joined().filter {
      $0.pin == nil || $0.pin == node.machineKey
    }
  }

  /// True where this plan answers for the nodes that are no host's: it has the whole file, or is the
  /// first shard of it.
  var doesServerWork: Bool {
    guard let shard = flags.shard else { return selection.count == inventory.hosts.count }
    return shard.isFirst && flags.limit.isEmpty && flags.exclude.isEmpty
  }

  func isIgnored(_ node: MeshNode) -> Bool { ignored.contains { $0.matches(node) } }

  /// True when a node is offline for so long, by the server's clock, that its age alone allows its
  /// deletion (design law 8); never where that clock or the time it was last seen is unknown.
  func isAged(_ node: MeshNode) -> Bool {
    guard !node.online, observation.takenAt != nil, let seen = node.lastSeen else { return false }
    return now.seconds(since: seen) >= inventory.guards.pruneAfter
  }

  /// Plans do not depend on the order in which a server or a file lists nodes.
  private static func inIDOrder(_ nodes: [MeshNode]) -> [MeshNode] {
    func precedes(_ left: MeshNode, _ right: MeshNode) -> Bool {
      let lengths = (left.id.utf8.count, right.id.utf8.count)
      return lengths.0 == lengths.1 ? left.id < right.id : lengths.0 < lengths.1
    }
    let isSorted = zip(nodes, nodes.dropFirst()).allSatisfy { !precedes($1, $0) }
    return isSorted ? nodes : nodes.sorted(by: precedes)
  }

  func facts(_ host: Host) -> HostFacts? {
    guard case .facts(let facts) = observation.facts[host.key] else { return nil }
    return facts
  }

  func probeFailure(_ host: Host) -> Diagnostic? {
    guard case .failed(let diagnostic) = observation.facts[host.key] else { return nil }
    return diagnostic
  }

  /// The URL that this host joins.
  func loginServer(_ host: Host) -> ServerURL { host.serverURL ?? inventory.server.url }

  private static func release(_ version: String) -> (major: Int, minor: Int)? {
    let numbers = version.drop { $0 == "v" }.split(separator: ".").prefix(2).map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    return (major, minor)
  }
}
