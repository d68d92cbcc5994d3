import MeshCore
import YAMLReader

/// An inventory and an observation out of so few names, keys and routes that all of them collide.
struct RandomWorld {
  static let names = ["web-1", "web-2", "db-1", "gw-1", "old-1", "web-1-1"]
  static let tags = ["tag:db", "tag:edge", "tag:web"]
  static let routes = [
    "0.0.0.0/0", "10.0.0.0/24", "10.0.0.7/24", "10.1.0.0/16", "::/0", "nonsense",
  ]
  static let wanted = ["10.0.0.0/24", "10.1.0.0/16", "fd00::/64"].compactMap {
    try? IPPrefix.parse($0)
  }
  static let hostile = ["\u{1B}[2J", "\u{202E}txt", "a\nb", "漢字", "", "<script>"]

  var inventory: Inventory
  var observation: Observation
  var selection: Set<String>
  var flags = PlanFlags()
  private var random: SeededGenerator

  init?(seed: UInt64) {
    guard let url = ServerURL("https://mesh.example.com") else { return nil }
    random = SeededGenerator(seed: seed)
    inventory = Inventory(
      path: "inventory.yaml", digest: "sha256:0", server: ServerSettings(url: url),
      guards: Guards(), hosts: [], groups: [])
    observation = Observation(
      server: ServerIdentity(
        url: url.normalized, version: random.one(of: ["0.28.0", "0.29.2", "0.29.3", "0.30.0", nil])),
      nodes: [], users: nil, policy: .unknown,
      takenAt: random.once(in: 4) ? nil : PlanCase.now)
    selection = []
    if random.once(in: 2) { inventory.server.keyOwner = random.one(of: ["alice", "nobody"]) }
    inventory.guards.maxDeletes = random.one(of: RandomWorld.limits)
    inventory.guards.maxChanges = random.one(of: [.off, .off, .count(1), .percent(10)])
    if random.once(in: 4) { flags.maxDeletes = random.one(of: RandomWorld.limits) }
    if random.once(in: 6) { flags.maxChanges = random.one(of: RandomWorld.limits) }
    inventory.guards.pruneAfter = random.one(of: [0, 300, 7 * 86_400])
    flags.allowMove = random.once(in: 2)
    flags.probe = random.once(in: 4)
    inventory.guards.ignore = random.once(in: 4) ? ["old-*", "tag:edge"] : []
    flags.askBecomePassword = random.once(in: 3)
    inventory.hosts = random.some(of: RandomWorld.names).map { host($0) }
    observation.nodes = (1...7).filter { _ in !random.once(in: 3) }.map { node($0) }
    observation.users = random.once(in: 5) ? nil : random.some(of: RandomWorld.users)
    observation.policy = random.one(of: [
      .unknown, .none, .tagOwners(["tag:db", "tag:web"]), .tagOwners(Set(RandomWorld.tags)),
      .unreadable("line 1"),
    ])
    for (index, host) in inventory.hosts.enumerated() where !random.once(in: 3) {
      observation.facts[host.key] = probe()
      // In every other world hosts report keys of their own, so that something can be done there.
      guard seed % 2 == 0, case .facts(var facts) = observation.facts[host.key] else { continue }
      facts.client?.nodeKey = RandomWorld.nodeKey(index + 1)
      facts.client?.backendState = "Running"
      facts.elevation = random.one(of: [.sudo, .sudo, .sudoPassword])
      observation.facts[host.key] = .facts(facts)
    }
    if seed % 2 == 0 {
      for index in inventory.hosts.indices {
        inventory.hosts[index].machineKey = nil
        inventory.hosts[index].aliases = []
      }
    }
    selection = Set(
      random.once(in: 2) ? inventory.hosts.map(\.key) : random.some(of: inventory.hosts.map(\.key)))
    flags.prune = selection.count == inventory.hosts.count && random.once(in: 2)
  }

  private static let limits: [Guards.Limit] = [
    .off, .off, .count(0), .count(1), .count(3), .percent(1), .percent(34), .percent(50),
  ]

  static let users = [
    MeshUser(id: "1", name: "alice"), MeshUser(id: "2", name: "office"),
    MeshUser(id: "3", name: "office", email: "office@example.com", provider: "oidc"),
    MeshUser(id: "4", name: "", email: "mail@example.com", provider: "oidc"),
  ]

  static func machineKey(_ number: Int) -> String { "mkey:\(CaseServer.digits(String(number)))" }
  static func nodeKey(_ number: Int) -> String { "nodekey:\(CaseServer.digits(String(number)))" }

