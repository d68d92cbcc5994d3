import MeshCore
import YAMLReader

/// A random inventory with a mesh in which everything has a history that could have happened: joined,
/// reinstalled, logged out, taken to another server, deleted behind its back, parked, given away.
struct ModelWorld {
  static let hosts = ["web-1", "web-2", "db-1", "gw-1"]
  static let users = [
    MeshUser(id: "1", name: "alice"), MeshUser(id: "2", name: "office"),
    MeshUser(id: "4", name: "", email: "mail@example.com", provider: "oidc"),
  ]
  var inventory: Inventory
  var mesh: ModelMesh
  var selection: Set<String>
  var flags = PlanFlags()
  private var random: SeededGenerator

  init?(seed: UInt64) {
    guard let url = ServerURL(ModelMesh.url) else { return nil }
    random = SeededGenerator(seed: seed &+ 1_000_003)
    inventory = Inventory(
      path: "inventory.yaml", digest: "sha256:0", server: ServerSettings(url: url),
      guards: Guards(), hosts: [], groups: [])
    mesh = ModelMesh(
      server: ModelServer(release: random.one(of: ModelServer.Release.allCases)), now: PlanCase.now)
    selection = []
    mesh.server.users = ModelWorld.users
    mesh.server.tagOwners = random.once(in: 8) ? nil : Set(RandomWorld.tags)
    mesh.hasServerClock = !random.once(in: 6)
    mesh.server.lastID = 50
    inventory.server.keyOwner = random.once(in: 3) ? nil : "alice"
    inventory.guards.maxDeletes = random.one(of: [.off, .off, .off, .count(1), .percent(40)])
    inventory.guards.ignore = random.once(in: 6) ? ["db-*"] : []
    flags.allowMove = random.once(in: 2)
    flags.probe = random.once(in: 2)
    for (index, key) in ModelWorld.hosts.enumerated() where !random.once(in: 5) {
      add(key, number: index + 1)
    }
    for number in 10..<(10 + Int.random(in: 0...3, using: &random)) { addStranger(number) }
    let keys = inventory.hosts.map(\.key)
    selection = Set(random.once(in: 4) ? random.some(of: keys) : keys)
    flags.prune = selection.count == keys.count && random.once(in: 2)
  }

  // MARK: Hosts

