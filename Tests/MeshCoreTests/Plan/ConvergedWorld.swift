import MeshCore
import YAMLReader

extension RandomWorld {
  /// The world in which everything is as the inventory wants it, seen with or without facts.
  mutating func converge(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    observation.nodes = []
    observation.facts = [:]
    observation.users = RandomWorld.users.filter { $0.id != "3" }
    observation.policy = .tagOwners(Set(RandomWorld.tags))
    inventory.guards.ignore = []
    selection = Set(inventory.hosts.map(\.key))
    for index in inventory.hosts.indices {
      let number = index + 1
      inventory.hosts[index].aliases = []
      // What a later version brings is a finding, however right the rest is.
      inventory.hosts[index].clientLogs = .keep
      if inventory.hosts[index].machineKey != nil {
        inventory.hosts[index].machineKey = RandomWorld.machineKey(number)
      }
      if case .owner("newcomer") = inventory.hosts[index].ownership {
        inventory.hosts[index].ownership = .owner("alice")
      }
      let host = inventory.hosts[index]
      guard host.state == .present else { continue }
      observation.nodes.append(RandomWorld.node(of: host, number, &random))
      if random.once(in: 2), let last = observation.nodes.last {
        observation.facts[host.key] = .facts(RandomWorld.facts(of: host, last))
      }
    }
  }

  private static func routes(of host: Host) -> [String] {
    (host.routes ?? wanted).map(\.description)
      + (host.exitNode == true || host.exitNode == nil ? IPPrefix.exitRoutes : [])
  }

  private static func node(
    of host: Host, _ number: Int, _ random: inout SeededGenerator
  ) -> MeshNode {
    var node = MeshNode(
      id: String(number), machineKey: machineKey(number), nodeKey: nodeKey(number),
      hostname: random.one(of: names), givenName: host.name)
    switch host.ownership {
    case .tags(let tags): node.tags = tags.reversed()
    case .owner("office"): node.user = users[1]
    case .owner("mail@example.com"): node.user = users[3]
    case .owner, nil: node.user = users[0]
    }
    node.approvedRoutes = routes(of: host).shuffled(using: &random)
    node.availableRoutes = routes(of: host).shuffled(using: &random)
    // Somebody may look a moment after a connection broke.
    node.online = !random.once(in: 5)
    node.lastSeen = PlanCase.now.adding(seconds: -299)
    return node
  }

  private static func facts(of host: Host, _ node: MeshNode) -> HostFacts {
    var facts = HostFacts(os: host.os, elevation: .unavailable)
    facts.service = .running
    var client = ClientFacts(version: "1.102.3")
    client.backendState = "Running"
    client.nodeKey = node.nodeKey
    client.haveNodeKey = true
    var prefs = ReportedPreferences()
    prefs.controlURL = "https://mesh.example.com"
    prefs.advertiseRoutes = routes(of: host)
    prefs.acceptRoutes = host.preferences.acceptRoutes ?? true
    prefs.shieldsUp = host.preferences.shieldsUp ?? false
    prefs.operatorUser = host.preferences.operatorUser ?? "somebody"
    client.preferences = prefs
    facts.client = client
    return facts
  }
}
