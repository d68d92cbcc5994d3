/// A plan as one self-contained page: no script, nothing fetched, everything from outside escaped.
struct PlanPage {
  let plan: Plan
  let hash: String?

  init(_ plan: Plan, hash: String?) {
    self.plan = plan
    self.hash = hash
  }

  private static let style = """
    body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em }
    table { border-collapse: collapse; width: 100% }
    th, td { border-bottom: 1px solid #8884; padding: .35em .6em; text-align: left; vertical-align: top }
    td, code, pre { overflow-wrap: anywhere }
    code, pre { font: 13px/1.4 ui-monospace, monospace }
    pre { background: #8881; overflow-x: auto; padding: 1em; white-space: pre-wrap }
    .join { color: #1a7f37 } .change, .replace { color: #9a6700 }
    .remove, .blocked { color: #cf222e } .wait { color: #8250df }
    :root { color-scheme: light dark }
    """

  var rendered: String {
    let words = PlanWords(plan: plan)
    let (rows, unlisted) = PlanRow.rows(plan, verbose: true)
    var lines = [
      "<!doctype html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta http-equiv=\"Content-Security-Policy\" "
        + "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
      "<title>meshctl plan</title>", "<style>", PlanPage.style, "</style>", "</head>", "<body>",
      "<h1>meshctl plan</h1>",
    ]
    if plan.simulated { lines.append("<p><strong>\(PlanWords.simulation)</strong></p>") }
    lines.append("<p><strong>\(MarkupText.html(words.summary))</strong></p>")
    lines.append("<p><code>\(MarkupText.html(words.header))</code></p>")
    if let flags = words.flags { lines.append("<p><code>\(MarkupText.html(flags))</code></p>") }
    if !rows.isEmpty {
      lines += ["<table>", "<tr><th></th><th>host</th><th>node</th><th>os</th><th>what</th></tr>"]
      lines += rows.map(PlanPage.line) + ["</table>"]
    }
    if unlisted > 0 { lines.append("<p>… and \(unlisted) more nodes not in the inventory.</p>") }
    lines += plan.diagnostics.map { "<p>\(PlanPage.code(PlanPage.words($0)))</p>" }
    lines += words.notes.map { "<p>\(MarkupText.html($0))</p>" }
    let text = PlanText(plan, style: TextStyle(verbose: true)).rendered
    lines += ["<details><summary>The full plan</summary>", "<pre>"]
    lines += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      MarkupText.html(String($0))
    }
    lines += ["</pre>", "</details>", "<p>"]
    if let hash { lines.append("plan \(PlanPage.code(hash))<br>") }
    lines.append("inventory \(PlanPage.code(plan.inventoryDigest))<br>")
    lines += ["meshctl \(MeshctlVersion.current)", "</p>", "</body>", "</html>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ row: PlanRow) -> String {
    let parts = row.parts + row.findings.map(words)
    let kind = row.action.map { " class=\"\($0.rawValue)\"" } ?? ""
    let cells = [
      code(row.symbol), code(VisibleText.escaped(row.name, limit: PlanRow.nameShown)),
      code(VisibleText.escaped(row.node, limit: PlanRow.nameShown)), row.os,
      parts.map(code).joined(separator: "<br>"),
    ]
    return "<tr\(kind)>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
  }

  private static func words(_ finding: Diagnostic) -> String {
    "\(finding.severity.rawValue)[\(finding.code.rawValue)]: \(finding.message)"
  }

  private static func code(_ text: String) -> String {
    text.allSatisfy { $0 == " " } ? "" : "<code>\(MarkupText.html(text))</code>"
  }
}
