/// What is said of a whole plan, raw; each format escapes it for itself.
struct PlanWords {
  let plan: Plan

  static let simulation = "SIMULATION: nothing real is touched."

  var header: String {
    let version = plan.server.version.map { " \($0)" } ?? ""
    var selected = plan.hosts.count < plan.hostCount ? "\(plan.hosts.count) selected" : ""
    if let shard = plan.flags.shard {
      selected = "shard \(shard.text): \(plan.hosts.count) selected"
    }
    if !selected.isEmpty { selected = " (\(selected))" }
    return "Headscale\(version) at \(plan.server.url): \(Count.of(plan.nodeCount, "node")), "
      + "\(Count.of(plan.hostCount, "host")) in \(plan.inventoryPath)\(selected)"
  }

  /// The flags that loosen the guards, so that nobody agrees to them unseen; nil without such flags.
  var flags: String? {
    let overrides = plan.flags.overrides.map { flag in
      if flag == "--prune", let shard = plan.flags.shard, !shard.isFirst {
        return "\(flag) (done by shard 0/\(shard.count))"
      }
      return flag.hasPrefix("--max-") ? "\(flag) (instead of the inventory's guard)" : flag
    }
    return overrides.isEmpty ? nil : "Flags: \(overrides.joined(separator: ", "))."
  }

  /// The one line that counts; only this program's own words and numbers.
  var summary: String {
    let counts = plan.summary
    if plan.isEmpty {
      var text = "No changes. \(Count.of(counts.inSync, "host")) in sync"
      if counts.unmanaged > 0 { text += "; \(counts.unmanaged) unmanaged" }
      return text + "."
    }
    var text =
      "Plan: \(counts.join) to join, \(counts.change) to change, \(counts.replace) to replace, "
      + "\(counts.remove) to remove"
    if counts.wait > 0 { text += "; \(counts.wait) waiting for a person" }
    if counts.blocked > 0 { text += "; \(counts.blocked) blocked" }
    if counts.unmanaged > 0 { text += "; \(counts.unmanaged) unmanaged" }
    return text + "; \(counts.inSync) in sync."
  }

  /// What no list or probe told, so that nobody takes silence for agreement.
  var notes: [String] {
    var lines = uncompared
    let byName = plan.summary.byNameOnly
    if byName > 0 {
      lines.append(
        "\(Count.of(byName, "host")) matched by name only "
          + "(a probe or machine_key proves them).")
    }
    return lines
  }

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
        return "Not known or compared: \(what) of \(hosts)."
      }
      return "Preferences of \(hosts) not compared" + (plan.flags.probe ? "." : " (use --probe).")
    }
  }
}
