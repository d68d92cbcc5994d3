/// A plan as a comment of a code review: the counts, a table, the full text folded away, the hash.
///
/// Everything from outside stands in `<code>` or `<pre>` with entities, so it is never markup.
struct PlanMarkdown {
  let plan: Plan
  /// The plan's hash, where the caller has one.
  let hash: String?
  /// UTF-8 bytes that the whole text may take.
  ///
  /// GitHub takes comments of 65,536 characters, of which
  /// some are left to whoever adds a line.
  let limit: Int

  static let defaultLimit = 60_000

  init(_ plan: Plan, hash: String?, limit: Int = PlanMarkdown.defaultLimit) {
    self.plan = plan
    self.hash = hash
    self.limit = limit
  }

  var rendered: String {
    let words = PlanWords(plan: plan)
    var head: [String] = ["### meshctl plan", ""]
    if plan.simulated { head += ["**\(PlanWords.simulation)**", ""] }
    head += ["**\(words.summary)**", ""]
    head += [MarkupText.code(clipped(words.header)), ""]
    if let flags = words.flags { head += [MarkupText.code(flags), ""] }
    let tail = closing
    // The table is what reviewers read: it gets what it needs up to two thirds, the full text the rest.
    var room = limit - bytes(head) - bytes(tail) - 600
    let table = self.table(room: room * 2 / 3)
    room -= bytes(table)
    return (head + table + details(room: room) + tail).joined(separator: "\n") + "\n"
  }

  private func bytes(_ lines: [String]) -> Int { lines.reduce(0) { $0 + $1.utf8.count + 1 } }

  /// A line of the head: a path of a megabyte is nobody's.
  private func clipped(_ text: String) -> String { VisibleText.escaped(text, limit: 400) }

  // MARK: Table

  private func table(room: Int) -> [String] {
    let (rows, unlisted) = PlanRow.rows(plan, verbose: false)
    guard !rows.isEmpty || !plan.diagnostics.isEmpty else { return [] }
    var lines: [String] = []
    var cut = 0
    var used = 0
    func add(_ line: String) {
      used += line.utf8.count + 1
      if used > room { cut += 1 } else { lines.append(line) }
    }
    if !rows.isEmpty {
      lines += ["| | host | node | os | what |", "|---|---|---|---|---|"]
      used = bytes(lines)
      for row in rows { add(line(row)) }
    }
    if cut > 0 { lines += ["", "… and \(cut) more rows, cut to fit into a comment."] }
    if unlisted > 0 {
      lines += ["", "… and \(unlisted) more nodes that are not in the inventory."]
    }
    lines.append("")
    cut = 0
    for finding in plan.diagnostics { add("- " + MarkupText.code(words(finding))) }
    if cut > 0 { lines.append("- … and \(cut) more findings, cut to fit into a comment.") }
    if !plan.diagnostics.isEmpty { lines.append("") }
    return lines
  }

  private func line(_ row: PlanRow) -> String {
    let name = VisibleText.escaped(row.name, limit: PlanRow.nameShown)
    let node = VisibleText.escaped(row.node, limit: PlanRow.nameShown)
    let parts = row.parts + row.findings.map(words)
    let cells = [
      MarkupText.code(row.symbol.isEmpty || row.symbol == " " ? "=" : row.symbol),
      MarkupText.code(name), node.isEmpty ? "" : MarkupText.code(node), row.os,
      parts.map { MarkupText.code(VisibleText.escaped($0, limit: 1_000)) }.joined(
        separator: "<br>"),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private func words(_ finding: Diagnostic) -> String {
    "\(finding.severity.rawValue)[\(finding.code.rawValue)]: \(finding.message)"
  }

  // MARK: The full text

  private func details(room: Int) -> [String] {
    let text = PlanText(plan, style: TextStyle(verbose: true)).rendered
    let all = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    var lines: [String] = []
    var used = 0
    for line in all {
      let shown = MarkupText.html(String(line))
      used += shown.utf8.count + 1
      if used > room { break }
      lines.append(shown)
    }
    let cut = all.count - lines.count
    if cut > 0 { lines.append("… \(cut) more lines, cut to fit into a comment") }
    return ["<details><summary>The full plan</summary>", "", "<pre>"] + lines
      + ["</pre>", "", "</details>", ""]
  }

  private var closing: [String] {
    var lines = PlanWords(plan: plan).notes.map { MarkupText.code($0) + "<br>" }
    if let hash { lines.append("plan \(MarkupText.code(hash))<br>") }
    lines.append("inventory \(MarkupText.code(clipped(plan.inventoryDigest)))<br>")
    lines.append("meshctl \(MeshctlVersion.current)")
    return lines
  }
}
