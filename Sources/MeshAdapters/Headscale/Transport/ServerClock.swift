import MeshCore
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The server's clock as its answers show it, carried on by this machine's steady clock.
///
/// Key expirations must be meant in server time, because clocks differ (reference headscale-api.md
/// §6).
final class ServerClock: Sendable {
  private let last = Mutex<(time: Timestamp, at: ContinuousClock.Instant)?>(nil)

  /// Takes the `Date` of an answer that just came.
  func saw(_ time: Timestamp) {
    last.withLock { $0 = (time, .now) }
  }

  /// The server's time now; this machine's own where no answer ever carried a date.
  func now() -> Timestamp {
    guard let (time, at) = last.withLock({ $0 }) else {
      return Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    }
    return time.adding(seconds: at.duration(to: .now).components.seconds)
  }
}
