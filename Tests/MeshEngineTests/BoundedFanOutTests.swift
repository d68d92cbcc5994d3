import MeshEngine
import Synchronization
import Testing

@Suite("Bounded fan-out", .timeLimit(.minutes(1)))
struct BoundedFanOutTests {
  struct Broken: Error, Equatable { var number: Int }

  /// Counts how many operations run at once.
  final class Gauge: Sendable {
    private let state = Mutex((now: 0, peak: 0, started: 0, ended: 0))

    func enter() {
      state.withLock {
        $0.now += 1
        $0.started += 1
        $0.peak = max($0.peak, $0.now)
      }
    }

    func leave() {
      state.withLock {
        $0.now -= 1
        $0.ended += 1
      }
    }

    var peak: Int { state.withLock { $0.peak } }
    var started: Int { state.withLock { $0.started } }
    var ended: Int { state.withLock { $0.ended } }
  }

  @Test(arguments: [1, 3, 10], [0, 1, 3, 50])
  func neverMoreThanWidthAndInOrder(width: Int, count: Int) async throws {
    let gauge = Gauge()
    let results = try await BoundedFanOut.run(Array(0..<count), width: width) { number in
      gauge.enter()
      // Later ones end first.
      try await Task.sleep(for: .microseconds(number.isMultiple(of: 2) ? 400 : 50))
      gauge.leave()
      return number * 2
    }
    #expect(results == (0..<count).map { $0 * 2 })
    #expect(gauge.peak <= width)
    #expect(gauge.peak == min(width, count) || count > width)
  }

  @Test func aWidthBelowOneIsOne() async throws {
    #expect(try await BoundedFanOut.run([1, 2], width: 0) { $0 } == [1, 2])
  }

  @Test func theFirstErrorCancelsTheOthersAndWaitsForThem() async throws {
    let gauge = Gauge()
    let slow = Mutex(false)
    await #expect(throws: Broken(number: 1)) {
      _ = try await BoundedFanOut.run(Array(0..<100), width: 3) { number in
        gauge.enter()
        defer { gauge.leave() }
        if number == 1 {
          while gauge.started < 3 { await Task.yield() }
          throw Broken(number: 1)
        }
        // Cleans up although it is cancelled.
        do { try await Task.sleep(for: .seconds(60)) } catch { slow.withLock { $0 = true } }
      }
    }
    #expect(gauge.started == 3)
    #expect(gauge.ended == 3)
    #expect(slow.withLock { $0 })
  }

  @Test func nothingStartsAfterACancellation() async throws {
    let gauge = Gauge()
    let run = Task {
      try await BoundedFanOut.run(Array(0..<100), width: 2) { number in
        gauge.enter()
        // Ignores the cancellation, as a port may.
        while !Task.isCancelled { await Task.yield() }
        return number
      }
    }
    while gauge.started < 2 { await Task.yield() }
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
    #expect(gauge.started == 2)
  }
}
