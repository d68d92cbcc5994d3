import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport

/// A random inventory over a random world: fresh, joined and drifted hosts, strangers, faults.
struct RandomMesh {
  let mesh: Mesh
  private var random: SeededGenerator

  init(seed: UInt64, withFaults: Bool = true) async throws {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...5, using: &random)
    let limit = ["0", "1", "2", "off"].randomElement(using: &random) ?? "1"
    var text =
      "guards: {offline_after: 0s, confirm_after: 0s, prune_after: 1h, max_deletes: \(limit)}\n"
      + "hosts:\n"
    var nodes: [MeshNode] = []
    for index in 1...count {
      let name = "host-\(index)"
      text += "  \(name): {\(RandomMesh.declaration(index, &random))}\n"
      if Int.random(in: 0..<5, using: &random) > 1 {
        nodes.append(RandomMesh.node(nodes.count + 1, name, &random))
      }
    }
    if Bool.random(using: &random) {
      nodes.append(RandomMesh.node(nodes.count + 1, "phone-7", &random))
    }
    mesh = try Mesh(text, seed: Mesh.seed(nodes: nodes, random: seed))
    self.random = random
    for host in mesh.inventory.hosts {
      await drift(host.key)
      if withFaults { await harm(host.key) }
    }
    if withFaults, self.random.oneIn(4) { await addStranger() }
  }

  private static func declaration(_ index: Int, _ random: inout SeededGenerator) -> String {
    var parts: [String] = []
    switch Int.random(in: 0..<4, using: &random) {
    case 0: parts.append("tags: [tag:web]")
    case 1: parts.append("tags: [tag:web, tag:db]")
    case 2: parts.append("owner: office")
    default: parts.append("owner: ops")
    }
    if random.oneIn(2) { parts.append("routes: [10.\(index).0.0/16]") }
    if random.oneIn(4) { parts.append("exit_node: \(Bool.random(using: &random))") }
    if random.oneIn(4) { parts.append("accept_routes: \(Bool.random(using: &random))") }
    if random.oneIn(4) { parts.append("accept_dns: \(Bool.random(using: &random))") }
    if random.oneIn(4) { parts.append("tailscale_ssh: \(Bool.random(using: &random))") }
    if random.oneIn(6) { parts.append("offline: ignore") }
    if random.oneIn(6) { parts.append("aliases: [phone-7]") }
    return parts.joined(separator: ", ")
  }

  private static func node(
    _ id: Int, _ name: String, _ random: inout SeededGenerator
  ) -> MeshNode {
    var node = MeshNode(
      id: String(id), machineKey: "", nodeKey: "", hostname: name, givenName: name)
    if random.oneIn(2) {
      node.tags = random.oneIn(2) ? ["tag:web"] : ["tag:db", "tag:web"]
    } else {
      node.user = MeshUser(id: "1", name: "ops")
    }
    if random.oneIn(3) { node.availableRoutes = ["10.\(id).0.0/16"] }
    if random.oneIn(3) { node.approvedRoutes = ["10.\(id).0.0/16"] }
    node.online = !random.oneIn(4)
    node.lastSeen = Timestamp(seconds: 1_767_220_000)
    if random.oneIn(10) { node.expiry = Timestamp(seconds: 1_767_200_000) }
    return node
  }

  /// What people do to hosts.
  private mutating func drift(_ key: String) async {
    let number = Int.random(in: 0..<12, using: &random)
    let machineKey = "mkey:" + random.hex(64)
    await mesh.change(key) { host in
      switch number {
      case 0: host.client = nil
      case 1: host.client?.preferences.acceptRoutes.toggle()
      case 2:
        host.client?.nodeKey = nil
        host.client?.preferences.loggedOut = true
      case 3: host.client?.preferences.controlURL = "https://elsewhere.example.net"
      case 4: host.client?.preferences.wantRunning = false
      case 5: host.client?.preferences.advertiseRoutes = ["192.168.9.0/24"]
      case 6 where host.client == nil:
        host.client = SimulatedClient(version: "1.90.0", isRunning: false, machineKey: machineKey)
      default: break
      }
    }
    if number == 7 { await mesh.stopClient(key) }
  }

  private mutating func harm(_ key: String) async {
    let number = Int.random(in: 0..<24, using: &random)
    let script = ScriptName.allCases.randomElement(using: &random) ?? .join
    await mesh.change(key) { host in
      switch number {
      case 0: host.faults.unreachable = true
      case 1: host.privilege = .sudoPassword
      case 2: host.privilege = .refused
      case 3: host.faults.unresolvable = ["mesh.example.com"]
      case 4: host.faults.refused = ["mesh.example.com:443"]
      case 5: host.faults.installFailsAt = "update"
      case 6: host.faults.joinTimesOut = true
      case 7: host.faults.diesDuring = script
      case 8: host.privilege = .root
      case 9: host.packageManagers = ["zypper"]
      case 10: host.initSystem = .none
      default: break
      }
    }
  }

  private mutating func addStranger() async {
    let index = Int.random(in: 1...mesh.inventory.hosts.count, using: &random)
    let stranger = ServerNode.stranger(called: "host-\(index)", id: 90)
    await mesh.world.withServer { server, _ in
      if !server.nodes.contains(where: { $0.givenName == stranger.givenName }) {
        server.adopt(stranger)
      }
    }
  }
}

extension SeededGenerator {
  mutating func oneIn(_ number: Int) -> Bool { Int.random(in: 0..<number, using: &self) == 0 }
}

extension ServerNode {
  /// A node of somebody else that carries a host's name.
  static func stranger(called name: String, id: Int, online: Bool = true) -> ServerNode {
    let end = String(repeating: "e", count: 62) + "\(id)"
    var node = ServerNode(
      id: id, machineKey: "mkey:" + end, nodeKey: "nodekey:" + end, discoKey: "discokey:" + end,
      ipAddresses: ["100.64.9.\(id)"], hostname: name, givenName: name,
      createdAt: Timestamp(seconds: 1_767_000_000))
    node.userID = 1
    node.presence = online ? .connected : .offline
    node.lastSeen = Timestamp(seconds: 1_767_000_000)
    return node
  }
}
