/// One line of a plan, the same in every format: a user, a host that is not in sync, an unmanaged node.
///
/// Its texts are raw; each format escapes them for itself.
struct PlanRow {
  var symbol: String
  /// Decides the colour.
  var action: Action?
  var name: String
  /// `#12`, or empty.
  var node: String
  var os: String
  var parts: [String]
  var findings: [Diagnostic]

  /// How many nodes that are only reported are listed before the rest is counted.
  static let unmanagedShown = 20
  /// Characters of a name beside which the id says the rest; honest names have 63 at most.
  static let nameShown = 80

  /// All rows in the order they are shown, and how many nodes are not listed.
  ///
  /// What is deleted is always listed (design law 8).
  static func rows(_ plan: Plan, verbose: Bool) -> (rows: [PlanRow], unlisted: Int) {
    var rows = plan.usersToCreate.map {
      PlanRow(
        symbol: "+", action: .join, name: "user \($0)", node: "", os: "",
        parts: ["create the Headscale user"], findings: [])
    }
    for host in plan.hosts {
      let findings = host.diagnostics.filter { verbose || $0.severity > .note }
      guard host.action != .none || !findings.isEmpty else { continue }
      rows.append(
        PlanRow(
          symbol: symbol(host.action), action: host.action, name: host.name,
          node: host.node.map { "#\($0.id)" } ?? "", os: host.os.rawValue,
          parts: HostText.parts(host), findings: findings))
    }
    rows += plan.unmanaged.filter { $0.deletion != nil }.map(row)
    let reported = plan.unmanaged.filter { $0.deletion == nil }
    rows += reported.prefix(unmanagedShown).map(row)
    return (rows, max(0, reported.count - unmanagedShown))
  }

  private static func row(_ node: UnmanagedNode) -> PlanRow {
    let what = node.parkedFor.map { "parked for \($0)" } ?? "not in the inventory"
    let since = node.lastSeen.map { " since \($0.rfc3339)" } ?? ""
    var text = "\(what), " + (node.online ? "online" : "offline" + since)
    var action: Action?
    if let deletion = node.deletion {
      action = deletion.blockedBy == nil ? .remove : .blocked
      text += ": " + HostText.words(deletion)
    } else if node.isFormerRecord {
      text += " (the same machine's former record: apply probes the host, then deletes it)"
    } else if node.isPrunable {
      text += " (--prune would delete it)"
    }
    return PlanRow(
      symbol: action.map(symbol) ?? "?", action: action, name: node.name, node: "#\(node.nodeID)",
      os: "", parts: [text], findings: [])
  }

  static func symbol(_ action: Action) -> String {
    switch action {
    case .none: " "
    case .join: "+"
    case .change: "~"
    case .replace: "-/+"
    case .remove: "-"
    case .wait: "!"
    case .blocked: "x"
    }
  }
}
