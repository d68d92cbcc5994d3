package import MeshCore
import MeshEngine
import Synchronization

/// Virtual time that jumps to the end of every sleep.
///
/// Sleeps that overlap do not add up: each ends at the time it was to end, and the clock never goes
/// back.
package final class SimulatedClock: EngineClock {
  private let current: Mutex<Timestamp>

  package init(_ start: Timestamp) { current = Mutex(start) }

  package func now() -> Timestamp { current.withLock { $0 } }

  package func sleep(seconds: Double) async throws {
    let end = now().adding(duration: max(0, seconds))
    // Everybody who can go on does so before time jumps: a thousand waiters that only yielded would
    // run the clock away from a host that is about to use its key.
    try await Task.sleep(for: .milliseconds(1))
    try Task.checkCancellation()
    current.withLock { $0 = max($0, end) }
  }

  /// Lets time pass.
  package func advance(seconds: Double) {
    current.withLock { $0 = $0.adding(duration: max(0, seconds)) }
  }
}

extension Timestamp {
  func adding(duration seconds: Double) -> Timestamp {
    let whole = seconds.rounded(.down)
    let nanoseconds = Int64(self.nanoseconds) + Int64((seconds - whole) * 1_000_000_000)
    return Timestamp(
      seconds: self.seconds + Int64(whole) + nanoseconds / 1_000_000_000,
      nanoseconds: Int32(nanoseconds % 1_000_000_000))
  }
}
