import MeshCore
import MeshTestSupport
import Testing

@Suite("Hosts that a run leaves alone")
struct HeldBackTests {
  private static let start = Timestamp(seconds: 1_800_000_000)

  private func inventory(_ text: String) throws -> Inventory { try InventoryText.load(text) }

  private func plan(
    _ inventory: Inventory, nodes: [MeshNode] = [], held: [String: HeldBack] = [:],
    flags: PlanFlags = PlanFlags()
  ) -> Plan {
    var observation = Observation(
      server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"), nodes: nodes,
      users: [MeshUser(id: "1", name: "ops")], policy: .tagOwners(["tag:web"]), takenAt: nil)
    observation.heldBack = held
    return Planner.plan(
      inventory, selection: inventory.everyone, observation: observation,
      now: HeldBackTests.start, flags: flags)
  }

  private func held(waits: Bool = false) -> HeldBack {
    HeldBack(
      attempt: Attempt(
        situation: "s", since: HeldBackTests.start, last: HeldBackTests.start, count: 3,
        code: waits ? .elevatePassword : .sshTimeout, waits: waits),
      next: HeldBackTests.start.adding(seconds: 300))
  }

  @Test func showsWhatDiffersAndDoesNoneOfIt() throws {
    let hosts = try inventory("hosts: {one: {owner: new}, two: {owner: ops}}")
    let plan = plan(hosts, held: ["one": held()])
    let one = try #require(plan.hosts.first)
    #expect(one.action == .blocked)
    #expect(one.diagnostics.map(\.code) == [.backedOff])
    // A schedule names its inventory, so the command does too.
    #expect(
      one.diagnostics.first?.hint?.hasSuffix("meshctl apply \(hosts.path) --retry-now --limit one")
        == true)
    #expect(!one.changes.isEmpty)
    #expect(one.doable.isEmpty)
    #expect(one.steps.isEmpty)
    // No user is created for a host that is not joined.
    #expect(plan.usersToCreate.isEmpty)
    #expect(plan.hosts.last?.action == .join)
  }

  @Test func whatWaitsForAPersonStillWaits() throws {
    let plan = plan(
      try inventory("hosts: {one: {owner: ops}}"), held: ["one": held(waits: true)])
    #expect(plan.hosts.map(\.action) == [.wait])
    #expect(plan.hosts.first?.diagnostics.map(\.code) == [.waitsStill])
    #expect(plan.summary.blocked == 0)
  }

  @Test func aHostThatMatchesIsInSyncWhateverIsRemembered() throws {
    var node = MeshNode(
      id: "1", machineKey: "mkey:1", nodeKey: "nodekey:1", hostname: "one", givenName: "one")
    node.online = true
    node.user = MeshUser(id: "1", name: "ops")
    let plan = plan(
      try inventory("hosts: {one: {owner: ops}}"), nodes: [node], held: ["one": held()])
    #expect(plan.hosts.map(\.action) == [.none])
    #expect(plan.isEmpty)
  }

  /// It takes nothing, so it must not use up what the guard allows to others.
  @Test func doesNotCountByTheGuards() throws {
    var nodes: [MeshNode] = []
    for (id, name) in [("1", "one"), ("2", "two")] {
      var node = MeshNode(
        id: id, machineKey: "mkey:" + String(repeating: id, count: 64), nodeKey: "nodekey:\(id)",
        hostname: name, givenName: name)
      node.user = MeshUser(id: "1", name: "ops")
      node.online = true
      nodes.append(node)
    }
    let text = """
      guards: {max_deletes: 1}
      hosts:
        one: {tags: [tag:web], machine_key: "mkey:\(String(repeating: "1", count: 64))"}
        two: {tags: [tag:web], machine_key: "mkey:\(String(repeating: "2", count: 64))"}
      """
    let both = plan(try inventory(text), nodes: nodes)
    #expect(both.hosts.allSatisfy { $0.diagnostics.contains { $0.code == .guardDeletes } })
    let one = plan(try inventory(text), nodes: nodes, held: ["one": held()])
    #expect(one.hosts.map(\.action) == [.blocked, .change])
  }

  @Test func theSituationIsWhatIsKnownWithoutALook() throws {
    let text = "hosts: {zero: {owner: ops}, one: {owner: ops}}"
    func digest(_ text: String, nodes: [MeshNode] = [], flags: PlanFlags = PlanFlags()) throws
      -> String
    {
      let inventory = try inventory(text)
      let host = try #require(inventory.hosts.first { $0.key == "one" })
      let plan = plan(inventory, nodes: nodes, flags: flags)
      let planned = try #require(plan.hosts.first { $0.name == "one" })
      return HostSituation.digest(host, planned)
    }
    let base = try digest(text)
    // Where it stands in the file, and other hosts, do not matter.
    #expect(try digest("hosts: {one: {owner: ops}}") == base)
    #expect(try digest("\n\nhosts:\n  one: {owner: ops}\n") == base)
    #expect(try digest("hosts: {one: {owner: ops, port: 2222}}") != base)
    #expect(
      try digest("hosts: {one: {owner: ops, become: {password: {env: P}}}}") != base)
    var node = MeshNode(
      id: "7", machineKey: "mkey:7", nodeKey: "nodekey:7", hostname: "one", givenName: "one")
    #expect(try digest(text, nodes: [node]) != base)
    let offline = try digest(text, nodes: [node])
    node.online = true
    #expect(try digest(text, nodes: [node]) != offline)
    // Two schedules of one mesh mean the same attempts.
    var flags = PlanFlags()
    flags.allowMove = true
    flags.prune = true
    flags.maxDeletes = .count(0)
    #expect(try digest(text, flags: flags) == base)
  }

  @Test func isFoundOnlyInItsSituationAndTime() throws {
    let inventory = try inventory("hosts: {one: {owner: ops}}")
    let hosts = Dictionary(uniqueKeysWithValues: inventory.hosts.map { ($0.key, $0) })
    let plan = plan(inventory)
    let planned = try #require(plan.hosts.first)
    let host = try #require(hosts["one"])
    var attempt = Attempt(
      situation: HostSituation.digest(host, planned),
      since: HeldBackTests.start, last: HeldBackTests.start.adding(seconds: 1000), count: 5,
      code: .sshTimeout, waits: false)
    func found(after seconds: Int64) -> Bool {
      HeldBack.find(
        in: plan, hosts: hosts, attempts: ["one": attempt],
        now: HeldBackTests.start.adding(seconds: seconds)
      )["one"] != nil
    }
    #expect(found(after: 1299))
    #expect(!found(after: 1300))
    // A flag that gives what was lacking is worth an attempt at once.
    attempt.code = .otherServer
    #expect(found(after: 1100))
    var moving = plan
    moving.flags.allowMove = true
    #expect(
      HeldBack.find(
        in: moving, hosts: hosts, attempts: ["one": attempt],
        now: HeldBackTests.start.adding(seconds: 1100)
      ).isEmpty)
    attempt.situation = "another"
    #expect(!found(after: 1100))
  }
}
