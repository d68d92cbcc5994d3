/// What is remembered of a host that does not come to match: it decides only *when* that host is tried
/// again (design law 4), so losing it costs one attempt.
///
/// It holds no text from outside, and no secret.
package struct Attempt: Sendable, Hashable {
  /// The digest of what the attempt was made in (`HostSituation`); another one is tried at once.
  package var situation: String
  /// When the unbroken row of attempts without success began, by the controller's clock.
  package var since: Timestamp
  /// The last attempt.
  package var last: Timestamp
  /// How many there were.
  package var count: Int
  /// What the last one ended with.
  package var code: DiagnosticCode
  /// True where it waits for a person.
  package var waits: Bool

  package init(
    situation: String, since: Timestamp, last: Timestamp, count: Int, code: DiagnosticCode,
    waits: Bool
  ) {
    self.situation = situation
    self.since = since
    self.last = last
    self.count = count
    self.code = code
    self.waits = waits
  }

  /// The attempt after this one, or the first of a new row where anything is otherwise now.
  package static func after(
    _ earlier: Attempt?, situation: String, at now: Timestamp, code: DiagnosticCode, waits: Bool
  ) -> Attempt {
    var next = Attempt(
      situation: situation, since: now, last: now, count: 1, code: code, waits: waits)
    guard let earlier, earlier.situation == situation, earlier.since <= now else { return next }
    next.since = earlier.since
    next.count = min(earlier.count, 1_000_000) + 1
    return next
  }
}
