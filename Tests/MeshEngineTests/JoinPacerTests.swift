import MeshEngine
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
    pacer.note(0.1)
    #expect(pacer.width == 8)
    pacer.note(3)
    #expect(pacer.width == 4)
    pacer.note(3)
    pacer.note(3)
    #expect(pacer.width == 1)
    pacer.note(3)
    #expect(pacer.width == 1)
  }

  /// A large mesh takes long for its list, which is no sign of strain.
  @Test func slowIsMeasuredAgainstTheServersOwnBest() {
    let pacer = JoinPacer(width: 4)
    for _ in 0..<5 { pacer.note(2) }
    #expect(pacer.width == 4)
    pacer.note(9)
    #expect(pacer.width == 2)
  }

  @Test func moreWhileItKeepsUp() {
    let pacer = JoinPacer(width: 1)
    for _ in 0..<2 { pacer.note(0.1) }
    #expect(pacer.width == 2)
    for _ in 0..<1000 { pacer.note(0.1) }
    #expect(pacer.width == JoinPacer.most)
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
