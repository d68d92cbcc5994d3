/// A plan for people (design §7): a header, one line a host that is not in sync, a summary.
struct PlanText {
  let plan: Plan
  let style: TextStyle
  private let words: PlanWords

  init(_ plan: Plan, style: TextStyle) {
    self.plan = plan
    self.style = style
    words = PlanWords(plan: plan)
  }

  var rendered: String {
    var lines: [String] = []
    if plan.simulated { lines.append(paint.simulation(PlanWords.simulation)) }
    lines += TextFlow.sentence(VisibleText.escaped(words.header), width: style.width)
    if let flags = words.flags { lines += TextFlow.sentence(flags, width: style.width) }
    let (rows, unlisted) = PlanRow.rows(plan, verbose: style.verbose)
    if !rows.isEmpty {
      lines.append("")
      lines += table(rows)
    }
    if unlisted > 0 {
      lines.append("  ? and \(unlisted) more nodes that are not in the inventory")
    }
    let findings = plan.diagnostics
    if !findings.isEmpty {
      lines.append("")
      for finding in findings {
        lines += DiagnosticLines.of(finding, width: style.width, paint: paint)
      }
    }
    lines.append("")
    lines += ([words.summary] + words.notes).flatMap {
      TextFlow.sentence(VisibleText.escaped($0), width: style.width)
    }
    return lines.map(TextFlow.trimmed).joined(separator: "\n") + "\n"
  }

  var paint: Paint { Paint(isOn: style.color) }

  private func table(_ rows: [PlanRow]) -> [String] {
    let names = rows.map { VisibleText.escaped($0.name, limit: PlanRow.nameShown) }
    let nodes = rows.map { VisibleText.escaped($0.node, limit: PlanRow.nameShown) }
    let nameWidth = min(32, names.map { TextWidth.columns(of: $0) }.max() ?? 0)
    let nodeWidth = min(24, nodes.map { TextWidth.columns(of: $0) }.max() ?? 0)
    let osWidth = rows.map(\.os.count).max() ?? 0
    var lines: [String] = []
    for (row, (name, node)) in zip(rows, zip(names, nodes)) {
      var head = PlanText.left(row.symbol, 3, right: true) + " " + PlanText.left(name, nameWidth)
      if nodeWidth > 0 { head += "  " + PlanText.left(node, nodeWidth) }
      if osWidth > 0 { head += "  " + PlanText.left(row.os, osWidth) }
      lines += TextFlow.flow(
        head: head + "  ", parts: row.parts.map(VisibleText.escaped), width: style.width
      ).map { paint.action(row.action, $0) }
      for finding in row.findings {
        lines += DiagnosticLines.of(finding, indent: 6, width: style.width, paint: paint)
      }
    }
    return lines
  }

  static func left(_ text: String, _ width: Int, right: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - TextWidth.columns(of: text)))
    return right ? padding + text : text + padding
  }
}
