/// An instant in UTC with nanoseconds, as servers write it in RFC 3339.
///
/// Foundation's ISO 8601 parsers take either no or exactly three fraction digits; Headscale and
/// Tailscale send 0 to 9 and any offset (reference headscale-api.md §2), so parsing is our own.
package struct Timestamp: Sendable, Hashable, Comparable {
  /// Seconds since 1970-01-01T00:00:00Z; negative before.
  package var seconds: Int64
  /// 0 to 999,999,999, always counted forward from `seconds`.
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// The seconds from `earlier` to this instant; negative when `earlier` is later.
  package func seconds(since earlier: Timestamp) -> Int64 { seconds - earlier.seconds }

  /// The seconds from `earlier` to this instant, with their fraction.
  package func interval(since earlier: Timestamp) -> Double {
    Double(seconds - earlier.seconds) + Double(nanoseconds - earlier.nanoseconds) / 1e9
  }

  package func adding(seconds: Int64) -> Timestamp {
    Timestamp(seconds: self.seconds + seconds, nanoseconds: nanoseconds)
  }

  /// True for the year 1 or before: Go's zero time, which Headscale writes for "never"
  /// (upstream #2087, #3170, #3262).
  package var isZeroTime: Bool { seconds <= -62_135_596_800 + 366 * 86_400 }
}
