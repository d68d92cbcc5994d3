/// How seldom a host is tried that does not come to match.
///
/// It goes by how long it has been so and not by how often it was tried, so that a run a minute and a
/// run an hour mean the same: in the first five minutes every run tries, then one in five minutes, after
/// an hour one an hour, after a day one a day. A person acts within the hour or not, so what waits for
/// one is looked at once an hour at the least.
package enum BackOff {
  /// Seconds from one attempt to the next, for a row that began `age` seconds ago.
  package static func pause(age: Int64, waits: Bool) -> Int64 {
    switch age {
    case ..<(5 * minute): 0
    case ..<hour: 5 * minute
    case ..<day: hour
    default: waits ? hour : day
    }
  }

  /// When the host is tried again; nil means now.
  ///
  /// A clock that was set back says nothing, so the host is tried.
  package static func next(_ attempt: Attempt, now: Timestamp) -> Timestamp? {
    guard attempt.since <= attempt.last, attempt.last <= now else { return nil }
    let age = attempt.last.seconds(since: attempt.since)
    let due = attempt.last.adding(seconds: pause(age: age, waits: attempt.waits))
    return due > now ? due : nil
  }

  private static let minute: Int64 = 60
  private static let hour: Int64 = 3600
  private static let day: Int64 = 86_400
}
