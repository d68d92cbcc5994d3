package import YAMLReader

/// Reads a written inventory back and plans it, so that nothing is promised that was not looked at.
package enum AdoptionCheck {
  /// Checks a whole file.
  ///
  /// - Returns: What is not as promised; empty where the inventory is valid and its plan over the
  ///   same observation does nothing but join hosts that have no node.
  package static func findings(
    _ text: String, over observation: Observation, now: Timestamp
  ) -> [Diagnostic] {
    let loaded = InventoryLoader.load(bytes: Array(text.utf8), path: "import", digest: "")
    return findings(loaded, over: observation, now: now)
  }

  /// Checks an inventory with a snippet pasted into it.
  package static func findings(
    pasted root: YAMLNode, over observation: Observation, now: Timestamp, of snippet: MissingNodes
  ) -> [Diagnostic] {
    let loaded = InventoryDecoder.decode(root, path: "import", digest: "")
    return findings(loaded, over: observation, now: now, only: snippet.keys)
  }

  private static func findings(
    _ loaded: (inventory: Inventory?, diagnostics: [Diagnostic]), over observation: Observation,
    now: Timestamp, only keys: Set<String>? = nil
  ) -> [Diagnostic] {
    guard let inventory = loaded.inventory else {
      let errors = loaded.diagnostics.filter { $0.severity == .error }
      return [
        Diagnostic(
          .importUnreadable, .error,
          "what was written is no valid inventory: \(errors.first?.message ?? "unknown")",
          hint: "report this with the node list (meshctl import --format nodes)")
      ]
    }
    let plan = Planner.plan(
      inventory, selection: Set(inventory.hosts.map(\.key)), observation: observation, now: now,
      flags: PlanFlags())
    let hosts = plan.hosts.filter { $0.action != .none && keys?.contains($0.name) ?? true }
    return hosts.compactMap { host in
      guard host.node != nil else { return nil }
      let words = host.changes.map { HostText.label($0.attribute) }.joined(separator: ", ")
      return Diagnostic(
        .importNotEmpty, .warning,
        "the next plan of \(host.name) is not empty: "
          + (words.isEmpty ? host.action.rawValue : words),
        detail: keys == nil ? nil : "It gets something from `defaults` of the file.",
        hint: "look at it: meshctl plan --limit \(host.name)", host: host.name)
    } + unjoinable(hosts)
  }

  /// Hosts without a node are to join; said once for all that cannot yet.
  private static func unjoinable(_ hosts: [HostPlan]) -> [Diagnostic] {
    let blocked = hosts.filter { $0.node == nil && $0.action != .join }
    guard let first = blocked.first else { return [] }
    return [
      Diagnostic(
        .importNotEmpty, .warning,
        "\(Count.of(blocked.count, "host")) without a node cannot join as written: "
          + HostPlanner.list(blocked.map(\.name)),
        detail: first.diagnostics.first { $0.severity == .error }?.message,
        hint: first.diagnostics.first { $0.severity == .error }?.hint)
    ]
  }
}
