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
      detail: "The server still shows the difference after \(Applier.maxRounds) rounds at most.",
      hint: "meshctl plan --probe --limit \(host)", host: host)
  }
}
