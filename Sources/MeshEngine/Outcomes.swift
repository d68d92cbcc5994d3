import MeshCore

/// What is said of hosts that did not become as they were to be.
enum Outcomes {
  static func joinedAlready(_ plan: HostPlan) -> Diagnostic {
    let node = plan.node.map { "node #\($0.id)" } ?? "a node"
    return Diagnostic(
      .joinedAlready, .error, "the host turned out to be \(node) already",
      detail: "Its client did not run, so the plan could not see it; what differs was not shown.",
      hint: "meshctl apply --limit \(plan.name)", host: plan.name)
  }

  static func notProven(_ shown: HostPlan, _ last: HostPlan) -> Diagnostic {
    Diagnostic(
      .notProven, .error,
      "shown as node #\(shown.node?.id ?? "?"), the host proved to be #\(last.node?.id ?? "?")",
      detail: "Only a name tied it to the first; nothing was changed on either.",
      hint: "meshctl plan --probe --limit \(shown.name)", host: shown.name)
  }

  static func notShown(_ plan: HostPlan) -> Diagnostic {
    let words = plan.changes.map { HostText.words($0) }.joined(separator: "; ")
    return Diagnostic(
      .notShown, .error, "more differs than the plan showed: \(words)",
      detail: "Only what was shown is done; it came to light, or moved, during the run.",
      hint: "meshctl apply --limit \(plan.name)", host: plan.name)
  }

  static func notVerified(_ left: [Change], host: String, done: [StepKind]) -> Diagnostic {
    let words = left.map { HostText.words($0) }.joined(separator: "; ")
    return Diagnostic(
      .notVerified, .error,
      done.isEmpty ? "nothing could be done: \(words)" : "what was done did not last: \(words)",
      detail: "The last look still shows the difference.",
      hint: "meshctl plan --probe --limit \(host)", host: host)
  }
}
