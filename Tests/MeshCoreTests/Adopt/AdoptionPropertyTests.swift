import Foundation
import MeshCore
import MeshTestSupport
import Testing
import YAMLReader

/// What an imported inventory promises, over thousands of node lists.
@Suite struct AdoptionPropertyTests {
  static func server() throws -> Adoption.Server {
    let url = try #require(ServerURL("https://mesh.example.com"))
    return Adoption.Server(settings: ServerSettings(url: url), version: "0.29.2")
  }

  static func loaded(_ text: String) -> (inventory: Inventory?, diagnostics: [Diagnostic]) {
    InventoryLoader.load(bytes: Array(text.utf8), path: "inventory.yaml", digest: "sha256:0")
  }

  static func plan(_ inventory: Inventory, _ observation: Observation, _ now: Timestamp) -> Plan {
    Planner.plan(
      inventory, selection: Set(inventory.hosts.map(\.key)), observation: observation, now: now,
      flags: PlanFlags())
  }

  @Test(.timeLimit(.minutes(5))) func theNextPlanIsEmpty() throws {
    var adopted = 0
    var leftOut = 0
    var parked = 0
    for seed in UInt64(1)...3_000 {
      let mesh = RandomMesh(seed: seed)
      let adoption = Adoption(mesh.observation, server: try Self.server(), now: mesh.now)
      let text = adoption.text
      let (inventory, diagnostics) = Self.loaded(text)
      guard let inventory else {
        Issue.record("seed \(seed): \(DiagnosticText.render(diagnostics))\n\(text)")
        return
      }
      let plan = Self.plan(inventory, mesh.observation, mesh.now)
      let changed = plan.hosts.filter { $0.action != .none || $0.isHindered }
      guard changed.isEmpty, plan.isEmpty, plan.diagnostics.isEmpty else {
        Issue.record("seed \(seed): \(changed)\n\(text)")
        return
      }
      let counts = adoption.counts
      #expect(counts.hosts == inventory.hosts.count)
      #expect(
        counts.hosts + counts.leftOut + counts.parked == mesh.observation.nodes.count,
        "every node is somewhere in the file")
      let findings = AdoptionCheck.findings(text, over: mesh.observation, now: mesh.now)
      #expect(findings.isEmpty)
      adopted += counts.hosts
      leftOut += counts.leftOut
      parked += counts.parked
    }
    // Otherwise nothing was tested.
    #expect(adopted > 5_000)
    #expect(leftOut > 2_000)
    #expect(parked > 500)
  }

  @Test func theOrderOfTheListDoesNotMatter() throws {
    for seed in UInt64(1)...300 {
      var mesh = RandomMesh(seed: seed)
      let text = Adoption(mesh.observation, server: try Self.server(), now: mesh.now).text
      var random = SeededGenerator(seed: seed)
      mesh.observation.nodes.shuffle(using: &random)
      let again = Adoption(mesh.observation, server: try Self.server(), now: mesh.now).text
      #expect(again == text, "seed \(seed)")
    }
  }

  /// Nobody's name can recolour a terminal, reorder a line or forge one.
  @Test func theFileHasNoHiddenCharacter() throws {
    for seed in UInt64(1)...500 {
      let mesh = RandomMesh(seed: seed)
      let text = Adoption(mesh.observation, server: try Self.server(), now: mesh.now).text
      let hidden = text.unicodeScalars.first { $0 != "\n" && VisibleText.isHidden($0) }
      #expect(hidden == nil, "seed \(seed)")
    }
  }

  /// The same owner, tags, routes and pin as the node's, wherever it is written.
  @Test func whatIsWrittenIsWhatTheNodeHas() throws {
    for seed in UInt64(1)...1_000 {
      let mesh = RandomMesh(seed: seed)
      let text = Adoption(mesh.observation, server: try Self.server(), now: mesh.now).text
      let inventory = try #require(Self.loaded(text).inventory)
      for host in inventory.hosts {
        let listed = mesh.observation.nodes.first { node in
          if let pin = host.machineKey { return node.machineKey == pin }
          return node.givenName == host.name
        }
        let node = try #require(listed)
        #expect(node.givenName == host.name)
        switch host.ownership {
        case .tags(let tags)?: #expect(tags == Set(node.tags).sorted())
        case .owner(let owner)?:
          #expect(owner == node.user?.name || owner == node.user?.email, "seed \(seed)")
        case nil:
          let isLegal = !node.tags.isEmpty && node.tags.allSatisfy(["tag:web", "tag:db"].contains)
          #expect(!isLegal, "seed \(seed)")
        }
        let routes = Set((host.routes ?? []).map(\.description))
        #expect(routes.isSubset(of: Set(node.approvedRoutes.map(IPPrefix.canonical))))
        #expect(host.offline == (node.online ? .repair : .ignore))
      }
    }
  }

  /// Leaving out is for what cannot be said: an ordinary mesh is adopted whole.
  @Test func anOrdinaryMeshIsAdoptedWhole() throws {
    var observation = RandomMesh(seed: 1).observation
    observation.users = [MeshUser(id: "1", name: "alice")]
    observation.nodes = (1...50).map { number in
      var node = MeshNode(
        id: "\(number)", machineKey: "mkey:\(CaseServer.digits("\(number)"))",
        nodeKey: "nodekey:\(CaseServer.digits("\(number)"))", hostname: "h\(number)",
        givenName: "h\(number)")
      node.online = true
      if number % 2 == 0 { node.tags = ["tag:web"] } else { node.user = observation.users?[0] }
      return node
    }
    let adoption = Adoption(
      observation, server: try Self.server(), now: Timestamp(seconds: 1_795_348_800))
    #expect(adoption.counts.hosts == 50)
    #expect(adoption.counts.leftOut == 0)
    let inventory = try #require(Self.loaded(adoption.text).inventory)
    #expect(inventory.groups == ["web"])
    #expect(inventory.hosts.allSatisfy { $0.machineKey != nil && $0.ownership != nil })
  }

  @Test func tenThousandNodesAreQuick() throws {
    var observation = RandomMesh(seed: 1).observation
    observation.nodes = (1...10_000).map { number in
      var node = MeshNode(
        id: "\(number)", machineKey: "mkey:\(CaseServer.digits("\(number)"))",
        nodeKey: "nodekey:\(CaseServer.digits("\(number)"))", hostname: "h\(number)",
        givenName: "h\(number)")
      node.online = true
      node.tags = ["tag:t\(number % 1000)"]
      return node
    }
    let adoption = Adoption(
      observation, server: try Self.server(), now: Timestamp(seconds: 1_795_348_800))
    let inventory = try #require(Self.loaded(adoption.text).inventory)
    #expect(inventory.hosts.count == 10_000)
    #expect(inventory.groups.count == 1_000)
  }
}
