/// The status for people: one line a host, then the counts.
package struct StatusText {
  private let report: StatusReport
  private let style: TextStyle

  package init(_ report: StatusReport, style: TextStyle) {
    self.report = report
    self.style = style
  }

  package var rendered: String {
    let words = PlanWords(plan: report.plan)
    var lines: [String] = []
    if report.plan.simulated { lines.append(paint.simulation(PlanWords.simulation)) }
    lines += TextFlow.sentence(VisibleText.escaped(words.header), width: style.width)
    if !report.rows.isEmpty { lines.append("") }
    lines += table
    let findings = report.plan.diagnostics
    if !findings.isEmpty {
      lines.append("")
      for finding in findings {
        lines += DiagnosticLines.of(finding, width: style.width, paint: paint)
      }
    }
    lines.append("")
    lines += ([summary] + words.notes).flatMap {
      TextFlow.sentence(VisibleText.escaped($0), width: style.width)
    }
    return lines.map(TextFlow.trimmed).joined(separator: "\n") + "\n"
  }

  private var paint: Paint { Paint(isOn: style.color) }

  private struct Cells {
    var name: String
    var node: String
    var state: String
    var address: String
    var client: String
    var key: String
    var rest: [String]
  }

  private func cells(_ row: StatusReport.Row) -> Cells {
    func shown(_ text: String?, _ limit: Int = PlanRow.nameShown) -> String {
      text.map { VisibleText.escaped($0, limit: limit) } ?? ""
    }
    var rest: [String] = []
    // What is offline in general is said by the state; of a host that differs too it is said here.
    if let offline = row.offlineWords { rest.append(offline) }
    if row.state != .offline { rest += row.differences }
    if row.state == .waiting || row.state == .blocked {
      rest += row.findings.filter { $0.severity == .error }.prefix(1).map {
        "\($0.message) [\($0.code.rawValue)]"
      }
    }
    return Cells(
      name: shown(row.host), node: shown(row.node.map { "#\($0.id)" }), state: row.state.words,
      address: shown(row.address), client: shown(row.clientVersion, 20),
      key: row.keyWords(now: report.now) ?? "", rest: rest.map(VisibleText.escaped))
  }

  private var table: [String] {
    let all = report.rows.map(cells)
    func width(_ column: KeyPath<Cells, String>, atMost limit: Int) -> Int {
      min(limit, all.map { TextWidth.columns(of: $0[keyPath: column]) }.max() ?? 0)
    }
    let columns: [(path: KeyPath<Cells, String>, width: Int)] = [
      (\.address, width(\.address, atMost: 39)), (\.client, width(\.client, atMost: 20)),
      (\.key, width(\.key, atMost: 24)),
    ].filter { $0.1 > 0 }
    let nameWidth = width(\.name, atMost: 32)
    let nodeWidth = width(\.node, atMost: 24)
    let stateWidth = width(\.state, atMost: 10)
    var lines: [String] = []
    for (row, cells) in zip(report.rows, all) {
      var head = "  " + PlanText.left(cells.name, nameWidth)
      if nodeWidth > 0 { head += "  " + PlanText.left(cells.node, nodeWidth) }
      head += "  " + PlanText.left(cells.state, stateWidth) + "  "
      let fixed = columns.map { PlanText.left(cells[keyPath: $0.path], $0.width) }
        .joined(separator: "  ")
      // Blanks keep the columns only where nothing has to be wrapped.
      let isBlank = fixed.allSatisfy { $0 == " " }
      let whole = head + ([fixed] + cells.rest).joined(separator: "    ")
      let fits = style.width.map { TextWidth.columns(of: whole) <= $0 } ?? true
      let parts = (isBlank && (!fits || columns.isEmpty) ? [] : [fixed]) + cells.rest
      lines += TextFlow.flow(head: head, parts: parts, width: style.width).map {
        painted(row.state, $0)
      }
    }
    return lines
  }

  private func painted(_ state: StatusReport.State, _ line: String) -> String {
    switch state {
    case .inSync: line
    case .drifted: paint.action(.change, line)
    case .waiting: paint.action(.wait, line)
    case .blocked: paint.action(.blocked, line)
    case .offline: paint.dim(line)
    }
  }

  private var summary: String {
    var text =
      "Status: "
      + StatusReport.State.allCases.map { "\(report.count($0)) \($0.words)" }
      .joined(separator: ", ")
    if !report.plan.unmanaged.isEmpty { text += "; \(report.plan.unmanaged.count) unmanaged" }
    return text + "."
  }
}
