import MeshCore
import Testing
import YAMLReader

/// Plans of the shards of one mesh, held against the plan of the whole.
@Suite struct ShardPlanTests {
  static let worlds: UInt64 = 3000

  /// All shards together do what one run would have done: every host and every deletion once.
  @Test(arguments: [1, 2, 3]) func shardsAddUpToTheWhole(count: Int) async throws {
    var pruned = 0
    var twins = 0
    var apart = 0
    for seed in 0..<Self.worlds {
      if seed.isMultiple(of: 64) { await Task.yield() }
      var world = try #require(RandomWorld(seed: seed))
      world.flags.maxDeletes = .off
      world.flags.maxChanges = .off
      world.flags.prune = seed.isMultiple(of: 2)
      world.selection = Set(world.inventory.hosts.map(\.key))
      let whole = plan(world)
      let plans = try (0..<count).map { try shardPlan(world, index: $0, of: count) }

      let names = plans.flatMap { $0.hosts.map(\.name) }
      #expect(names.sorted() == whole.hosts.map(\.name).sorted(), "seed \(seed)")
      let deletions = plans.flatMap { $0.unmanaged.compactMap(\.deletion) }
      #expect(
        deletions.map(\.node.id).sorted()
          == whole.unmanaged.compactMap(\.deletion).map(\.node.id).sorted(), "seed \(seed)")
      #expect(Set(deletions) == Set(whole.unmanaged.compactMap(\.deletion)), "seed \(seed)")
      // Names may be swapped between hosts of two shards, which only the whole can do.
      for host in plans.flatMap(\.hosts)
      where !host.diagnostics.contains(where: { $0.code == .nameHeld }) {
        let one = whole.hosts.first { $0.name == host.name }
        if one?.parkings.contains(where: { $0.reason == .swap }) == true { continue }
        #expect(host == one, "seed \(seed), \(host.name)")
      }
      for later in plans.dropFirst() {
        for node in later.unmanaged {
          #expect(node.deletion?.reason != .prune && !node.isPrunable, "seed \(seed)")
          #expect(node.deletion != nil || node.isFormerRecord, "seed \(seed)")
        }
        twins += later.unmanaged.count { $0.deletion != nil }
      }
      pruned += deletions.count { $0.reason == .prune }
      apart += plans.count { !$0.hosts.isEmpty } - 1
    }
    #expect(pruned > 20)
    #expect(count == 1 || (apart > 100 && twins > 5), "\(apart) \(twins)")
  }

  /// `--limit` with a shard: the first one answers for nobody else's nodes any more.
  @Test func aLimitEndsServerWork() throws {
    var reported = 0
    for seed in 0..<300 as Range<UInt64> {
      var world = try #require(RandomWorld(seed: seed))
      world.flags.shard = Shard(index: 0, count: 2)
      world.flags.limit = ["*"]
      let shard = try #require(world.flags.shard)
      world.selection = Set(world.inventory.hosts.map(\.key).filter(shard.contains))
      let limited = plan(world)
      for node in limited.unmanaged {
        #expect(node.deletion != nil || node.isFormerRecord, "seed \(seed)")
        #expect(node.deletion?.reason != .prune, "seed \(seed)")
      }
      world.flags.limit = []
      reported += plan(world).unmanaged.count - limited.unmanaged.count
    }
    #expect(reported > 50)
  }

  @Test func theShardIsSaid() throws {
    let hosts = (0..<8).map { "host-\($0)" }
    let shard = try #require(Shard(index: 1, count: 2))
    var world = try drifted(hosts, [], .off)
    world.flags.prune = true
    let text = Report.plan(plan(world, shard), as: .text, style: TextStyle(), hash: "")
    let number = hosts.filter(shard.contains).count
    #expect(text.contains("8 hosts in inventory.yaml (shard 1/2: \(number) selected)"), "\(text)")
    #expect(text.contains("Flags: --prune (done by shard 0/2)."), "\(text)")
    let json = PlanDocument.json(plan(world, shard))
    #expect(json.contains(#""shard" : "1/2""#))
    let saved = try SavedPlan(bytes: Array(json.utf8), file: "p.json")
    #expect(saved.plan.flags.shard == shard)
    for junk in ["2/2", "x", "0/0", "/2"] {
      let forged = json.replacing(#""shard" : "1/2""#, with: #""shard" : "\#(junk)""#)
      #expect(throws: Failure.self, "\(junk)") {
        try SavedPlan(bytes: Array(forged.utf8), file: "p.json")
      }
    }
  }

  // MARK: Worlds

  /// Hosts pinned to nodes; those that `drifted` names lack a tag.
  private func drifted(
    _ hosts: [String], _ drifted: Set<String>, _ limit: Guards.Limit
  ) throws -> (inventory: Inventory, observation: Observation, flags: PlanFlags) {
    let url = try #require(ServerURL("https://mesh.example.com"))
    var inventory = Inventory(
      path: "inventory.yaml", digest: "sha256:0", server: ServerSettings(url: url),
      guards: Guards(), hosts: [], groups: [])
    var nodes: [MeshNode] = []
    for (number, key) in hosts.enumerated() {
      var host = Host(key: key, mark: .init(line: 1, column: 1))
      host.ownership = .tags(["tag:web"])
      host.machineKey = RandomWorld.machineKey(number)
      inventory.hosts.append(host)
      var node = MeshNode(
        id: "\(number + 1)", machineKey: RandomWorld.machineKey(number),
        nodeKey: RandomWorld.nodeKey(number), hostname: key, givenName: key)
      node.online = true
      node.tags = drifted.contains(key) ? ["tag:db"] : ["tag:web"]
      nodes.append(node)
    }
    inventory.guards.maxChanges = limit
    let observation = Observation(
      server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"), nodes: nodes,
      users: RandomWorld.users, policy: .tagOwners(["tag:web", "tag:db"]), takenAt: PlanCase.now,
      facts: [:])
    return (inventory, observation, PlanFlags())
  }

  private func plan(
    _ world: (inventory: Inventory, observation: Observation, flags: PlanFlags), _ shard: Shard
  ) -> Plan {
    var flags = world.flags
    flags.shard = shard
    return Planner.plan(
      world.inventory,
      selection: Set(world.inventory.hosts.map(\.key).filter(shard.contains)),
      observation: world.observation, now: PlanCase.now, flags: flags)
  }

  private func shardPlan(_ world: RandomWorld, index: Int, of count: Int) throws -> Plan {
    let shard = try #require(Shard(index: index, count: count))
    return plan((world.inventory, world.observation, world.flags), shard)
  }

  private func plan(_ world: RandomWorld) -> Plan {
    Planner.plan(
      world.inventory, selection: world.selection, observation: world.observation,
      now: PlanCase.now, flags: world.flags)
  }
}
