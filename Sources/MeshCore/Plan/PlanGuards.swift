/// Holds a plan to the inventory's guards (design §5).
///
/// Deletions, replacements, owner changes, forced logins and the parking of somebody else's node
/// count; first joins never do. The flags of a run override the file. Shards share what the whole
/// mesh may (`GuardAllowance`).
struct PlanGuards {
  private let inventory: Inventory
  private let flags: PlanFlags

  init(_ inventory: Inventory, flags: PlanFlags) {
    self.inventory = inventory
    self.flags = flags
  }

  /// Holds back everything that takes something where it is too much.
  func limitDeletes(_ plan: inout Plan) {
    let limit = GuardAllowance(
      flags.maxDeletes, inventory.guards.maxDeletes, of: plan.nodeCount, shard: flags.shard)
    guard let limit else { return }
    let hosts = plan.hosts.indices.filter { PlanGuards.counts(plan.hosts[$0]) }
    var nodes = plan.unmanaged.indices.filter { plan.unmanaged[$0].deletion != nil }
    let count = hosts.count + nodes.count
    let finding: (String?) -> Diagnostic
    if count > limit.whole {
      finding = { PlanGuards.finding(count, of: count, limit.wholeWords, host: $0) }
    } else {
      // Nodes of nobody are the work of the first shard alone, so they count against the whole only.
      nodes.removeAll { plan.unmanaged[$0].deletion?.reason == .prune }
      let ofHosts = hosts.count + nodes.count
      guard ofHosts > limit.part else { return }
      finding = { PlanGuards.finding(ofHosts, of: count, limit.partWords, host: $0) }
    }
    for index in hosts { hold(&plan.hosts[index], finding) }
    guard !nodes.isEmpty else { return }
    for index in nodes { plan.unmanaged[index].deletion?.blockedBy = .guardDeletes }
    plan.diagnostics.append(finding(nil))
  }

  /// Takes back everything that counts; the rest of the host goes on.
  private func hold(_ host: inout HostPlan, _ finding: (String?) -> Diagnostic) {
    let isWhole =
      host.action == .replace || host.action == .remove || host.reauthenticates
    let held: Set<Change.Attribute> = PlanGuards.takesOwnership(host) ? [.owner, .tags] : []
    let losesName = host.parkings.contains { $0.reason == .offlineHolder }
    for index in host.changes.indices {
      let attribute = host.changes[index].attribute
      if isWhole || held.contains(attribute) || (losesName && attribute == .name) {
        host.changes[index].blockedBy = .guardDeletes
        host.changes[index].onceProven = false
      }
    }
    if losesName || isWhole { host.steps.removeAll { $0 == .renameNode } }
    if !held.isEmpty { host.steps.removeAll { $0 == .setTags } }
    if losesName { host.parkings.removeAll { $0.reason == .offlineHolder } }
    for index in host.deletions.indices { host.deletions[index].blockedBy = .guardDeletes }
    if isWhole || host.doable.isEmpty {
      host.action = .blocked
      host.steps = []
      host.parkings = []
    }
    host.diagnostics.append(finding(host.name))
  }

  /// Says what is too much, and which flag would allow all that the plan would take.
  private static func finding(
    _ count: Int, of all: Int, _ limit: String, host: String?
  ) -> Diagnostic {
    Diagnostic(
      .guardDeletes, .error,
      "\(count) deletions, replacements or owner changes, more than guards.max_deletes allows"
        + " (\(limit))",
      detail: "All of them are held back; the rest of the plan goes on.",
      hint: "check them, then: --max-deletes \(all)", host: host)
  }

  /// Stops the whole plan where it is too much; last, so that only what would be done counts.
  func limitChanges(_ plan: inout Plan) {
    let limit = GuardAllowance(
      flags.maxChanges, inventory.guards.maxChanges, of: inventory.hosts.count, shard: flags.shard)
    guard let limit else { return }
    let changed = plan.hosts.count { [.change, .replace, .remove].contains($0.action) }
    guard changed > limit.part else { return }
    plan.diagnostics.append(
      Diagnostic(
        .guardChanges, .error,
        "\(Count.of(changed, "host")) would change, more than guards.max_changes allows"
          + " (\(limit.partWords))",
        detail: "apply would do nothing.", hint: "check them, then: --max-changes \(changed)"))
  }

  /// True when something of this host counts; of a blocked or waiting one nothing is taken.
  static func counts(_ host: HostPlan) -> Bool {
    guard !host.doable.isEmpty else { return false }
    return host.action == .replace || host.action == .remove || host.reauthenticates
      || takesOwnership(host) || host.parkings.contains { $0.reason == .offlineHolder }
  }

  private static func takesOwnership(_ host: HostPlan) -> Bool {
    host.doable.contains { $0.attribute == .owner && $0.new == nil }
  }
}
