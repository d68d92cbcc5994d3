import MeshAdapters
import MeshCore
import MeshEngine

/// An apply for people: the plan and the recap on standard output, one line a step on standard error.
actor StepLines: ApplySink {
  private let console: Console
  private var error: (any Error)?
  private var width = 8
  private let paint: Paint
  private let outputPaint: Paint
  /// True where only the end is told, and only if there is something to tell.
  private let isQuiet: Bool
  private var plan: Plan?

  init(console: Console, quiet: Bool = false) {
    self.console = console
    isQuiet = quiet
    paint = Paint(isOn: console.errorStyle.color)
    outputPaint = Paint(isOn: console.outputStyle.color)
  }

  func begin() {}

  func show(_ plan: Plan) {
    width = min(32, plan.hosts.map(\.name.count).max() ?? 8)
    self.plan = plan
    if isQuiet { return }
    write(Report.plan(plan, as: .text, style: console.outputStyle))
  }

  func emit(_ event: Event) {
    if isQuiet { return }
    let host = padded(VisibleText.escaped(event.host ?? "server"), width)
    switch event.kind {
    case .stepOK(let step, let detail):
      let said = detail.isEmpty ? "" : "  " + VisibleText.escaped(detail)
      console.log("  \(host)  \(padded(step.rawValue, 15))  \(paint.good("ok"))\(said)")
    case .stepFailed(let step, let diagnostic):
      let said = VisibleText.escaped(diagnostic.message)
      console.log(
        "  \(host)  \(padded(step.rawValue, 15))  \(paint.bad("failed"))  \(said) "
          + "[\(diagnostic.code.rawValue)]")
    case .stepSkipped(let step, let reason):
      console.log(
        "  \(host)  \(padded(step.rawValue, 15))  skipped  \(VisibleText.escaped(reason))")
    case .round(let number) where number > 1: console.log("Round \(number): finishing.")
    // A wait of the whole run, which would look like a hang.
    case .waits(let finding) where event.host == nil:
      console.log("  \(host)  " + VisibleText.escaped(finding.message))
    // What waits stands in the plan and in the recap.
    case .round, .stepStart, .version, .plan, .waits, .hostDone, .sideEffect: break
    }
  }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) {
    guard let summary else { return }
    defer {
      if let reach = summary.reach {
        write("\n" + ReachText(reach, style: console.outputStyle).rendered)
      }
    }
    let shown = summary.outcomes.filter { $0.result != .inSync }
    let isWrong = summary.diagnostics.contains { $0.severity == .error }
    guard !shown.isEmpty || !summary.nodes.isEmpty || isWrong else { return }
    var text = isQuiet ? headline : "\n"
    for outcome in shown { text += recap(outcome) }
    for node in summary.nodes { text += recap(node) }
    var counts: [HostOutcome.Result: Int] = [:]
    for outcome in summary.outcomes { counts[outcome.result, default: 0] += 1 }
    let words: [(HostOutcome.Result, String)] = [
      (.changed, "changed"), (.failed, "failed"), (.blocked, "blocked"), (.waiting, "waiting"),
      (.inSync, "in sync"),
    ]
    var parts = words.compactMap { result, word in counts[result].map { "\($0) \(word)" } }
    if !summary.nodes.isEmpty {
      parts.append("\(Count.of(summary.nodes.count { $0.finding == nil }, "node")) deleted")
      let kept = summary.nodes.count { $0.finding != nil }
      if kept > 0 { parts.append("\(kept) kept") }
    }
    for diagnostic in summary.diagnostics {
      text +=
        DiagnosticLines.of(diagnostic, width: console.outputStyle.width, paint: outputPaint).joined(
          separator: "\n") + "\n"
    }
    text += "\nApply: " + parts.joined(separator: ", ") + ".\n"
    write(text)
    console.mentionExplain(summary.outcomes.flatMap(\.diagnostics) + summary.diagnostics)
  }

  private func recap(_ outcome: HostOutcome) -> String {
    let name = padded(VisibleText.escaped(outcome.host), width)
    let steps = outcome.stepsDone.map(\.rawValue).joined(separator: ", ")
    switch outcome.result {
    case .inSync: return "  \(name)  in sync\n"
    case .changed:
      let done = steps.isEmpty ? "" : "  (\(steps))"
      return "  \(name)  \(outputPaint.good("matches"))\(done)\n" + changes(outcome)
        + findings(outcome)
    case .blocked where outcome.stepsDone.isEmpty && !isQuiet,
      .waiting where outcome.stepsDone.isEmpty && !isQuiet:
      // The plan above says it in full.
      let said = outcome.diagnostics.first { $0.severity == .error }
      let why = said.map { "  \(VisibleText.escaped($0.message)) [\($0.code.rawValue)]" } ?? ""
      return "  \(name)  \(outputPaint.bad(outcome.result.rawValue))\(why)\n"
    case .failed, .blocked, .waiting:
      var text = "  \(name)  \(outputPaint.bad(outcome.result.rawValue))"
      if !steps.isEmpty { text += "  (done: \(steps))" }
      text += "\n"
      return text + changes(outcome) + findings(outcome)
    }
  }

  /// Which mesh it was: all that a quiet run says before its recap.
  private var headline: String {
    guard let plan else { return "" }
    let version = plan.server.version.map { "Headscale \($0) at " } ?? ""
    return VisibleText.escaped("\(version)\(plan.server.url), \(plan.inventoryPath)") + "\n"
  }

  /// What the plan would have shown, where it was not shown.
  private func changes(_ outcome: HostOutcome) -> String {
    guard isQuiet, let host = plan?.hosts.first(where: { $0.name == outcome.host }) else {
      return ""
    }
    return host.changes.isEmpty
      ? "" : HostText.parts(host).map { "      \(VisibleText.escaped($0))\n" }.joined()
  }

  private func recap(_ node: NodeOutcome) -> String {
    let name = VisibleText.escaped("\(node.name) #\(node.nodeID)", limit: 100)
    guard let finding = node.finding else {
      return "  \(padded(name, width))  \(outputPaint.good("deleted"))\n"
    }
    let lines = DiagnosticLines.of(
      finding, indent: 6, width: console.outputStyle.width, paint: outputPaint)
    return "  \(padded(name, width))  \(outputPaint.bad("kept"))\n"
      + lines.map { $0 + "\n" }.joined()
  }

  private func findings(_ outcome: HostOutcome) -> String {
    outcome.diagnostics.flatMap {
      DiagnosticLines.of($0, indent: 6, width: console.outputStyle.width, paint: outputPaint)
    }
    .map { $0 + "\n" }.joined()
  }

  func rethrow() throws { if let error { throw error } }

  private func write(_ text: String) {
    do { try console.write(text) } catch { self.error = self.error ?? error }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
