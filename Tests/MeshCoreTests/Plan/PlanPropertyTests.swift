import MeshCore
import Testing

/// What must hold of the planner over thousands of worlds where everything collides.
@Suite struct PlanPropertyTests {
  static let worlds: UInt64 = 5000

  @Test func plansKeepTheLaws() async throws {
    var actions: [Action: Int] = [:]
    var kinds: [StepKind: Int] = [:]
    var reasons: [Deletion.Reason: Int] = [:]
    for seed in 0..<Self.worlds {
      // Thousands of worlds are no reason to hold up the other tests.
      if seed.isMultiple(of: 64) { await Task.yield() }
      let world = try #require(RandomWorld(seed: seed))
      let plan = plan(world)
      let laws = PlanLaws(world.inventory, world.observation, plan, world: "seed \(seed)")
      laws.check(reports: seed.isMultiple(of: 32))
      // Hosts that were not selected are not even mentioned.
      #expect(
        plan.hosts.map(\.name) == world.inventory.hosts.map(\.key).filter(world.selection.contains))
      for planned in plan.hosts {
        actions[planned.action, default: 0] += 1
        for step in laws.steps(planned) { kinds[step.kind, default: 0] += 1 }
        for deletion in planned.deletions { reasons[deletion.reason, default: 0] += 1 }
      }
      for deletion in plan.deletions { reasons[deletion.reason, default: 0] += 1 }
    }
    // The worlds are no worlds where nothing happens.
    for action in Action.allCases { #expect(actions[action, default: 0] >= 20, "\(action)") }
    for kind in StepKind.ofThisVersion { #expect(kinds[kind, default: 0] >= 20, "\(kind)") }
    for reason in Deletion.Reason.allCases {
      #expect(reasons[reason, default: 0] >= 5, "\(reason)")
    }
  }

  @Test func plansDoNotDependOnTheOrderOfWhatIsListed() async throws {
    for seed in 0..<Self.worlds {
      // Thousands of worlds are no reason to hold up the other tests.
      if seed.isMultiple(of: 64) { await Task.yield() }
      var world = try #require(RandomWorld(seed: seed))
      let first = plan(world)
      var random = SeededGenerator(seed: seed)
      world.observation.nodes.shuffle(using: &random)
      world.observation.users?.shuffle(using: &random)
      world.inventory.guards.ignore.shuffle(using: &random)
      for index in world.inventory.hosts.indices {
        world.inventory.hosts[index].groups.shuffle(using: &random)
        world.inventory.hosts[index].aliases.shuffle(using: &random)
      }
      #expect(plan(world) == first, "seed \(seed)")
    }
  }

  @Test func aWorldThatIsAsWantedNeedsNothing() async throws {
    for seed in 0..<Self.worlds {
      // Thousands of worlds are no reason to hold up the other tests.
      if seed.isMultiple(of: 64) { await Task.yield() }
      var world = try #require(RandomWorld(seed: seed))
      world.converge(seed: seed)
      let plan = plan(world)
      #expect(plan.isEmpty, "seed \(seed): \(plan.hosts.filter { $0.action != .none })")
      #expect(plan.hosts.allSatisfy { $0.changes.isEmpty && $0.steps.isEmpty })
      #expect(plan.hosts.allSatisfy { $0.diagnostics.isEmpty }, "seed \(seed)")
      #expect(plan.unmanaged.isEmpty && plan.usersToCreate.isEmpty, "seed \(seed)")
    }
  }

  /// A node that two hosts claim is granted nothing, unless a pin stands against mere names.
  @Test func contestedNodesAreLeftAlone() async throws {
    for seed in 0..<Self.worlds {
      // Thousands of worlds are no reason to hold up the other tests.
      if seed.isMultiple(of: 64) { await Task.yield() }
      let plan = plan(try #require(RandomWorld(seed: seed)))
      let acting = plan.hosts.filter { [.change, .remove, .replace].contains($0.action) }
        .compactMap(\.node)
      #expect(Set(acting).count == acting.count, "seed \(seed)")
    }
  }

  private func plan(_ world: RandomWorld) -> Plan {
    Planner.plan(
      world.inventory, selection: world.selection, observation: world.observation,
      now: PlanCase.now, flags: world.flags)
  }
}

extension StepKind {
  /// What the compiler can compile now.
  fileprivate static let ofThisVersion: [StepKind] = [
    .elevate, .checkServer, .installClient, .startService, .join, .setPreferences, .leave,
    .setTags, .approveRoutes, .renameNode, .setExpiry, .deleteNode,
  ]
}
