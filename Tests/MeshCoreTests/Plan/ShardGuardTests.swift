import Testing
import YAMLReader

@testable import MeshCore

/// What the guards let all shards of one mesh do together.
@Suite struct ShardGuardTests {
  private static let hosts = (0..<40).map { "host-\($0)" }
  private static let counts = [1, 3, 4, 13, 40, 41]

  /// Shares of any number in any number of parts add up to it, none is more than one off the others.
  @Test func sharesAddUp() throws {
    for count in Array(1...40) + [97, 999, 1000] {
      let shards = try (0..<count).map { try #require(Shard(index: $0, count: count)) }
      for whole in [0, 1, 2, 3, 5, 12, 40, 41, 999, 1000, 1001, 12_345, Int.max] {
        let shares = shards.map { $0.share(of: whole) }
        #expect(shares.reduce(0, +) == whole, "\(whole) in \(count)")
        #expect(shares.allSatisfy { ($0 - whole / count) == 0 || ($0 - whole / count) == 1 })
      }
    }
  }

  @Test func numbersOfTheCommandLineAreOfTheRun() throws {
    let shard = try #require(Shard(index: 0, count: 4))
    func allowance(_ flag: Guards.Limit?, _ file: Guards.Limit) -> [Int?] {
      let allowance = GuardAllowance(flag, file, of: 41, shard: shard)
      return [allowance?.part, allowance?.whole]
    }
    #expect(allowance(nil, .count(8)) == [2, 8])
    #expect(allowance(nil, .percent(5)) == [0, 3])
    #expect(allowance(.count(3), .count(8)) == [3, 3])
    #expect(allowance(.percent(50), .count(8)) == [5, 21])
    #expect(allowance(.off, .count(8)) == [nil, nil])
  }

  /// As many hosts as may change, and no more, however they are spread.
  @Test(arguments: counts) func changesOfAllShards(count: Int) throws {
    for (limit, whole) in [(.percent(5), 2), (.percent(30), 12), (.count(3), 3)]
      as [(Guards.Limit, Int)]
    {
      var most = 0
      var all = 0
      for index in 0..<count {
        let shard = try #require(Shard(index: index, count: count))
        let mine = Self.hosts.filter(shard.contains)
        let share = shard.share(of: whole)
        for changed in Set([0, share, share + 1, mine.count]).sorted() where changed <= mine.count {
          let plan = try plan(shard, drifted: Set(mine.prefix(changed))) {
            $0.guards.maxChanges = limit
          }
          guard plan.stop == nil else {
            #expect(changed == share + 1, "\(shard.text)")
            #expect(
              plan.stop?.message.contains("(\(share); shard \(shard.text) has that of \(whole))")
                == true, "\(plan.stop?.message ?? "")")
            break
          }
          if changed == mine.count { all += changed }
          most += changed > 0 ? 1 : 0
        }
      }
      #expect(most <= whole && all <= whole, "\(count) shards, \(limit): \(most)")
    }
  }

  /// Hosts that are taken off the mesh keep to the share, nodes of nobody to the whole.
  @Test(arguments: counts) func deletionsOfAllShards(count: Int) throws {
    for (limit, whole) in [(.count(1), 1), (.count(5), 5), (.percent(11), 5)]
      as [(Guards.Limit, Int)]
    {
      var taken = 0
      for index in 0..<count {
        let shard = try #require(Shard(index: index, count: count))
        let mine = Self.hosts.filter(shard.contains)
        let share = shard.share(of: whole)
        for absent in [min(share, mine.count), share + 1] where absent <= mine.count {
          let plan = try plan(shard, absent: Set(mine.prefix(absent))) {
            $0.guards.maxDeletes = limit
          }
          let removed = plan.hosts.count { $0.action == .remove }
          #expect(removed == (absent <= share ? absent : 0), "\(shard.text), \(limit)")
          taken += absent <= share ? removed : 0
          let held = plan.hosts.flatMap(\.diagnostics).first { $0.code == .guardDeletes }
          #expect((held != nil) == (absent > share))
          #expect(held?.hint?.contains("--max-deletes \(absent)") ?? true)
        }
      }
      #expect(taken <= whole, "\(count) shards, \(limit)")
      #expect(count > 4 || taken == whole, "\(count) shards, \(limit)")
    }
  }

  @Test func pruningIsNotStarved() throws {
    let shard = try #require(Shard(index: 0, count: 4))
    let mine = Self.hosts.filter(shard.contains)
    for (stray, absent, pruned, removed) in [
      (4, 0, 4, 0), (5, 0, 0, 0), (3, 1, 3, 1), (4, 1, 0, 0), (2, 2, 2, 0), (0, 1, 0, 1),
    ] {
      let plan = try plan(shard, absent: Set(mine.prefix(absent)), stray: stray) {
        $0.guards.maxDeletes = .count(4)
      }
      let deletions = plan.unmanaged.compactMap(\.deletion)
      #expect(deletions.count == stray && deletions.allSatisfy { $0.reason == .prune })
      #expect(deletions.count { $0.blockedBy == nil } == pruned, "\(stray) and \(absent)")
      #expect(plan.hosts.count { $0.action == .remove } == removed, "\(stray) and \(absent)")
      let findings = (plan.hosts.flatMap(\.diagnostics) + plan.diagnostics).filter {
        $0.code == .guardDeletes
      }
      #expect(findings.isEmpty == (pruned == stray && removed == absent))
      for finding in findings {
        #expect(finding.hint?.contains("--max-deletes \(stray + absent)") == true)
        let words = stray + absent > 4 ? "(4 for all shards)" : "(1; shard 0/4 has that of 4)"
        #expect(finding.message.contains(words), "\(finding.message)")
      }
    }
  }

  // MARK: A mesh

  /// 40 hosts pinned to their nodes, and nodes of nobody that were offline for a year.
  private func plan(
    _ shard: Shard, drifted: Set<String> = [], absent: Set<String> = [], stray: Int = 0,
    _ adjust: (inout Inventory) -> Void
  ) throws -> Plan {
    let url = try #require(ServerURL("https://mesh.example.com"))
    var inventory = Inventory(
      path: "inventory.yaml", digest: "sha256:0", server: ServerSettings(url: url),
      guards: Guards(), hosts: [], groups: [])
    adjust(&inventory)
    var nodes: [MeshNode] = []
    for (number, key) in (Self.hosts + (0..<stray).map { "stray-\($0)" }).enumerated() {
      var node = MeshNode(
        id: "\(number + 1)", machineKey: RandomWorld.machineKey(number),
        nodeKey: RandomWorld.nodeKey(number), hostname: key, givenName: key)
      node.online = true
      node.tags = drifted.contains(key) ? ["tag:db"] : ["tag:web"]
      if number >= Self.hosts.count {
        node.online = false
        node.lastSeen = PlanCase.now.adding(seconds: -365 * 86_400)
      }
      nodes.append(node)
      guard number < Self.hosts.count else { continue }
      var host = Host(key: key, mark: .init(line: 1, column: 1))
      host.ownership = .tags(["tag:web"])
      host.machineKey = RandomWorld.machineKey(number)
      if absent.contains(key) { host.state = .absent }
      inventory.hosts.append(host)
    }
    var flags = PlanFlags()
    flags.shard = shard
    flags.prune = true
    return Planner.plan(
      inventory, selection: Set(Self.hosts.filter(shard.contains)),
      observation: Observation(
        server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"), nodes: nodes,
        users: RandomWorld.users, policy: .tagOwners(["tag:web", "tag:db"]), takenAt: PlanCase.now,
        facts: [:]),
      now: PlanCase.now, flags: flags)
  }
}
