package import MeshCore

/// What a world begins with: a saved node list, or nothing.
package struct WorldSeed: Sendable, Equatable {
  /// Server version such as `0.29.2`; nil for the newest mode.
  package var version: String?
  package var nodes: [MeshNode]
  /// Nil where the saved list has none: then the owners of the nodes are the users.
  package var users: [MeshUser]?
  package var policy: PolicyState
  package var takenAt: Timestamp?
  package var randomSeed: UInt64

  package init(
    nodes: [MeshNode] = [], users: [MeshUser]? = nil, policy: PolicyState = .none,
    version: String? = nil, takenAt: Timestamp? = nil, randomSeed: UInt64 = 1
  ) {
    self.nodes = nodes
    self.users = users
    self.policy = policy
    self.version = version
    self.takenAt = takenAt
    self.randomSeed = randomSeed
  }

  /// The server's half of an observation, so that the simulation begins where it was taken.
  package init(_ observation: Observation, randomSeed: UInt64 = 1) {
    self.init(
      nodes: observation.nodes, users: observation.users, policy: observation.policy,
      version: observation.server.version, takenAt: observation.takenAt, randomSeed: randomSeed)
  }

  /// When the simulated clock begins; a fixed instant where the list has no time.
  var time: Timestamp { takenAt ?? Timestamp(seconds: 1_767_225_600) }

  func server(at time: Timestamp) -> SimulatedHeadscale {
    var server = SimulatedHeadscale(
      mode: version.map { Mode(serverVersion: $0) } ?? .v0_29, seed: randomSeed)
    var owners = users ?? nodes.compactMap(\.user)
    var seen: Set<String> = []
    owners.removeAll { !seen.insert($0.id).inserted || $0.id == MeshUser.taggedDevicesID }
    for owner in owners {
      guard let id = Int(owner.id) else { continue }
      var user = ServerUser(id: id, name: owner.name, createdAt: time)
      user.email = owner.email
      user.displayName = owner.displayName
      user.provider = owner.provider
      server.adopt(user)
    }
    for node in nodes { adopt(node, into: &server, at: time) }
    switch policy {
    case .tagOwners(let tags):
      server.policy = .init(text: PolicyText.allowingAll(tagOwners: tags), updatedAt: time)
    case .unknown:
      // Nothing is known: let the tags in use be allowed.
      let tags = Set(nodes.flatMap(\.tags))
      server.policy = .init(text: PolicyText.allowingAll(tagOwners: tags), updatedAt: time)
    case .none, .unreadable: break
    }
    return server
  }

  /// A saved list holds no key material; what is missing is made up.
  private func adopt(_ node: MeshNode, into server: inout SimulatedHeadscale, at time: Timestamp) {
    guard let id = Int(node.id) else { return }
    let machine = node.machineKey.isEmpty ? "mkey:" + server.random.hex(64) : node.machineKey
    let key = node.nodeKey.isEmpty ? "nodekey:" + server.random.hex(64) : node.nodeKey
    var record = ServerNode(
      id: id, machineKey: machine, nodeKey: key, discoKey: "discokey:" + server.random.hex(64),
      ipAddresses: node.ipAddresses, hostname: node.hostname, givenName: node.givenName,
      createdAt: node.createdAt ?? time)
    record.userID = node.tags.isEmpty ? node.user.flatMap { Int($0.id) } : nil
    record.tags = node.tags
    record.approvedRoutes = node.approvedRoutes
    record.availableRoutes = node.availableRoutes
    record.presence = node.online ? .connected : .offline
    record.lastSeen = node.lastSeen
    record.expiry = node.expiry
    server.adopt(record)
  }
}

/// Gives every host of an inventory its machine.
enum WorldSeeding {
  /// Adds the hosts that are not described yet; those that match a node are that node.
  static func fill(
    _ hosts: inout [String: SimulatedHost], for inventory: [Host],
    from server: SimulatedHeadscale, serverURL: ServerURL
  ) {
    var claimed = Set(hosts.values.compactMap { $0.client?.machineKey })
    for host in inventory where hosts[host.key] == nil {
      var simulated = SimulatedHost(hostname: host.key)
      if let user = host.ssh.user { simulated.loginUser = user }
      if let node = match(host, among: server.nodes.filter { !claimed.contains($0.machineKey) }) {
        claimed.insert(node.machineKey)
        simulated.hostname = node.hostname
        simulated.client = client(of: node, url: host.serverURL ?? serverURL)
      }
      hosts[host.key] = simulated
    }
  }

  /// Pin, then given name, then aliases (design §5).
  private static func match(_ host: Host, among nodes: [ServerNode]) -> ServerNode? {
    nodes.first { $0.machineKey == host.machineKey }
      ?? nodes.first { $0.givenName == host.name }
      ?? nodes.first { host.aliases.contains($0.givenName) || host.aliases.contains($0.hostname) }
  }

  private static func client(of node: ServerNode, url: ServerURL) -> SimulatedClient {
    var client = SimulatedClient(
      version: "1.102.3", isRunning: node.presence != .offline, machineKey: node.machineKey)
    client.nodeKey = node.nodeKey
    client.registeredURL = url.normalized
    client.preferences.controlURL = url.normalized
    client.preferences.hostname = node.hostname
    client.preferences.advertiseRoutes = node.availableRoutes
    client.preferences.wantRunning = true
    client.preferences.loggedOut = false
    return client
  }
}
