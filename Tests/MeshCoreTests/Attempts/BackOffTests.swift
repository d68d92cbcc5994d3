import MeshCore
import MeshTestSupport
import Testing

@Suite("How seldom a host is tried that keeps failing")
struct BackOffTests {
  private static let start = Timestamp(seconds: 1_800_000_000)

  /// Attempts of a run every `every` seconds, for `length` seconds, as offsets from the first.
  private func attempts(every: Int64, length: Int64, waits: Bool = false) -> [Int64] {
    var tried: [Int64] = []
    var attempt: Attempt?
    for offset in stride(from: Int64(0), to: length, by: Int64.Stride(every)) {
      let now = BackOffTests.start.adding(seconds: offset)
      if let attempt, BackOff.next(attempt, now: now) != nil { continue }
      tried.append(offset)
      attempt = .after(
        attempt, situation: "same", at: now, code: .sshTimeout, waits: waits)
    }
    return tried
  }

  @Test func everyRunInTheFirstFiveMinutes() {
    #expect(attempts(every: 60, length: 300) == [0, 60, 120, 180, 240])
  }

  @Test func thenEveryFiveMinutesThenEveryHourThenEveryDay() {
    let hour: Int64 = 3600
    let tried = attempts(every: 60, length: 4 * 24 * hour)
    let early = tried.filter { $0 < 300 }
    let firstHour = tried.filter { (300..<hour).contains($0) }
    let firstDay = tried.filter { (hour..<24 * hour).contains($0) }
    let later = tried.filter { $0 >= 24 * hour }
    #expect(early.count == 5)
    #expect(zip(firstHour, firstHour.dropFirst()).allSatisfy { $1 - $0 == 300 })
    #expect((10...12).contains(firstHour.count))
    #expect((22...24).contains(firstDay.count))
    #expect((2...4).contains(later.count))
  }

  @Test func anHourlyScheduleLosesNoRunInTheFirstDay() {
    #expect(attempts(every: 3600, length: 24 * 3600).count == 24)
  }

  @Test func whatWaitsForAPersonIsLookedAtOnceAnHour() {
    let later = attempts(every: 60, length: 10 * 86_400, waits: true).filter { $0 >= 86_400 }
    #expect(later.count >= 9 * 24 - 1)
    #expect(zip(later, later.dropFirst()).allSatisfy { $1 - $0 == 3600 })
  }

  @Test func aClockThatWasSetBackSaysNothing() {
    let now = BackOffTests.start
    let attempt = Attempt(
      situation: "", since: now.adding(seconds: 9_000), last: now.adding(seconds: 90_000), count: 3,
      code: .sshTimeout, waits: false)
    #expect(BackOff.next(attempt, now: now) == nil)
    let turned = Attempt(
      situation: "", since: now, last: now.adding(seconds: -5), count: 3, code: .sshTimeout,
      waits: false)
    #expect(BackOff.next(turned, now: now) == nil)
  }

  @Test func anotherSituationBeginsANewRow() {
    let first = Attempt.after(
      nil, situation: "a", at: BackOffTests.start, code: .sshTimeout, waits: false)
    let later = BackOffTests.start.adding(seconds: 7_200)
    let same = Attempt.after(first, situation: "a", at: later, code: .sshTimeout, waits: false)
    #expect(same.since == BackOffTests.start)
    #expect(same.count == 2)
    #expect(BackOff.next(same, now: later.adding(seconds: 60)) == later.adding(seconds: 3600))
    let other = Attempt.after(first, situation: "b", at: later, code: .sshTimeout, waits: false)
    #expect(other.since == later)
    #expect(BackOff.next(other, now: later.adding(seconds: 60)) == nil)
    // Failing now and waiting then, it still does not come to match.
    let waiting = Attempt.after(first, situation: "a", at: later, code: .sshTimeout, waits: true)
    #expect(waiting.since == BackOffTests.start)
  }
}
