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
    guard let time = time(lastSuccessName, in: text, labels: labels) else { return nil }
    return time <= now ? time : nil
  }

  /// Takes over what an earlier run knew of ends of keys and this one could not ask: an alarm of a key
  /// that ends must not go silent because runs fail, least of all for that reason.
  ///
  /// - Parameters:
  ///   - text: the whole file of the earlier run.
  ///   - apiKey: true where this run does not know about the API key.
  ///   - nodeKeys: true where this run did not come to look at the nodes.
  package mutating func keepExpiries(from text: String, apiKey: Bool, nodeKeys: Bool) {
    if apiKey {
      apiKeyExpiry = RunMetrics.time(RunMetrics.apiKeyExpiryName, in: text, labels: labels)
    }
    if nodeKeys {
      nodeKeyExpiry = RunMetrics.time(RunMetrics.nodeKeyExpiryName, in: text, labels: labels)
    }
  }

  /// Strict as above.
  private static func time(_ name: String, in text: String, labels: Labels) -> Timestamp? {
    let head = name + RunMetrics.labels(labels.pairs) + " "
    let lines = text.split(separator: "\n").filter { $0.hasPrefix(head) }
    guard lines.count == 1, let line = lines.first,
      let found = line.dropFirst(head.count).wholeMatch(of: /([0-9]{1,11})\.([0-9]{3})/),
      let seconds = Int64(found.1), let milliseconds = Int32(found.2)
    else { return nil }
    return Timestamp(seconds: seconds, nanoseconds: milliseconds * 1_000_000)
  }
}
