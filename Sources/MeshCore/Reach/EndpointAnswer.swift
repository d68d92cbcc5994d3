/// What trying to connect to an endpoint of `expect` gave, whatever program tried.
package enum EndpointAnswer: Sendable, Equatable {
  /// In milliseconds, where the program measures.
  case reached(milliseconds: Double?)
  /// Somebody is there and says no.
  case refused
  /// Nobody says anything.
  case timedOut
  /// The name does not resolve on the asking host.
  case unresolved
  /// There is no way there, or something on it says no.
  case noRoute
  /// No program there can ask; its words.
  case noTool(String?)
  case unknown(String?)

  /// - Parameters:
  ///   - status: 0 where it was reached, 124, 137 and 143 from our own limit, 127 where no program can
  ///     ask.
  ///   - text: both outputs.
  package init(status: Int, text: String) {
    switch status {
    case 0: self = .reached(milliseconds: EndpointAnswer.milliseconds(in: text))
    case 124, 137, 143: self = .timedOut
    case 126, 127: self = .noTool(TextEvidence.lastLine(of: text))
    default:
      let row = EndpointAnswer.rows.first { text.contains($0.needle) }
      self = row.map { $0.answer(text) } ?? .unknown(TextEvidence.lastLine(of: text))
    }
  }

  /// The words of python3, bash, nc (OpenBSD, traditional, busybox), curl, ping and .NET; first row
  /// that matches wins.
  private static let rows: [(needle: String, answer: @Sendable (String) -> EndpointAnswer)] = [
    ("refused", { _ in .refused }),
    ("actively refused", { _ in .refused }),
    ("Name or service not known", { _ in .unresolved }),
    ("Temporary failure in name resolution", { _ in .unresolved }),
    ("No address associated with hostname", { _ in .unresolved }),
    ("nodename nor servname", { _ in .unresolved }),
    ("Could not resolve", { _ in .unresolved }),
    ("not known", { _ in .unresolved }),
    ("No such host is known", { _ in .unresolved }),
    ("forward host lookup failed", { _ in .unresolved }),
    ("bad address", { _ in .unresolved }),
    ("timed out", { _ in .timedOut }),
    ("TimedOut", { _ in .timedOut }),
    ("timeout", { _ in .timedOut }),
    ("Timeout", { _ in .timedOut }),
    ("100% packet loss", { _ in .timedOut }),
    ("100.0% packet loss", { _ in .timedOut }),
    ("No route to host", { _ in .noRoute }),
    ("unreachable", { _ in .noRoute }),
    ("Unreachable", { _ in .noRoute }),
    ("Permission denied", { .noTool(TextEvidence.lastLine(of: $0)) }),
    ("Operation not permitted", { .noTool(TextEvidence.lastLine(of: $0)) }),
    ("invalid option", { .noTool(TextEvidence.lastLine(of: $0)) }),
    ("unrecognized option", { .noTool(TextEvidence.lastLine(of: $0)) }),
  ]

  /// `time=0.045 ms` of ping, or `took 3.2 ms` of our own lines.
  private static func milliseconds(in text: String) -> Double? {
    for needle in ["took ", "time="] {
      guard let line = TextEvidence.line(containing: needle, in: text),
        let rest = line.split(separator: needle, maxSplits: 1).last
      else { continue }
      if let number = Double(rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }) {
        return number
      }
    }
    return nil
  }
}
