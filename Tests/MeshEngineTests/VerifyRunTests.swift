import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

/// The orchestration of verify: one round trip a host, one bad host stops nobody.
@Suite struct VerifyRunTests {
  /// Hosts that answer what a closure says, and how many were asked at once.
  private final class FakeReaching: HostReaching {
    let answers: @Sendable (ReachTargets, Host) async -> ReachAnswer
    let asked = Mutex<[String]>([])
    let atOnce = Mutex<(now: Int, most: Int)>((0, 0))

    init(_ answers: @escaping @Sendable (ReachTargets, Host) async -> ReachAnswer) {
      self.answers = answers
    }

    func reach(_ targets: ReachTargets, from host: Host) async -> ReachAnswer {
      asked.withLock { $0.append(host.key) }
      atOnce.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      defer { atOnce.withLock { $0.now -= 1 } }
      return await answers(targets, host)
    }
  }

  private static func observation(_ names: [String]) -> Observation {
    var nodes: [MeshNode] = []
    for (index, name) in names.enumerated() {
      var node = MeshNode(
        id: String(index + 1), machineKey: "mkey:\(index + 1)", nodeKey: "nodekey:\(index + 1)",
        hostname: name, givenName: name)
      node.ipAddresses = ["100.64.0.\(index + 1)"]
      node.online = true
      nodes.append(node)
    }
    return Observation(
      server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"), nodes: nodes,
      users: nil, policy: .unknown, takenAt: Timestamp(seconds: 1_780_000_000))
  }

  private static func mesh(_ count: Int) throws -> (Inventory, Observation, ReachPlan) {
    let names = (1...count).map { "host-\($0)" }
    let inventory = try InventoryText.load(
      "hosts:\n" + names.map { "  \($0): {owner: alice}\n" }.joined())
    let observation = observation(names)
    let now = Timestamp(seconds: 1_780_000_000)
    let plan = ReachPlan(
      roster: ReachRoster(inventory: inventory, observation: observation, now: now),
      hosts: inventory.hosts, askers: inventory.everyone, peers: inventory.everyone, sample: nil,
      now: now)
    return (inventory, observation, plan)
  }

  private static func pongs(_ targets: ReachTargets) -> ReachAnswer {
    var sections: [String: ScriptReport.Section] = [:]
    for (index, peer) in targets.peers.enumerated() {
      sections["ping-\(index + 1)"] = .init(
        status: 0, text: "pong from p (\(peer)) via 10.0.0.1:41641 in 2ms")
    }
    return .report(ScriptReport(sections: sections))
  }

  @Test func oneBadHostStopsNobody() async throws {
    let (inventory, observation, plan) = try Self.mesh(12)
    let reaching = FakeReaching { targets, host in
      guard host.key == "host-4" else { return Self.pongs(targets) }
      return .failed(Diagnostic(.sshRefused, .error, "nothing listens", host: host.key))
    }
    let report = try await VerifyRun(
      reaching: reaching, inventory: inventory, parallelism: 3, simulated: false
    ).run(plan, observation: observation)
    #expect(Set(reaching.asked.withLock { $0 }).count == 12, "each once")
    #expect(reaching.asked.withLock { $0.count } == 12)
    #expect(reaching.atOnce.withLock { $0.most } <= 3)
    #expect(report.pairs.count == 11 * 11)
    #expect(report.counts.direct == 121 && report.counts.hostsFailed == 1)
    #expect(report.members[3].refusal?.code == .sshRefused && !report.isComplete)
  }

  @Test func observingIsTwoCalls() async throws {
    var control = FakeControlPlane()
    control.onIdentify = { ServerIdentity(url: "https://mesh.example.com", version: "0.29.2") }
    control.onNodes = { NodeList(nodes: [], serverTime: Timestamp(seconds: 7)) }
    let observation = try await VerifyRun.observe(control)
    #expect(observation.takenAt == Timestamp(seconds: 7) && observation.users == nil)
  }

  @Test func aStoppedRunSaysSo() async throws {
    let (inventory, observation, plan) = try Self.mesh(3)
    let reaching = FakeReaching { targets, _ in
      try? await Task.sleep(for: .seconds(600))
      return Self.pongs(targets)
    }
    let task = Task {
      try await VerifyRun(
        reaching: reaching, inventory: inventory, parallelism: 3, simulated: false
      ).run(plan, observation: observation)
    }
    while reaching.asked.withLock({ $0.isEmpty }) { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
