import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

@Suite("Waiting for nodes", .timeLimit(.minutes(1)))
struct NodeWatchTests {
  /// Answers list calls and remembers when they came.
  final class Lists: Sendable {
    let clock: ManualClock
    let calls = Mutex<[Timestamp]>([])
    let answer: @Sendable (Int) throws -> [MeshNode]

    init(_ clock: ManualClock, _ answer: @escaping @Sendable (Int) throws -> [MeshNode]) {
      self.clock = clock
      self.answer = answer
    }

    var control: FakeControlPlane {
      var control = FakeControlPlane()
      control.onNodes = {
        let number = self.calls.withLock {
          $0.append(self.clock.now())
          return $0.count
        }
        return NodeList(nodes: try self.answer(number), serverTime: nil)
      }
      return control
    }
  }

  static func node(_ id: Int, online: Bool) -> MeshNode {
    var node = MeshNode(
      id: "\(id)", machineKey: "mkey:\(id)", nodeKey: "nodekey:\(id)", hostname: "h\(id)",
      givenName: "h\(id)")
    node.online = online
    return node
  }

  static let broken = Failure(DiagnosticCode(rawValue: "MESH-TEST"), "no list today")

  @Test func onlineAtOnceCostsOneCall() async throws {
    let clock = ManualClock()
    let lists = Lists(clock) { _ in [NodeWatchTests.node(1, online: true)] }
    let watch = NodeWatch(control: lists.control, clock: clock)
    #expect(
      try await watch.waitUntilOnline(nodeKey: "nodekey:1", timeout: 60)
        == .online(NodeWatchTests.node(1, online: true)))
    #expect(lists.calls.withLock { $0.count } == 1)
  }

  @Test func listedOrMissingAfterTheTimeout() async throws {
    let clock = ManualClock()
    let lists = Lists(clock) { _ in [NodeWatchTests.node(1, online: false)] }
    let watch = NodeWatch(control: lists.control, clock: clock)
    let start = clock.now()
    #expect(
      try await watch.waitUntilOnline(nodeKey: "nodekey:1", timeout: 5)
        == .listed(NodeWatchTests.node(1, online: false)))
    #expect(clock.now().seconds(since: start) == 5)
    #expect(try await watch.waitUntilOnline(nodeKey: "nodekey:2", timeout: 5) == .missing)
  }

  @Test func aListOfBeforeTheWaitProvesNothing() async throws {
    let clock = ManualClock()
    let lists = Lists(clock) { [NodeWatchTests.node(1, online: $0 == 1)] }
    let watch = NodeWatch(control: lists.control, clock: clock)
    _ = try await watch.waitUntilOnline(nodeKey: "nodekey:1", timeout: 5)
    try await clock.sleep(seconds: 0.5)
    let later = try await watch.waitUntilOnline(nodeKey: "nodekey:1", timeout: 5)
    #expect(later == .listed(NodeWatchTests.node(1, online: false)))
  }

  @Test func manyWaitersShareOneCallASecond() async throws {
    let clock = ManualClock(sleepers: 20)
    let lists = Lists(clock) { call in
      (1...20).map { NodeWatchTests.node($0, online: call > $0 / 2) }
    }
    let watch = NodeWatch(control: lists.control, clock: clock)
    let endings = try await BoundedFanOut.run(Array(1...20), width: 20) { number in
      defer { clock.leave() }
      // They do not begin at the same instant.
      if number > 10 { try await clock.sleep(seconds: Double(number) / 40) }
      return try await watch.waitUntilOnline(nodeKey: "nodekey:\(number)", timeout: 60)
    }
    for (index, ending) in endings.enumerated() {
      #expect(ending == .online(NodeWatchTests.node(index + 1, online: true)))
    }
    let calls = lists.calls.withLock { $0 }
    for (earlier, later) in zip(calls, calls.dropFirst()) {
      #expect(later >= earlier.adding(seconds: 1))
    }
    #expect(calls.count <= 15)
  }

  @Test func oneBadAnswerIsNotTheEnd() async throws {
    let clock = ManualClock()
    let lists = Lists(clock) { call in
      guard call > 2 else { throw NodeWatchTests.broken }
      return [NodeWatchTests.node(1, online: true)]
    }
    let watch = NodeWatch(control: lists.control, clock: clock)
    let ending = try await watch.waitUntilOnline(nodeKey: "nodekey:1", timeout: 5)
    #expect(ending == .online(NodeWatchTests.node(1, online: true)))
  }

  @Test func aServerThatIsGoneFailsEveryWaiter() async throws {
    let clock = ManualClock(sleepers: 3)
    let lists = Lists(clock) { _ in throw NodeWatchTests.broken }
    let watch = NodeWatch(control: lists.control, clock: clock)
    let failures = try await BoundedFanOut.run([1, 2, 3], width: 3) { number in
      defer { clock.leave() }
      do {
        _ = try await watch.waitUntilOnline(nodeKey: "nodekey:\(number)", timeout: 4)
        return nil as Failure?
      } catch let failure as Failure { return failure }
    }
    #expect(failures == [NodeWatchTests.broken, NodeWatchTests.broken, NodeWatchTests.broken])
  }

  @Test func otherErrorsEndTheWaitAtOnce() async throws {
    let clock = ManualClock()
    let lists = Lists(clock) { _ in throw CancellationError() }
    let watch = NodeWatch(control: lists.control, clock: clock)
    await #expect(throws: CancellationError.self) {
      try await watch.waitUntilOnline(nodeKey: "nodekey:1", timeout: 60)
    }
    #expect(lists.calls.withLock { $0.count } == 1)
  }
}