  private mutating func add(_ key: String, number: Int) {
    var host = Host(key: key, mark: SourceMark(line: 1, column: 1))
    host.ownership = random.one(of: [
      nil, .owner("alice"), .owner("office"), .owner("mail@example.com"), .owner("newcomer"),
      .tags(["tag:web"]), .tags(["tag:db", "tag:edge"]),
    ])
    host.routes = random.once(in: 2) ? nil : random.some(of: RandomWorld.wanted)
    host.exitNode = random.one(of: [nil, nil, true, false])
    host.preferences.acceptRoutes = random.one(of: [nil, true, false])
    host.preferences.operatorUser = random.one(of: [nil, nil, "ops"])
    host.state = random.once(in: 8) ? .absent : .present
    host.protect = random.once(in: 10)
    host.offline = random.once(in: 8) ? .ignore : .repair
    host.expiry = random.once(in: 3) ? .never : .keep
    host.aliases = random.once(in: 4) ? ["alias-\(number)"] : []
    var machine = ModelMachine(
      client: random.one(of: [.missing, .silent, .down, .loggedOut, .running, .running, .running]),
      machineKey: RandomWorld.machineKey(number))
    machine.isReachable = !random.once(in: 12)
    machine.elevation = random.once(in: 12) ? .sudoPassword : .sudo
    machine.sshPeer = random.once(in: 12) ? "100.64.0.9" : "10.0.0.1"
    machine.preferences.controlURL =
      random.once(in: 8)
      ? random.one(of: ["https://other.example", "http://10.0.0.5"]) : ModelMesh.url
    machine.preferences.hostname = random.once(in: 5) ? "stray" : key
    machine.preferences.acceptRoutes = random.once(in: 2)
    machine.preferences.advertiseRoutes = random.some(of: ["10.0.0.0/24", "10.1.0.0/16"])
    if random.once(in: 3) { machine.preferences.advertiseRoutes += IPPrefix.exitRoutes }
    let wasHere = !random.once(in: 5)
    if ![.missing, .loggedOut].contains(machine.client) {
      machine.nodeKey = RandomWorld.nodeKey(number)
    }
    // Another server gave it another key.
    if machine.preferences.controlURL == "https://other.example", machine.nodeKey != nil {
      machine.nodeKey = RandomWorld.nodeKey(number + 60)
    }
    if random.once(in: 6) {
      // Reinstalled: the node that is listed is the old machine's.
      machine.machineKey = RandomWorld.machineKey(number + 40)
      machine.nodeKey = nil
      machine.client = random.one(of: [.missing, .loggedOut])
    }
    if wasHere { addNode(of: host, number, machine) }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<4: host.machineKey = RandomWorld.machineKey(number)
    case 4: host.machineKey = RandomWorld.machineKey(number + 20)
    default: break
    }
    inventory.hosts.append(host)
    mesh.machines[key] = machine
  }

  private mutating func addNode(of host: Host, _ number: Int, _ machine: ModelMachine) {
    var node = MeshNode(
      id: String(number), machineKey: RandomWorld.machineKey(number),
      nodeKey: RandomWorld.nodeKey(number), hostname: machine.preferences.hostname,
      givenName: host.name)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: node.givenName = random.one(of: ModelWorld.hosts)
    case 1: node.givenName = "alias-\(number)"
    case 2: node.givenName = Parking.parkedName(host.name, id: node.id)
    case 3: node.givenName = "\(host.name)-1"
    default: break
    }
    fill(&node)
    if random.once(in: 6) { node.expiry = mesh.now.adding(seconds: -60) }
    // The same machine under another user, or as it was before.
    if random.once(in: 6) {
      var twin = node
      twin.id = String(number + 20)
      twin.nodeKey = RandomWorld.nodeKey(number + 20)
      twin.user = random.one(of: ModelWorld.users)
      twin.tags = []
      twin.givenName = random.one(of: [
        Parking.parkedName(host.name, id: twin.id), "\(host.name)-1", host.name,
      ])
      if twin.user?.id != node.user?.id { insert(twin) }
    }
    insert(node)
  }

  private mutating func addStranger(_ number: Int) {
    var node = MeshNode(
      id: String(number), machineKey: RandomWorld.machineKey(number),
      nodeKey: RandomWorld.nodeKey(number), hostname: "stray",
      givenName: random.one(of: ModelWorld.hosts + ["stray", "phone"]))
    if random.once(in: 4) {
      node.givenName = Parking.parkedName(random.one(of: ModelWorld.hosts), id: node.id)
    }
    fill(&node)
    node.online = random.once(in: 2)
    insert(node)
  }

  private mutating func fill(_ node: inout MeshNode) {
    if random.once(in: 2) {
      node.tags = random.one(of: [["tag:web"], ["tag:db"], ["tag:db", "tag:edge"]])
      mesh.server.creators[node.id] = "1"
    } else {
      node.user = random.one(of: ModelWorld.users)
    }
    node.approvedRoutes = random.some(of: ["10.0.0.0/24", "10.1.0.0/16"])
    if random.once(in: 4) { node.approvedRoutes += IPPrefix.exitRoutes }
    node.online = false
    node.lastSeen = random.one(of: [
      nil, mesh.now.adding(seconds: -3600), mesh.now.adding(seconds: -8 * 86_400),
    ])
    node.expiry = random.one(of: [nil, nil, mesh.now.adding(seconds: 9_999)])
    node.ipAddresses = ["100.64.0.\(node.id)"]
  }

  /// Names are unique on a server.
  private mutating func insert(_ node: MeshNode) {
    var node = node
    let taken = Set(mesh.server.nodes.map(\.givenName))
    if taken.contains(node.givenName) { node.givenName = "node-\(node.id)" }
    mesh.server.nodes.append(node)
  }
}
