/// What a `check-server` report means for the host that gave it.
///
/// A check that could not be made is a warning, not a failure: the join itself will tell.
package struct CheckServerOutcome: Sendable, Equatable {
  /// The URL to join by: the one that was asked for, or the same server by address.
  package var server: ServerURL
  /// Why nothing can be joined from there.
  package var failure: Diagnostic?
  package var warnings: [Diagnostic] = []

  /// - Parameters:
  ///   - report: of `check-server`.
  ///   - url: the login server that was checked.
  ///   - candidates: the URLs by address that the target was given; it may name no other.
  ///   - host: where it was checked; with `server_fallback: ip` one of them may take the place of
  ///     `url`.
  package init(
    _ report: ScriptReport, url: ServerURL, candidates: [ServerURL] = [], on host: Host
  ) {
    let answer = CheckServerAnswer(report)
    let words = CheckServerWords(answer: answer, url: url, host: host)
    server = url
    let candidate = answer.candidate.flatMap { candidates.contains($0) ? $0 : nil }
    let isLost = answer.verdict == .resolve || answer.resolvesByMulticastOnly == true
    if isLost, let candidate, host.mayJoinByAddress(url) {
      server = candidate
      warnings.append(words.joinsByAddress(candidate))
    } else if let finding = words.finding(candidate: candidate) {
      if finding.severity == .error { failure = finding } else { warnings.append(finding) }
    }
    if failure?.code != .serverTLS, let warning = words.clockWarning { warnings.append(warning) }
  }
}
