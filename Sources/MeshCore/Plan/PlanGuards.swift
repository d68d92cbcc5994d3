/// Holds a plan to the inventory's guards (design §5).
///
/// Deletions, replacements, owner changes, forced logins and the parking of somebody else's node
/// count; first joins never do. The flags of a run override the file. In a shard a percentage is of
/// the shard's part, so that all shards together keep to it, and a number is of each run.
struct PlanGuards {
  private let maxDeletes: Guards.Limit
  private let maxChanges: Guards.Limit
  private let shard: Shard?
  /// Hosts of the file that this run may be about, before any pattern.
  private let hostCount: Int

  init(_ inventory: Inventory, flags: PlanFlags) {
    maxDeletes = flags.maxDeletes ?? inventory.guards.maxDeletes
    maxChanges = flags.maxChanges ?? inventory.guards.maxChanges
    shard = flags.shard
    hostCount =
      shard.map { shard in inventory.hosts.count { shard.contains($0.key) } }
      ?? inventory.hosts.count
  }

  /// Holds back everything that takes something where it is too much.
  func limitDeletes(_ plan: inout Plan) {
    guard let limit = PlanGuards.number(maxDeletes, of: nodeShare(plan)) else { return }
    let hosts = plan.hosts.indices.filter { PlanGuards.counts(plan.hosts[$0]) }
    let nodes = plan.unmanaged.indices.filter { plan.unmanaged[$0].deletion != nil }
    let count = hosts.count + nodes.count
    guard count > limit else { return }
    for index in hosts { hold(&plan.hosts[index], count: count, limit: limit) }
    guard !nodes.isEmpty else { return }
    for index in nodes { plan.unmanaged[index].deletion?.blockedBy = .guardDeletes }
    plan.diagnostics.append(PlanGuards.finding(count: count, limit: limit, host: nil))
  }

  /// Takes back everything that counts; the rest of the host goes on.
  private func hold(_ host: inout HostPlan, count: Int, limit: Int) {
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
    host.diagnostics.append(PlanGuards.finding(count: count, limit: limit, host: host.name))
  }

  private static func finding(count: Int, limit: Int, host: String?) -> Diagnostic {
    Diagnostic(
      .guardDeletes, .error,
      "\(count) deletions, replacements or owner changes, more than guards.max_deletes allows"
        + " (\(limit))",
      detail: "All of them are held back; the rest of the plan goes on.",
      hint: "check them, then: --max-deletes \(count)", host: host)
  }

  /// Stops the whole plan where it is too much; last, so that only what would be done counts.
  func limitChanges(_ plan: inout Plan) {
    guard let limit = PlanGuards.number(maxChanges, of: hostCount) else { return }
    let changed = plan.hosts.count { [.change, .replace, .remove].contains($0.action) }
    guard changed > limit else { return }
    plan.diagnostics.append(
      Diagnostic(
        .guardChanges, .error,
        "\(Count.of(changed, "host")) would change, more than guards.max_changes allows (\(limit))",
        detail: "apply would do nothing.", hint: "check them, then: --max-changes \(changed)"))
  }

  /// The nodes that a percentage is of; rounded up.
  private func nodeShare(_ plan: Plan) -> Int {
    let parts = shard?.count ?? 1
    return (plan.nodeCount + parts - 1) / parts
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

  /// Percentages round up; nil means no limit.
  private static func number(_ limit: Guards.Limit, of whole: Int) -> Int? {
    switch limit {
    case .off: nil
    case .count(let count): count
    case .percent(let percent): (whole * percent + 99) / 100
    }
  }
}
