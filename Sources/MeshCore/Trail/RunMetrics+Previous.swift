/// What outlives a failing run.
extension RunMetrics {
  /// The time of the last success in the file that an earlier run wrote.
  ///
  /// Strict: exactly one line with exactly these labels, plain digits, and no time to come. Anything
  /// else counts as none, since a wrong time would keep an alarm silent.
  ///
  /// - Parameters:
  ///   - text: the whole file.
  ///   - labels: of the run that writes now.
  ///   - now: by this machine's clock.
  /// - Returns: the time, or nil.
  package static func lastSuccess(
    in text: String, labels: Labels, now: Timestamp
  ) -> Timestamp? {
    let head = lastSuccessName + RunMetrics.labels(labels.pairs) + " "
    let lines = text.split(separator: "\n").filter { $0.hasPrefix(head) }
    guard lines.count == 1, let line = lines.first,
      let found = line.dropFirst(head.count).wholeMatch(of: /([0-9]{1,11})\.([0-9]{3})/),
      let seconds = Int64(found.1), let milliseconds = Int32(found.2)
    else { return nil }
    let time = Timestamp(seconds: seconds, nanoseconds: milliseconds * 1_000_000)
    return time <= now ? time : nil
  }
}