  private mutating func host(_ key: String) -> Host {
    var host = Host(key: key, mark: SourceMark(line: 1, column: 1))
    host.os = random.one(of: [.linux, .linux, .linux, .windows, .macos])
    host.ownership = random.one(of: [
      nil, .owner("alice"), .owner("office"), .owner("mail@example.com"), .owner("newcomer"),
      .tags(["tag:web"]), .tags(["tag:db", "tag:edge"]),
    ])
    host.machineKey =
      random.once(in: 4) ? RandomWorld.machineKey(Int.random(in: 1...9, using: &random)) : nil
    host.routes = random.once(in: 2) ? nil : random.some(of: RandomWorld.wanted)
    host.exitNode = random.one(of: [nil, nil, true, false])
    host.preferences.acceptRoutes = random.one(of: [nil, true, false])
    host.preferences.shieldsUp = random.one(of: [nil, nil, true])
    host.preferences.operatorUser = random.one(of: [nil, nil, "ops"])
    host.aliases = random.once(in: 3) ? random.some(of: RandomWorld.names + ["node"]) : []
    host.state = random.once(in: 5) ? .absent : .present
    host.protect = random.once(in: 8)
    host.offline = random.once(in: 4) ? .ignore : .repair
    host.expiry = random.once(in: 5) ? .never : .keep
    host.clientLogs = random.once(in: 8) ? .off : .keep
    host.become.method = random.one(of: [.auto, .auto, .sudo, .none])
    host.tailscale.source = random.one(of: [.auto, .auto, .static])
    if random.once(in: 3) { host.bootstrap.command = ["docker", "exec", "-i", key, "sh"] }
    return host
  }

  private mutating func node(_ number: Int) -> MeshNode {
    var name =
      random.once(in: 6)
      ? random.one(of: RandomWorld.hostile) : random.one(of: RandomWorld.names + ["stray"])
    if random.once(in: 6) { name = Parking.parkedName(name, id: String(number * number)) }
    var node = MeshNode(
      id: String(number * number),
      machineKey: RandomWorld.machineKey(random.once(in: 8) ? 1 : number),
      nodeKey: random.once(in: 8)
        ? "nodekey:" + String(repeating: "0", count: 64) : RandomWorld.nodeKey(number),
      hostname: random.one(of: RandomWorld.names), givenName: name)
    if random.once(in: 2) { node.tags = random.some(of: RandomWorld.tags) }
    if node.tags.isEmpty, !random.once(in: 5) { node.user = random.one(of: RandomWorld.users) }
    node.approvedRoutes = random.some(of: RandomWorld.routes)
    node.availableRoutes = random.some(of: RandomWorld.routes)
    node.online = random.once(in: 2)
    node.lastSeen = random.one(of: [
      nil, PlanCase.now, PlanCase.now.adding(seconds: -400),
      PlanCase.now.adding(seconds: -8 * 86_400),
    ])
    node.expiry = random.one(of: [
      nil, nil, PlanCase.now.adding(seconds: -1), PlanCase.now.adding(seconds: 999),
    ])
    return node
  }

  private mutating func probe() -> ProbeResult {
    if random.once(in: 5) {
      return .failed(Diagnostic(.sshRefused, .error, "nothing listens there", hint: "look"))
    }
    var facts = HostFacts(
      os: .linux, elevation: random.one(of: [.root, .sudo, .sudoPassword, .refused, .unavailable]))
    facts.user = "ops"
    facts.sshPeer = random.one(of: [nil, "10.0.0.1", "100.64.0.9", "fd7a:115c:a1e0::9"])
    facts.distribution = "debian"
    facts.distributionCodename = "bookworm"
    facts.packageManagers = random.one(of: [["apt"], ["apt"], []])
    facts.service = random.one(of: [.running, .running, .stopped, .missing, .noInit])
    guard !random.once(in: 4) else { return .facts(facts) }
    var client = ClientFacts(version: "1.102.3")
    client.backendState = random.one(of: [
      "Running", "Running", "Stopped", "Starting", "NeedsLogin", "NoState", "Other", nil,
    ])
    client.nodeKey =
      random.once(in: 4) ? nil : RandomWorld.nodeKey(Int.random(in: 1...9, using: &random))
    client.haveNodeKey = client.nodeKey != nil || random.once(in: 3)
    if !random.once(in: 3) {
      var prefs = ReportedPreferences()
      prefs.controlURL = random.one(of: [
        "", "https://mesh.example.com/", "https://mesh.example.com", "https://other.example",
      ])
      prefs.advertiseRoutes = random.some(of: RandomWorld.routes)
      prefs.acceptRoutes = random.once(in: 2)
      prefs.shieldsUp = random.once(in: 3)
      client.preferences = prefs
    }
    facts.client = client
    return .facts(facts)
  }
}
