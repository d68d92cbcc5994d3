/// Turns one host's plan into the chain of steps for one round.
package enum StepCompiler {
  /// Compiles what may be done now: changes that wait for a proof are left for a later round.
  ///
  /// `facts` are nil for hosts that need no SSH (pinned, server-side changes only).
  package static func steps(
    for plan: HostPlan, host: Host, facts: HostFacts?, inventory: Inventory
  ) -> [Step] {
    let doable = plan.doable.filter { !$0.onceProven }
    switch plan.action {
    case .none, .blocked, .wait, .replace, .remove: return []
    case .join: return join(plan, host: host, facts: facts, inventory: inventory)
    case .change:
      return hostSteps(plan, doable, host: host, facts: facts, inventory: inventory)
        + serverSteps(plan, doable)
    }
  }

  private static func join(
    _ plan: HostPlan, host: Host, facts: HostFacts?, inventory: Inventory
  ) -> [Step] {
    guard let facts, plan.doable.contains(where: { $0.attribute == .presence }),
      let owner = keyOwner(plan, inventory: inventory)
    else { return [] }
    let server = host.serverURL ?? inventory.server.url
    var steps: [Step] = [.elevate, .checkServer(server)]
    if let client = facts.client, client.backendState == nil {
      // Nobody knows yet what a stopped client is joined to and which preferences `up --reset` would
      // take from it: it is started, and the next round plans with what it says then.
      return steps + [.startService(StartServiceStep(resumes: false))]
    }
    if facts.client == nil {
      // A host that cannot be installed on was blocked by `HostRequirements` before.
      guard let plan = try? InstallPlan.choose(for: host, facts: facts) else { return [] }
      steps.append(.installClient(plan))
    }
    if facts.service != .running || facts.client == nil {
      steps.append(.startService(StartServiceStep(resumes: false)))
    }
    steps.append(
      .join(
        JoinStep(
          arguments: UpArguments.join(host, server: server, current: facts.client?.preferences),
          key: KeyRequest(owner: owner))))
    return steps
  }

  private static func keyOwner(_ plan: HostPlan, inventory: Inventory) -> KeyRequest.Owner? {
    for change in plan.changes {
      switch (change.attribute, change.new) {
      case (.tags, .list(let tags)?): return .tags(tags, keyOwner: inventory.server.keyOwner)
      case (.owner, .text(let owner)?): return .user(owner)
      default: break
      }
    }
    return nil
  }

  private static func hostSteps(
    _ plan: HostPlan, _ doable: [Change], host: Host, facts: HostFacts?, inventory: Inventory
  ) -> [Step] {
    guard let facts else { return [] }
    var steps: [Step] = []
    if doable.contains(where: { $0.attribute == .online }) {
      if plan.steps.contains(.checkServer) {
        steps.append(.checkServer(host.serverURL ?? inventory.server.url))
      }
      let resumes = facts.client?.backendState == "Stopped"
      steps.append(.startService(StartServiceStep(resumes: resumes, waits: true)))
    }
    if let node = plan.node, let client = facts.client, client.nodeKey == node.nodeKey,
      let reported = client.preferences
    {
      let shown = Set(doable.map(\.attribute))
      let arguments = SetArguments.drift(host.managing(only: shown), from: reported)
      if !arguments.isEmpty { steps.append(.setPreferences(arguments)) }
    }
    return steps.isEmpty ? [] : [.elevate] + steps
  }

  private static func serverSteps(_ plan: HostPlan, _ doable: [Change]) -> [Step] {
    guard let node = plan.node, plan.identity == .pinned || plan.identity == .proven else {
      return []
    }
    return doable.compactMap { change in
      switch (change.attribute, change.new) {
      case (.tags, .list(let tags)?): .setTags(nodeID: node.id, tags: tags)
      case (.approvedRoutes, .list(let routes)?):
        .approveRoutes(nodeID: node.id, routes: routes)
      case (.name, .text(let name)?): .renameNode(nodeID: node.id, name: name)
      default: nil
      }
    }
  }
}
