/// Who reached whom, for people: the matrix, what does not work and what to do, the counts.
package struct ReachText {
  private let report: ReachReport
  private let style: TextStyle

  package init(_ report: ReachReport, style: TextStyle) {
    self.report = report
    self.style = style
  }

  package var rendered: String {
    var lines: [String] = []
    if report.simulated { lines.append(paint.simulation(PlanWords.simulation)) }
    lines += sentence(header)
    if let sample = report.sample {
      lines += sentence(
        "A sample: every host asks \(sample.size) of its \(sample.outOf) peers; later runs ask others."
      )
    }
    let matrix = ReachMatrix(report, width: style.width).lines(paint)
    if !matrix.isEmpty { lines += [""] + matrix }
    let rows = ReachFindings(report, verbose: style.verbose).rows
    if !rows.isEmpty { lines.append("") }
    // Names stand below each other as far as they are short.
    let head = min(30, rows.map { TextWidth.columns(of: $0.head) }.filter { $0 <= 30 }.max() ?? 0)
    for row in rows { lines += self.lines(row, head) }
    lines.append("")
    lines += sentence(summary)
    return lines.map(TextFlow.trimmed).joined(separator: "\n") + "\n"
  }

  private var paint: Paint { Paint(isOn: style.color) }

  private func sentence(_ text: String) -> [String] {
    TextFlow.sentence(VisibleText.escaped(text), width: style.width)
  }

  private var header: String {
    let version = report.server.version.map { " \($0)" } ?? ""
    return "Headscale\(version) at \(report.server.url): "
      + "\(Count.of(report.members.count, "host")) of \(report.inventoryPath)"
  }

  private func lines(_ row: ReachFindings.Row, _ width: Int) -> [String] {
    let flowed = TextFlow.flow(
      head: "  \(row.symbol) \(PlanText.left(row.head, width))  ", parts: row.parts,
      width: style.width)
    let painted = flowed.map { line in
      switch row.severity {
      case .error: paint.bad(line)
      case .warning: paint.warning(line)
      case .note: paint.dim(line)
      }
    }
    guard style.verbose, let finding = row.finding else { return painted }
    return painted + DiagnosticLines.of(finding, indent: 6, width: style.width, paint: paint)
  }

  private var summary: String {
    let counts = report.counts
    let asked = counts.direct + counts.relayed + counts.unreachable + counts.notAsked
    var text = "Verify: "
    if asked == 0 {
      text += "nobody was asked for"
    } else {
      text += "\(counts.direct + counts.relayed) of \(Count.of(asked, "direction")) reached, "
      text +=
        "\(counts.direct) direct, \(counts.relayed) relayed; \(counts.unreachable) unreachable"
      if counts.notAsked > 0 { text += ", \(counts.notAsked) not asked" }
    }
    if !report.expectations.isEmpty {
      text += "; expect: \(counts.endpointsReached) of \(report.expectations.count) reached"
    }
    if counts.hostsFailed > 0 { text += "; \(Count.of(counts.hostsFailed, "host")) not there" }
    if counts.away > 0 {
      text += "; \(counts.away) away, as \(counts.away == 1 ? "it" : "they") may be"
    }
    return text + "."
  }
}
