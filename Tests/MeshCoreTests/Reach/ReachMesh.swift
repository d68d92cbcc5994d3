import MeshCore
import MeshTestSupport

/// A mesh of hosts that all have joined, for tests of verify.
struct ReachMesh {
  var inventory: Inventory
  var nodes: [MeshNode] = []
  static let now = Timestamp(seconds: 1_780_000_000)

  init(_ yaml: String) throws {
    inventory = try InventoryText.load(yaml)
    for (index, host) in inventory.hosts.enumerated() {
      nodes.append(Self.node(index + 1, host.name))
    }
  }

  /// Hosts of these names.
  init(names: [String]) throws {
    try self.init("hosts:\n" + names.map { "  \($0): {owner: alice}\n" }.joined())
  }

  static func node(_ id: Int, _ name: String) -> MeshNode {
    func key(_ kind: String) -> String {
      let digits = String(id, radix: 16)
      return "\(kind):" + String(repeating: "0", count: 64 - digits.count) + digits
    }
    var node = MeshNode(
      id: String(id), machineKey: key("mkey"), nodeKey: key("nodekey"), hostname: name,
      givenName: name)
    node.ipAddresses = ["100.64.0.\(id)", "fd7a:115c:a1e0::\(String(id, radix: 16))"]
    node.online = true
    return node
  }

  var observation: Observation {
    Observation(
      server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"), nodes: nodes,
      users: nil, policy: .unknown, takenAt: Self.now)
  }

  var roster: ReachRoster {
    ReachRoster(inventory: inventory, observation: observation, now: Self.now)
  }

  func plan(
    askers: Set<String>? = nil, peers: Set<String>? = nil, sample: Int? = nil
  ) -> ReachPlan {
    ReachPlan(
      roster: roster, hosts: inventory.hosts, askers: askers ?? inventory.everyone,
      peers: peers ?? inventory.everyone, sample: sample, now: Self.now)
  }

  /// The report where `word` decides each direction by the numbers of its ends.
  func report(
    _ plan: ReachPlan, refusing: [String: Diagnostic] = [:], word: (Int, Int) -> (Int, String)
  ) -> ReachReport {
    let ids = Dictionary(
      uniqueKeysWithValues: inventory.hosts.enumerated().map { ($1.key, $0 + 1) })
    var answers: [String: ReachAnswer] = [:]
    for question in plan.questions {
      if let refusal = refusing[question.host] {
        answers[question.host] = .failed(refusal)
        continue
      }
      var sections = ["status": Self.status(ids[question.host] ?? 0)]
      for (index, peer) in question.peers.enumerated() {
        let (status, text) = word(ids[question.host] ?? 0, ids[peer.host] ?? 0)
        sections["ping-\(index + 1)"] = .init(status: status, text: text)
      }
      for index in question.endpoints.indices {
        sections["endpoint-\(index + 1)"] = .init(status: 0, text: "took 2.0 ms")
      }
      answers[question.host] = .report(ScriptReport(sections: sections))
    }
    return ReachReport(
      plan, answers: answers, inventory: inventory, observation: observation, simulated: false)
  }

  static func status(_ id: Int, state: String = "Running") -> ScriptReport.Section {
    .init(
      status: 0,
      text: """
        {"BackendState":"\(state)","HaveNodeKey":true,"Self":{"PublicKey":"\(node(id, "").nodeKey)"}}
        """)
  }

  static func pong(_ via: String, _ time: String = "3ms") -> (Int, String) {
    (0, "pong from peer (100.64.0.9) via \(via) in \(time)")
  }
}
