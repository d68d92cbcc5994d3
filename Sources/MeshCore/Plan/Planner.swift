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
      inventory: inventory, observation: observation, flags: flags, selection: selection, now: now)
    var matches: [HostMatcher.Match] = []
    matches.reserveCapacity(inventory.hosts.count)
    for host in inventory.hosts {
      let match = context.matcher.match(host, facts: context.facts(host))
      context.claim(match, by: host)
      matches.append(match)
    }
    var hosts: [HostPlan] = []
    for (host, match) in zip(inventory.hosts, matches) where selection.contains(host.key) {
      var plan = HostPlanner(host: host, match: match, context: context).plan()
      if let held = observation.heldBack[host.key] { plan.hold(held, inventory: inventory.path) }
      hosts.append(plan)
    }
    var plan = Plan(
      inventoryPath: inventory.path, inventoryDigest: inventory.digest,
      server: observation.server, flags: flags, hosts: hosts,
      unmanaged: Unmanaged(context, matches: matches).nodes,
      usersToCreate: usersToCreate(hosts, inventory: inventory, owners: context.owners),
      nodeCount: observation.nodes.count, hostCount: inventory.hosts.count, simulated: simulated,
      diagnostics: tagsWithoutOwners(hosts, policy: observation.policy)
        + (flags.prune && context.doesServerWork ? notPruned(inventory, observation) : []))
    let guards = PlanGuards(inventory, flags: flags)
    guards.limitDeletes(&plan)
    NameHandOvers(context).settle(&plan.hosts)
    guards.limitChanges(&plan)
    return plan
  }

  /// Ages are counted by the server's clock; without it nothing is pruned, which is said.
  private static func notPruned(
    _ inventory: Inventory, _ observation: Observation
  ) -> [Diagnostic] {
    if inventory.hosts.isEmpty {
      return [
        Diagnostic(
          .noHosts, .error, "nothing is pruned: the inventory has no host",
          detail: "Every node of the mesh would be one that it does not name.",
          hint: "write your hosts first: meshctl import")
      ]
    }
    guard observation.takenAt == nil else { return [] }
    return [
      Diagnostic(
        .noServerClock, .warning, "nothing is pruned: the node list does not say when it was taken",
        detail: "How long a node has been offline is counted by the server's clock only.",
        hint: "read the server over REST or server.api.ssh; save lists with: meshctl import"
          + " --format nodes")
    ]
  }

  /// One warning for all joins, because a fleet shares its tags.
  private static func tagsWithoutOwners(
    _ hosts: [HostPlan], policy: PolicyState
  ) -> [Diagnostic] {
    let tags = Set(hosts.flatMap(\.tagsWithoutPolicy)).sorted()
    guard !tags.isEmpty else { return [] }
    return [
      Diagnostic(
        .tagNotOwned, .warning,
        HostPlanner.tagsNotOwned(tags, policy: policy),
        detail: "The joins work, but these tags cannot be changed later by API.",
        hint: HostPlanner.tagOwnersLines(tags))
    ]
  }

  private static func usersToCreate(
    _ plans: [HostPlan], inventory: Inventory, owners: OwnerLookup
  ) -> [String] {
    // Nothing is created for hosts that will not join.
    let joining = Set(
      plans.filter { !$0.doable.isEmpty && $0.steps.contains(.createUser) }.map(\.name))
    var users: [String] = []
    var seen: Set<String> = []
    for host in inventory.hosts where joining.contains(host.key) {
      guard case .owner(let name)? = host.ownership, seen.insert(name).inserted else { continue }
      users.append(name)
    }
    return users
  }
}
