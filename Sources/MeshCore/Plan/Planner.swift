/// Diffs an inventory against an observation.
///
/// Pure: the same input gives the same bytes. Nothing outside the returned plan may be done.
package enum Planner {
  /// Plans the selected hosts.
  ///
  /// - Parameters:
  ///   - inventory: the whole file.
  ///   - selection: keys of the hosts to plan; every host of the file takes part in matching, so
  ///     that a node claimed by an unselected host is never given to a selected one.
  ///   - observation: the server's lists, and facts of the hosts that were probed.
  ///   - now: the controller's time; the observation's own time wins where it has one.
  ///   - flags: those that shaped the selection and the observation.
  ///   - simulated: true where nothing of the observation is real.
  /// - Returns: a plan with one entry a selected host, in inventory order.
  package static func plan(
    _ inventory: Inventory, selection: Set<String>, observation: Observation, now: Timestamp,
    flags: PlanFlags, simulated: Bool = false
  ) -> Plan {
    var context = PlanContext(
      inventory: inventory, observation: observation, flags: flags, now: now)
    var matches: [HostMatcher.Match] = []
    matches.reserveCapacity(inventory.hosts.count)
    for host in inventory.hosts {
      let match = context.matcher.match(host, facts: context.facts(host))
      context.claim(match, by: host)
      matches.append(match)
    }
    var hosts: [HostPlan] = []
    for (host, match) in zip(inventory.hosts, matches) where selection.contains(host.key) {
      hosts.append(HostPlanner(host: host, match: match, context: context).plan())
    }
    let isWhole = selection.count == inventory.hosts.count
    var plan = Plan(
      inventoryPath: inventory.path, inventoryDigest: inventory.digest,
      server: observation.server, flags: flags, hosts: hosts,
      unmanaged: isWhole ? unmanaged(context, matches: matches) : [],
      usersToCreate: usersToCreate(hosts, inventory: inventory, owners: context.owners),
      nodeCount: observation.nodes.count, hostCount: inventory.hosts.count, simulated: simulated,
      diagnostics: tagsWithoutOwners(hosts))
    PlanGuards(inventory.guards).apply(to: &plan)
    return plan
  }

  /// One warning for all joins, because a fleet shares its tags.
  private static func tagsWithoutOwners(_ hosts: [HostPlan]) -> [Diagnostic] {
    let tags = Set(hosts.flatMap(\.tagsWithoutPolicy)).sorted()
    guard !tags.isEmpty else { return [] }
    return [
      Diagnostic(
        .tagNotOwned, .warning,
        "the policy has no tagOwners entry for \(tags.joined(separator: ", "))",
        detail: "The joins work, but these tags cannot be changed later by API.",
        hint: HostPlanner.tagOwnersLines(tags))
    ]
  }

  private static func unmanaged(
    _ context: PlanContext, matches: [HostMatcher.Match]
  ) -> [UnmanagedNode] {
    var spoken: Set<String> = []
    // Named in a finding, although nobody may claim it.
    for case .otherMachine(let node, _) in matches { spoken.insert(node.id) }
    let ignored = context.inventory.guards.ignore.map(IgnorePattern.init)
    return context.observation.nodes.compactMap { node in
      guard !context.isClaimed(node), !spoken.contains(node.id),
        !ignored.contains(where: { $0.matches(node) })
      else {
        return nil
      }
      return UnmanagedNode(
        name: node.givenName, nodeID: node.id, online: node.online, lastSeen: node.lastSeen)
    }
  }

  private static func usersToCreate(
    _ plans: [HostPlan], inventory: Inventory, owners: OwnerLookup
  ) -> [String] {
    // Nothing is created for hosts that will not join.
    let joining = Set(
      plans.filter { $0.action == .join && $0.steps.contains(.createUser) }.map(\.name))
    var users: [String] = []
    var seen: Set<String> = []
    for host in inventory.hosts where joining.contains(host.key) {
      guard case .owner(let name)? = host.ownership, seen.insert(name).inserted else { continue }
      users.append(name)
    }
    return users
  }
}

/// One entry of `guards.ignore`: a glob over names, or a tag.
private struct IgnorePattern {
  let tag: String?
  let glob: Glob

  init(_ text: String) {
    tag = text.hasPrefix("tag:") ? text : nil
    glob = Glob(text)
  }

  func matches(_ node: MeshNode) -> Bool {
    if let tag { return node.tags.contains(tag) }
    return glob.matches(node.givenName)
  }
}
