package import MeshCore
import MeshEngine
import Synchronization

/// Time that passes only when somebody sleeps: a sleep ends at once and moves the clock.
///
/// Of several sleepers the one that is to wake first wakes first, as in real time, once the number of
/// sleepers that the test expects are asleep.
package final class ManualClock: EngineClock {
  private struct Sleeper {
    var number: Int
    var end: Timestamp
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Timestamp
    var sleepers: [Sleeper] = []
    var count = 0
    var expected: Int
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  /// A clock at `start` that moves on when as many tasks as `sleepers` are asleep.
  package init(_ start: Timestamp = Timestamp(seconds: 1_767_225_600), sleepers: Int = 1) {
    state = Mutex(State(now: start, expected: sleepers))
  }

  package func now() -> Timestamp { state.withLock { $0.now } }

  /// Fewer tasks sleep from now on: one of them ended.
  package func leave() {
    state.withLock {
      $0.expected -= 1
      return ManualClock.due(&$0)
    }.forEach { $0.continuation.resume() }
  }

  package func sleep(seconds: Double) async throws {
    let number = state.withLock {
      $0.count += 1
      return $0.count
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (woken, isCancelled) = state.withLock { state -> ([Sleeper], Bool) in
          guard !state.cancelled.contains(number) else { return ([], true) }
          let milliseconds = Int64(seconds * 1000) + Int64(state.now.nanoseconds) / 1_000_000
          let end = Timestamp(
            seconds: state.now.seconds + milliseconds / 1000,
            nanoseconds: Int32(milliseconds % 1000) * 1_000_000)
          state.sleepers.append(Sleeper(number: number, end: end, continuation: continuation))
          return (ManualClock.due(&state), false)
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        woken.forEach { $0.continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        state.cancelled.insert(number)
        guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves time to the earliest end once all are asleep; whoever is due then wakes.
  private static func due(_ state: inout State) -> [Sleeper] {
    guard !state.sleepers.isEmpty, state.sleepers.count >= state.expected,
      let end = state.sleepers.map(\.end).min()
    else { return [] }
    state.now = max(state.now, end)
    let due = state.sleepers.filter { $0.end <= end }
    state.sleepers.removeAll { $0.end <= end }
    return due
  }
}
