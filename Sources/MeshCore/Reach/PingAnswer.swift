/// What `tailscale ping` said, read from the right because a peer chooses its own name (its texts:
/// tailscale 1.103 cmd/tailscale/cli/ping.go, wgengine/userspace.go, wgengine/magicsock).
package enum PingAnswer: Sendable, Equatable {
  /// A pong came; the last one counts, since the first ones often take the relay while a direct path
  /// is looked for.
  case pong(ReachPath)
  /// The peer is asked and does not answer.
  case noAnswer
  /// The asking client is not told of such a peer: the policy hides it, or it has not heard yet.
  case noPeer
  /// The peer's key has expired.
  case expired
  /// The address is the asking host's own.
  case itself
  /// The asking client cannot ask anybody; its words.
  case clientDown(String)
  /// Words that are not known, or none.
  case unknown(String?)

  /// - Parameters:
  ///   - status: exit code; 124, 137 and 143 come from our own limit.
  ///   - text: both outputs of all tries.
  package init(status: Int, text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    if let path = lines.reversed().lazy.compactMap(PingAnswer.pong).first {
      self = .pong(path)
      return
    }
    if let row = PingAnswer.rows.first(where: { row in lines.contains { $0.contains(row.needle) } })
    {
      let said = TextEvidence.line(containing: row.needle, in: text)
      self = row.answer(said ?? row.needle)
    } else if [124, 137, 143].contains(status) {
      self = .noAnswer
    } else {
      self = .unknown(TextEvidence.lastLine(of: text))
    }
  }

  /// First row that matches wins.
  private static let rows: [(needle: String, answer: @Sendable (String) -> PingAnswer)] = [
    ("is local Tailscale IP", { _ in .itself }),
    ("peer's node key has expired", { _ in .expired }),
    ("no matching peer", { _ in .noPeer }),
    ("unknown peer", { _ in .noPeer }),
    ("no reply", { _ in .noAnswer }),
    ("timed out", { _ in .noAnswer }),
    ("timeout waiting for pong", { _ in .noAnswer }),
    ("no UDP or DERP addr", { _ in .noAnswer }),
    ("Tailscale is stopped.", PingAnswer.clientDown),
    ("Logged out.", PingAnswer.clientDown),
    ("Machine is not yet approved", PingAnswer.clientDown),
    ("unexpected state:", PingAnswer.clientDown),
    ("local tailscaled stopped", PingAnswer.clientDown),
    ("failed to connect to local", PingAnswer.clientDown),
    ("Failed to connect to local", PingAnswer.clientDown),
    ("Tailscale already in use", PingAnswer.clientDown),
    ("Tailscale running in server mode", PingAnswer.clientDown),
    ("tailscale: not found", PingAnswer.clientDown),
    ("Access denied", PingAnswer.clientDown),
  ]

  /// `pong from NAME (ADDRESS[, PORT]) via VIA in 12ms`; nil for any other line.
  private static func pong(_ line: String) -> ReachPath? {
    guard line.hasPrefix("pong from "), let time = line.ranges(of: " in ").last,
      let via = line[..<time.lowerBound].ranges(of: " via ").last,
      let milliseconds = GoDuration.milliseconds(line[time.upperBound...])
    else { return nil }
    let way = String(line[via.upperBound..<time.lowerBound])
    let isRelayed = way.hasPrefix("DERP(") || way.hasPrefix("peer-relay(")
    // `disco` alone means that the client did not say.
    guard isRelayed || way.contains(":") else { return nil }
    return ReachPath(isDirect: !isRelayed, via: way, milliseconds: milliseconds)
  }
}

/// How a pong came.
package struct ReachPath: Sendable, Hashable {
  package var isDirect: Bool
  /// `198.51.100.12:41641`, `DERP(fra)` or `peer-relay(…)`.
  package var via: String
  package var milliseconds: Double

  package init(isDirect: Bool, via: String, milliseconds: Double) {
    self.isDirect = isDirect
    self.via = via
    self.milliseconds = milliseconds
  }
}

/// Durations as Go prints them: `0s`, `12ms`, `1.234s`, `1m2.5s`, `350µs`.
enum GoDuration {
  static func milliseconds(_ text: Substring) -> Double? {
    var rest = text
    while let last = rest.last, last == " " || last == "\r" { rest.removeLast() }
    guard !rest.isEmpty, rest.utf8.count <= 32 else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest[digits.endIndex...]
      let unit = rest.prefix { !$0.isNumber && $0 != "." }
      rest = rest[unit.endIndex...]
      guard let number = Double(digits), let factor = factors[String(unit)] else { return nil }
      total += number * factor
    }
    return total
  }

  private static let factors: [String: Double] = [
    "ns": 1e-6, "µs": 1e-3, "μs": 1e-3, "us": 1e-3, "ms": 1, "s": 1000, "m": 60_000,
    "h": 3_600_000,
  ]
}
