/// Which entries of the journal are shown.
package struct JournalFilter: Sendable {
  private let since: Timestamp?
  private let run: String?
  private let wanted: [Glob]
  private let unwanted: [Glob]

  /// - Parameters:
  ///   - since: older entries are left out.
  ///   - hosts: globs over inventory keys, several with commas, `!pattern` takes out; with any of them
  ///     only what was done to a host is shown.
  ///   - run: the beginning of a run's id.
  /// - Throws: `Failure` for an empty pattern: an unset variable of a script must not mean all hosts.
  package init(since: Timestamp? = nil, hosts: [String] = [], run: String? = nil) throws(Failure) {
    self.since = since
    self.run = run?.lowercased()
    var wanted: [Glob] = []
    var unwanted: [Glob] = []
    for part in hosts.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      let isNegated = part.hasPrefix("!")
      let text = isNegated ? part.dropFirst() : part
      guard !text.isEmpty else {
        throw Failure(
          .selPattern, "--host: a pattern is empty", hint: "leave the flag out to see all hosts")
      }
      if isNegated {
        unwanted.append(Glob(String(text)))
      } else {
        wanted.append(Glob(String(text)))
      }
    }
    self.wanted = wanted
    self.unwanted = unwanted
  }

  package func shows(_ entry: JournalEntry) -> Bool {
    if let run, !entry.run.hasPrefix(run) { return false }
    if let since, let time = Timestamp(rfc3339: entry.time), time < since { return false }
    guard !wanted.isEmpty || !unwanted.isEmpty else { return true }
    guard let host = entry.host else { return false }
    return (wanted.isEmpty || wanted.contains { $0.matches(host) })
      && !unwanted.contains { $0.matches(host) }
  }
}
