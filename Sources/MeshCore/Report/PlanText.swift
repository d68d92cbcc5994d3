/// A plan for people (design §7): a header, one line a host that is not in sync, a summary.
struct PlanText {
  let plan: Plan
  let style: TextStyle

  init(_ plan: Plan, style: TextStyle) {
    self.plan = plan
    self.style = style
  }

  /// How many unmanaged nodes are listed before the rest is only counted.
  static let unmanagedShown = 20
  /// Characters of a name beside which the id says the rest; honest names have 63 at most.
  static let nameShown = 80

  var rendered: String {
    var lines: [String] = []
    if plan.simulated { lines.append(paint.simulation("SIMULATION: nothing real is touched.")) }
    lines.append(header)
    let rows = self.rows
    if !rows.isEmpty {
      lines.append("")
      lines += table(rows)
    }
    let findings = plan.diagnostics
    if !findings.isEmpty {
      lines.append("")
      for finding in findings { lines += DiagnosticLines.of(finding, paint: paint) }
    }
    lines.append("")
    lines += summary
    return lines.map(TextFlow.trimmed).joined(separator: "\n") + "\n"
  }

  var paint: Paint { Paint(isOn: style.color) }

  private var header: String {
    let version = plan.server.version.map { " \(VisibleText.escaped($0))" } ?? ""
    let url = VisibleText.escaped(plan.server.url)
    let path = VisibleText.escaped(plan.inventoryPath)
    let selected = plan.hosts.count < plan.hostCount ? " (\(plan.hosts.count) selected)" : ""
    return "Headscale\(version) at \(url): \(Count.of(plan.nodeCount, "node")), "
      + "\(Count.of(plan.hostCount, "host")) in \(path)\(selected)"
  }

  // MARK: Rows

  struct Row {
    var symbol: String
    var action: Action?
    var name: String
    var node: String
    var os: String
    var parts: [String]
    var findings: [Diagnostic]
  }

  private var rows: [Row] {
    var rows = plan.usersToCreate.map {
      Row(
        symbol: "+", action: .join, name: "user \($0)", node: "", os: "",
        parts: ["create the Headscale user"], findings: [])
    }
    for host in plan.hosts where host.action != .none || hasFindings(host) {
      rows.append(
        Row(
          symbol: PlanText.symbol(host.action), action: host.action, name: host.name,
          node: host.node.map { "#\($0.id)" } ?? "", os: host.os.rawValue,
          parts: HostText.parts(host), findings: shownFindings(host)))
    }
    for node in plan.unmanaged.prefix(PlanText.unmanagedShown) {
      rows.append(
        Row(
          symbol: "?", action: nil, name: node.name, node: "#\(node.nodeID)", os: "",
          parts: ["not in the inventory, " + (node.online ? "online" : "offline" + since(node))],
          findings: []))
    }
    return rows
  }

  private func hasFindings(_ host: HostPlan) -> Bool { !shownFindings(host).isEmpty }

  private func shownFindings(_ host: HostPlan) -> [Diagnostic] {
    host.diagnostics.filter { style.verbose || $0.severity > .note }
  }

  private func since(_ node: UnmanagedNode) -> String {
    node.lastSeen.map { " since \($0.rfc3339)" } ?? ""
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

  private func table(_ rows: [Row]) -> [String] {
    let names = rows.map { VisibleText.escaped($0.name, limit: PlanText.nameShown) }
    let nameWidth = min(32, names.map { TextWidth.columns(of: $0) }.max() ?? 0)
    let nodeWidth = rows.map { TextWidth.columns(of: $0.node) }.max() ?? 0
    let osWidth = rows.map(\.os.count).max() ?? 0
    var lines: [String] = []
    for (row, name) in zip(rows, names) {
      var head = PlanText.left(row.symbol, 3, right: true) + " " + PlanText.left(name, nameWidth)
      if nodeWidth > 0 { head += "  " + PlanText.left(row.node, nodeWidth) }
      if osWidth > 0 { head += "  " + PlanText.left(row.os, osWidth) }
      lines += TextFlow.flow(
        head: head + "  ", parts: row.parts.map(VisibleText.escaped), width: style.width
      ).map { paint.action(row.action, $0) }
      for finding in row.findings { lines += DiagnosticLines.of(finding, indent: 6, paint: paint) }
    }
    if plan.unmanaged.count > PlanText.unmanagedShown {
      let rest = plan.unmanaged.count - PlanText.unmanagedShown
      lines.append("  ? and \(rest) more nodes that are not in the inventory")
    }
    return lines
  }

  static func left(_ text: String, _ width: Int, right: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - TextWidth.columns(of: text)))
    return right ? padding + text : text + padding
  }

  // MARK: Summary

  private var summary: [String] {
    let counts = plan.summary
    var lines: [String] = []
    if plan.isEmpty {
      var text = "No changes. \(Count.of(counts.inSync, "host")) in sync"
      if counts.unmanaged > 0 { text += "; \(counts.unmanaged) unmanaged" }
      lines.append(text + ".")
    } else {
      var text =
        "Plan: \(counts.join) to join, \(counts.change) to change, \(counts.replace) to replace, "
        + "\(counts.remove) to remove"
      if counts.wait > 0 { text += "; \(counts.wait) waiting for a person" }
      if counts.blocked > 0 { text += "; \(counts.blocked) blocked" }
      if counts.unmanaged > 0 { text += "; \(counts.unmanaged) unmanaged" }
      lines.append(text + "; \(counts.inSync) in sync.")
    }
    lines += uncompared
    if counts.byNameOnly > 0 {
      lines.append(
        "\(Count.of(counts.byNameOnly, "host")) matched by name only "
          + "(a probe or machine_key proves them).")
    }
    return lines
  }

  /// What no list or probe told, so that nobody takes silence for agreement.
  private var uncompared: [String] {
    var counts: [(what: String, hosts: Int)] = []
    for host in plan.hosts {
      for what in host.unknown {
        if let index = counts.firstIndex(where: { $0.what == what }) {
          counts[index].hosts += 1
        } else {
          counts.append((what, 1))
        }
      }
    }
    return counts.map { what, hosts in
      let hosts = Count.of(hosts, "host")
      guard what == "client preferences" else {
        return "Not known or compared: \(VisibleText.escaped(what)) of \(hosts)."
      }
      return "Preferences of \(hosts) not compared" + (plan.flags.probe ? "." : " (use --probe).")
    }
  }
}
