import MeshCore

/// An observation out of few names, keys, users and routes, many of them hostile or alike.
struct RandomMesh {
  static let names = [
    "web-1", "web-2", "web-10", "db-1", "gw-1", "null", "yes", "1234", "10", "0x1f", "1e3", "all",
    "defaults", "hosts", "no", "a", "Web-1", "mail.server", "x y", "-dash", "web-1-old-9",
    "\u{1B}[2J", "\u{202E}txt", "a\nb: c", "漢字", "", "<script>", "a: b", "# c", "{{ x }}",
    "\u{FFFE}",
    "\u{2028}", "*x", "&y", "!z", String(repeating: "n", count: 63),
    String(repeating: "n", count: 64),
  ]
  static let users = [
    MeshUser(id: "1", name: "alice"), MeshUser(id: "2", name: "office"),
    MeshUser(id: "3", name: "office", email: "office@example.com", provider: "oidc"),
    MeshUser(id: "4", name: "", email: "mail+x@example.com", provider: "oidc"),
    MeshUser(id: "5", name: "no"), MeshUser(id: "6", name: "a b\n"), MeshUser(id: "7", name: "x"),
    MeshUser(id: "8", name: "Ünal", email: "MAIL@example.com"),
  ]
  static let tags = [
    "tag:web", "tag:db", "tag:a/b", "tag:x.y", "tag:Ü", "tag:UPPER", "tag:", "bad", "tag:a b",
    "tag:ü",
  ]
  static let routes = [
    "0.0.0.0/0", "::/0", "10.0.0.0/24", "10.0.0.7/24", "10.1.0.0/16", "fd00::/64", "fd00:0::/64",
    "nonsense", "0.0.0.1/0",
  ]

  var observation: Observation
  var now = Timestamp(seconds: 1_795_348_800)

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    observation = Observation(
      server: ServerIdentity(
        url: "https://mesh.example.com",
        version: random.one(of: ["0.26.1", "0.28.0", "0.29.2", "x\u{1B}", nil])),
      nodes: [], users: random.once(in: 5) ? nil : random.some(of: RandomMesh.users),
      policy: random.one(of: [.unknown, .none, .tagOwners(["tag:web"]), .unreadable("line 1")]),
      takenAt: random.once(in: 3) ? nil : now)
    if random.once(in: 2) { observation.users = RandomMesh.users }
    // Real servers do not list a name or a machine twice: half of the meshes keep to that.
    let isTidy = random.once(in: 2)
    let count = Int.random(in: 0...14, using: &random)
    for number in 0..<count {
      let id = String(number * 7 + Int.random(in: 1...7, using: &random))
      observation.nodes.append(
        RandomMesh.node(id, now: now, isTidy: isTidy, &random))
    }
    if isTidy {
      var seen: Set<String> = []
      observation.nodes.removeAll { !seen.insert($0.givenName).inserted }
    }
    observation.nodes.shuffle(using: &random)
  }

  private static func node(
    _ id: String, now: Timestamp, isTidy: Bool, _ random: inout SeededGenerator
  ) -> MeshNode {
    var name = random.one(of: names)
    if random.once(in: 2) { name = "host-\(Int.random(in: 0...99, using: &random))" }
    if random.once(in: 12) { name = random.one(of: ["web-1", "host-5", "gone"]) + "-old-\(id)" }
    var machine = "mkey:\(CaseServer.digits(id))"
    if !isTidy, random.once(in: 6) { machine = "mkey:\(CaseServer.digits("5b5b"))" }
    if random.once(in: 9) {
      machine = random.one(of: [
        "", "mkey:", "mkey:" + String(repeating: "0", count: 64), "mkey:\n", "mkey:" + id,
        "mkey:\(CaseServer.digits("5a5a"))",
      ])
    }
    var node = MeshNode(
      id: id, machineKey: machine, nodeKey: "nodekey:\(CaseServer.digits(id))",
      hostname: random.once(in: 3) ? random.one(of: names) : name, givenName: name)
    if random.once(in: 2) {
      node.tags = random.some(of: Array(tags.prefix(random.once(in: 3) ? 10 : 2)))
    }
    if node.tags.isEmpty || random.once(in: 4) {
      node.user = random.once(in: 8) ? nil : random.one(of: users)
    }
    node.approvedRoutes = random.once(in: 2) ? [] : random.some(of: routes)
    node.availableRoutes =
      random.once(in: 2) ? node.approvedRoutes.reversed() : random.some(of: routes)
    node.online = random.once(in: 2)
    node.lastSeen = random.one(of: [
      nil, now, now.adding(seconds: -400), now.adding(seconds: -9_999_999),
      now.adding(seconds: 9),
    ])
    node.expiry = random.one(of: [
      nil, nil, nil, now.adding(seconds: -1), now, now.adding(seconds: 99_999),
    ])
    return node
  }
}
