import MeshCore

/// A server and the machines of an inventory's hosts, changed by steps as the real ones would be.
struct ModelMesh {
  var server: ModelServer
  /// By inventory key.
  var machines: [String: ModelMachine] = [:]
  var now: Timestamp
  /// Nil where the server's clock is not known.
  var hasServerClock = true
  private var lastKey = 1000

  init(server: ModelServer, now: Timestamp) {
    self.server = server
    self.now = now
  }

  static let url = "https://mesh.example.com"
  /// The server goes by an address too, which the inventory does not know.
  static let urls: Set<String> = [url, "http://10.0.0.5"]

  // MARK: What is seen

  func observation(url: String) -> Observation {
    Observation(
      server: ServerIdentity(url: url, version: server.release.rawValue), nodes: server.nodes,
      users: server.users, policy: server.tagOwners.map { .tagOwners($0) } ?? .none,
      takenAt: hasServerClock ? now : nil)
  }

  func probe(_ host: String) -> ProbeResult? {
    guard let machine = machines[host] else { return nil }
    let node = server.nodes.first { $0.nodeKey == machine.nodeKey }
    let expired = node?.expiry.map { $0 <= now } ?? false
    return machine.probe(isExpired: expired)
  }

  /// Nodes of known machines are online while their clients run; strangers stay as they are.
  mutating func settlePresence() {
    for index in server.nodes.indices {
      let node = server.nodes[index]
      guard machines.values.contains(where: { $0.machineKey == node.machineKey }) else { continue }
      let client = machines.values.first { $0.nodeKey == node.nodeKey }
      let isHere =
        client?.client == .running && ModelMesh.urls.contains(client?.preferences.controlURL ?? "")
      let isExpired = node.expiry.map { $0 <= now } ?? false
      if node.online, !(isHere && !isExpired) { server.nodes[index].lastSeen = now }
      server.nodes[index].online = isHere && !isExpired
      if isHere, !isExpired, let client {
        server.nodes[index].availableRoutes = client.preferences.advertiseRoutes
      }
    }
  }

  // MARK: What is done

  mutating func perform(_ step: Step, on host: String) throws {
    switch step {
    case .enableSSH: throw ModelRefusal(description: "\(host): the model has no bootstrap")
    case .elevate:
      guard machines[host]?.elevation == .sudo else {
        throw ModelRefusal(description: "\(host): nobody can become root")
      }
    case .checkServer: break
    case .installClient:
      try change(host) { machine, fresh in
        guard machine.client == .missing else {
          throw ModelRefusal(description: "the client is installed")
        }
        machine = ModelMachine(
          client: .loggedOut, machineKey: "mkey:" + fresh, isReachable: machine.isReachable,
          elevation: machine.elevation, sshPeer: machine.sshPeer)
      }
    case .startService(let step):
      try change(host) { machine, _ in
        if machine.client == .silent {
          machine.client = machine.nodeKey == nil ? .loggedOut : .running
        }
        if step.resumes, machine.client == .down { machine.client = .running }
      }
    case .join(let join):
      if let id = join.deletesFirst { try server.delete(id) }
      try logIn(join, host)
    case .setPreferences(let arguments): try change(host) { machine, _ in machine.take(arguments) }
    // Versions and settings of machines are not modelled.
    case .upgradeClient, .configureHost: break
    case .takeBack: break  // The model has no desktops.
    case .leave: try change(host) { machine, _ in machine.client = .down }
    case .setTags(let id, let tags): try server.setTags(id, tags)
    case .approveRoutes(let id, let routes): try server.approve(id, routes)
    case .renameNode(let id, let name): try server.rename(id, to: name)
    case .setExpiry(let id): try server.disableExpiry(id)
    case .deleteNode(let id): try server.delete(id)
    }
    settlePresence()
  }

  private mutating func change(
    _ host: String, _ body: (inout ModelMachine, String) throws -> Void
  ) throws {
    guard var machine = machines[host], machine.isReachable else {
      throw ModelRefusal(description: "\(host) cannot be reached")
    }
    lastKey += 1
    try body(&machine, CaseServer.digits(String(lastKey)))
    machines[host] = machine
  }

  private mutating func logIn(_ join: JoinStep, _ host: String) throws {
    let own = server.nodes.first { $0.nodeKey == machines[host]?.nodeKey }
    let isExpired = own?.expiry.map { $0 <= now } ?? false
    try change(host) { machine, fresh in
      guard machine.client == .running || machine.client == .loggedOut || machine.client == .down
      else { throw ModelRefusal(description: "no daemon on \(host)") }
      let forces = join.arguments.contains("--force-reauth")
      // An expired key is no login.
      if machine.nodeKey != nil, !forces, !isExpired {
        throw ModelRefusal(description: "up with a key is ignored: \(host) has one")
      }
      machine.nodeKey = "nodekey:" + fresh
      machine.take(join.arguments)
      machine.client = .running
    }
    guard let machine = machines[host] else { return }
    try server.register(machine, key: join.key)
  }
}
