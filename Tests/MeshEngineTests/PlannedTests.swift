import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

@Suite("What is looked at before the plan is shown")
struct PlannedTests {
  typealias Story = KeysInFlightTests.Story

  private let story = Story()

  static func node(_ id: Int, _ name: String) -> MeshNode {
    var node = MeshNode(
      id: "\(id)", machineKey: "mkey:" + String(repeating: "\(id)", count: 64),
      nodeKey: "nodekey:\(id)", hostname: name, givenName: name)
    node.user = MeshUser(id: "1", name: "ops")
    node.online = true
    return node
  }

  private func applier(
    _ text: String, nodes: [MeshNode], leftOver: [String] = [], probe: Bool = false,
    expire: @escaping @Sendable (String) async throws -> Void = { _ in }
  ) throws -> Applier {
    let inventory = try InventoryText.load(text)
    var control = FakeControlPlane()
    control.onIdentify = { ServerIdentity(url: "https://mesh.example.com", version: "0.29.2") }
    control.onNodes = { [story] in
      story.add("nodes")
      return NodeList(nodes: nodes, serverTime: nil)
    }
    control.onUsers = { [MeshUser(id: "1", name: "ops")] }
    control.onPolicy = { .tagOwners(["tag:web"]) }
    control.onExpireKey = { [story] in
      story.add("expire \($0)")
      try await expire($0)
    }
    var ledger = FakeLedger()
    ledger.onLeftOver = { leftOver }
    ledger.onRemove = { [story] in story.add("forget \($0)") }
    var hosts = FakeHosts()
    hosts.onProbe = { [story] host in
      story.add("probe \(host.key)")
      return .failed(KeysInFlightTests.broken.diagnostic)
    }
    var flags = PlanFlags()
    flags.probe = probe
    return Applier(
      request: ApplyRequest(
        inventory: inventory, selection: inventory.everyone, flags: flags, parallelism: 1,
        simulated: false),
      ports: .unimplemented(control: control, hosts: hosts, keys: ledger))
  }

  @Test func aConvergedInventoryIsNotProbed() async throws {
    let nodes = [PlannedTests.node(1, "one"), PlannedTests.node(2, "two")]
    let shown = try await applier("hosts: {one: {owner: ops}, two: }", nodes: nodes).planned()
    #expect(shown.plan.isEmpty)
    #expect(story.all == ["nodes"])
  }

  @Test func onlyWhatDiffersIsProbed() async throws {
    let shown = try await applier(
      "hosts: {one: {owner: ops}, two: {tags: [tag:web]}, new: {owner: ops}}",
      nodes: [PlannedTests.node(1, "one"), PlannedTests.node(2, "two")]
    ).planned()
    #expect(story.all == ["nodes", "probe two", "probe new"])
    #expect(shown.plan.hosts.map(\.action) == [.none, .blocked, .blocked])
  }

  @Test func probeMeansEveryHost() async throws {
    _ = try await applier(
      "hosts: {one: {owner: ops}}", nodes: [PlannedTests.node(1, "one")], probe: true
    )
    .planned()
    #expect(story.all == ["nodes", "probe one"])
  }

  /// Changes on the server only, and a block that no fact can lift.
  @Test(arguments: [
    ("routes: [10.0.0.0/24]", Action.change, [String]()), ("tags: [tag:other]", .blocked, []),
    ("accept_routes: true", .none, []),
  ])
  func aPinnedNodeNeedsNoSSH(declared: String, action: Action, probed: [String]) async throws {
    var node = PlannedTests.node(1, "one")
    node.availableRoutes = ["10.0.0.0/24"]
    let pin = node.machineKey
    let shown = try await applier(
      "hosts: {one: {machine_key: \"\(pin)\", \(declared)}}", nodes: [node]
    ).planned()
    #expect(story.all == ["nodes"] + probed)
    #expect(shown.plan.hosts.map(\.action) == [action])
    #expect(shown.plan.hosts.map(\.identity) == [.pinned])
  }

  @Test func keysOfAnEarlierRunAreExpiredBeforeAnyProbe() async throws {
    let shown = try await applier(
      "hosts: {new: {owner: ops}}", nodes: [], leftOver: ["4", "5"]
    ).planned()
    #expect(
      story.all == ["nodes", "expire 4", "forget 4", "expire 5", "forget 5", "probe new"])
    #expect(shown.plan.diagnostics == [])
  }

  @Test func aKeyThatCannotBeExpiredStaysInTheLedgerAndIsAWarning() async throws {
    let shown = try await applier(
      "hosts: {one: {owner: ops}}", nodes: [PlannedTests.node(1, "one")], leftOver: ["4", "5"],
      expire: { if $0 == "4" { throw KeysInFlightTests.broken } }
    ).planned()
    #expect(story.all == ["nodes", "expire 4", "expire 5", "forget 5"])
    #expect(shown.plan.diagnostics.map(\.severity) == [.warning])
    #expect(shown.plan.diagnostics.map(\.code) == [.cleanUpFailed])
    #expect(shown.plan.diagnostics[0].evidence == "broken")
  }

  @Test func aServerThatCannotBeReadStopsBeforeAnything() async throws {
    var control = FakeControlPlane()
    control.onIdentify = { throw KeysInFlightTests.broken }
    let inventory = try InventoryText.load("hosts: {one: {owner: ops}}")
    let applier = Applier(
      request: ApplyRequest(
        inventory: inventory, selection: inventory.everyone, flags: PlanFlags(), parallelism: 1,
        simulated: false),
      ports: .unimplemented(control: control))
    await #expect(throws: KeysInFlightTests.broken) { try await applier.planned() }
  }
}
