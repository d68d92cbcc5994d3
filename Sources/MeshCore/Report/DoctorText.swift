/// What doctor found, for people: one line a check of the server; of each host what does not pass.
package struct DoctorText {
  private let report: DoctorReport
  private let style: TextStyle

  package init(_ report: DoctorReport, style: TextStyle) {
    self.report = report
    self.style = style
  }

  package var rendered: String {
    var lines: [String] = []
    if report.simulated { lines.append(paint.simulation(PlanWords.simulation)) }
    lines.append("Server " + VisibleText.escaped(report.serverURL, limit: 200))
    for check in report.server { lines += self.lines(check, indent: 2) }
    if !report.hosts.isEmpty { lines.append("") }
    let isDetailed = style.verbose || report.hosts.count == 1
    for host in report.hosts { lines += self.lines(host, detailed: isDetailed) }
    lines.append("")
    lines += TextFlow.sentence(summary, width: style.width)
    return lines.map(TextFlow.trimmed).joined(separator: "\n") + "\n"
  }

  private var paint: Paint { Paint(isOn: style.color) }

  private static let kindWidth = DoctorCheck.Kind.allCases.map(\.rawValue.count).max() ?? 0

  private func lines(_ host: DoctorReport.HostPart, detailed: Bool) -> [String] {
    let passed = host.checks.count { $0.verdict == .pass }
    let head =
      "\(VisibleText.escaped(host.host, limit: 80))  \(word(host.verdict))"
      + "  \(passed) of \(host.checks.count) pass"
    var lines = [head]
    for check in host.checks {
      // What follows from a failure is said by it.
      let isTold = check.verdict == .fail || check.finding != nil
      let isReason = check.verdict == .unknown && host.verdict == .unknown
      if detailed || isTold || isReason { lines += self.lines(check, indent: 2) }
    }
    return lines
  }

  private func lines(_ check: DoctorCheck, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    let head =
      space + PlanText.left(check.verdict.rawValue.uppercased(), 7) + "  "
      + PlanText.left(check.kind.rawValue, DoctorText.kindWidth) + "  "
    var parts = [VisibleText.escaped(check.words, limit: 600)]
    if let finding = check.finding {
      let code = "[\(finding.code.rawValue)]"
      let isSaid = finding.message == check.words
      parts[0] += isSaid ? " \(code)" : ""
      if !isSaid { parts.append(VisibleText.escaped(finding.message) + " \(code)") }
      if style.verbose {
        if let detail = finding.detail { parts.append(VisibleText.escaped(detail)) }
        if let evidence = finding.evidence, !evidence.isEmpty {
          parts.append("evidence: " + VisibleText.escaped(evidence, limit: 400))
        }
      }
      if let hint = finding.hint { parts.append("next: " + VisibleText.escaped(hint)) }
    }
    // Painted by verdict alone: the words stay plain.
    let plain = DoctorText.stacked(head, parts, width: style.width)
    guard style.color else { return plain }
    return plain.enumerated().map { index, line in
      guard index == 0 else { return line }
      let from = line.index(line.startIndex, offsetBy: min(indent, line.count))
      let to = line.index(from, offsetBy: min(7, line.distance(from: from, to: line.endIndex)))
      let word = String(line[from..<to])
      // A warning passes, and is to be seen.
      let isWarned = check.verdict == .pass && check.finding != nil
      return line[..<from] + (isWarned ? paint.warning(word) : painted(check.verdict, word))
        + line[to...]
    }
  }

  /// One part a line, below each other behind the head.
  private static func stacked(_ head: String, _ parts: [String], width: Int?) -> [String] {
    let indent = TextWidth.columns(of: head)
    let room = width.map { max(24, $0 - indent) } ?? Int.max
    var lines: [String] = []
    for part in parts {
      for text in TextFlow.wrap(part, room: room) {
        lines.append((lines.isEmpty ? head : String(repeating: " ", count: indent)) + text)
      }
    }
    return lines
  }

  private func word(_ verdict: DoctorCheck.Verdict) -> String {
    painted(verdict, verdict.rawValue.uppercased())
  }

  private func painted(_ verdict: DoctorCheck.Verdict, _ text: String) -> String {
    switch verdict {
    case .pass: paint.good(text)
    case .fail: paint.bad(text)
    case .unknown: paint.warning(text)
    }
  }

  private var summary: String {
    let bad = report.hosts.count { $0.verdict == .fail }
    var text =
      "Doctor: \(report.count(.pass)) PASS, \(report.count(.fail)) FAIL, "
      + "\(report.count(.unknown)) UNKNOWN; "
      + "\(report.hosts.count - bad) of \(Count.of(report.hosts.count, "host")) without FAIL"
    if !style.verbose, report.hosts.count > 1 { text += " (-v lists every check)" }
    return text + "."
  }
}
