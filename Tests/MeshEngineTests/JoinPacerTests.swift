import MeshCore
import MeshEngine
import MeshTestSupport
import Testing

@Suite("Pacing of joins")
struct JoinPacerTests {
  @Test func onlyAsManyAsItsWidthAtOnce() async throws {
    let pacer = JoinPacer(width: 3)
    let seen = Peak()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await pacer.enter()
          await seen.enter()
          await Task.yield()
          await seen.leave()
          pacer.leave()
        }
      }
      try await group.waitForAll()
    }
    #expect(await seen.total == 50)
    #expect((1...3).contains(await seen.most))
  }

  @Test func fewerWhileTheServerIsSlow() {
    let pacer = JoinPacer(width: 8)
    pacer.note(0.1, of: .list)
    #expect(pacer.width == 8)
    pacer.note(3, of: .list)
    #expect(pacer.width == 4)
    pacer.note(3, of: .list)
    pacer.note(3, of: .key)
    pacer.note(3, of: .list)
    #expect(pacer.width == 1)
    pacer.note(3, of: .list)
    #expect(pacer.width == 1)
  }

  /// A large mesh takes long for its list, which is no sign of strain, however quickly it makes keys.
  @Test func slowIsMeasuredAgainstTheServersOwnBestOfEachCall() {
    let pacer = JoinPacer(width: 4)
    for _ in 0..<20 {
      for _ in 0..<4 { pacer.note(0.02, of: .key) }
      for _ in 0..<5 { pacer.note(1.2, of: .list) }
    }
    #expect(pacer.width > 4)
    pacer.note(6, of: .list)
    #expect(pacer.width < JoinPacer.most)
  }

  /// A server that refuses in a millisecond is not quick.
  @Test func failuresSlowDown() async {
    let pacer = JoinPacer(width: 8)
    for _ in 0..<300 {
      _ = try? await pacer.timed(.key, by: ManualClock()) {
        throw Failure(.apiUnavailable, "HTTP 503")
      }
    }
    #expect(pacer.width == 1)
    // They say nothing of how quick it can be.
    for _ in 0..<4 { pacer.note(0.9, of: .key) }
    #expect(pacer.width == 2)
  }

  /// One host's misspelt owner must not slow the others.
  @Test func aRefusalOrACancelledCallSaysNothing() async {
    let pacer = JoinPacer(width: 8)
    for _ in 0..<9 {
      _ = try? await pacer.timed(.key, by: ManualClock()) {
        throw Failure(.apiUserUnknown, "no user")
      }
    }
    _ = try? await pacer.timed(.key, by: ManualClock()) { throw CancellationError() }
    #expect(pacer.width == 8)
  }

  @Test func moreWhileItKeepsUp() {
    let pacer = JoinPacer(width: 1)
    for _ in 0..<2 { pacer.note(0.1, of: .list) }
    #expect(pacer.width == 2)
    for _ in 0..<1000 { pacer.note(0.1, of: .list) }
    #expect(pacer.width == JoinPacer.most)
  }

  /// Cancelled at every instant of its wait: the turns that are left are all there in the end.
  @Test func cancelledWaitersLeaveEveryTurnBehind() async throws {
    let pacer = JoinPacer(width: 2)
    for round in 0..<300 {
      try await pacer.enter()
      try await pacer.enter()
      let waiters = (0..<4).map { _ in
        Task {
          try await pacer.enter()
          pacer.leave()
        }
      }
      if round % 2 == 0 { await Task.yield() }
      for waiter in waiters { waiter.cancel() }
      pacer.leave()
      pacer.leave()
      for waiter in waiters { _ = await waiter.result }
    }
    try await pacer.enter()
    try await pacer.enter()
    pacer.leave()
    pacer.leave()
  }

  @Test func aCancelledWaiterTakesNoTurn() async throws {
    let pacer = JoinPacer(width: 1)
    try await pacer.enter()
    let waiter = Task { try await pacer.enter() }
    await Task.yield()
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
    pacer.leave()
    // The turn is free: nobody holds it.
    try await pacer.enter()
    pacer.leave()
  }

  private actor Peak {
    private(set) var most = 0
    private(set) var total = 0
    private var now = 0

    func enter() {
      now += 1
      total += 1
      most = max(most, now)
    }
    func leave() { now -= 1 }
  }
}
