/// Turns one host's plan into the chain of steps for one round.
package enum StepCompiler {
  /// Compiles what may be done now: changes that wait for a proof are left for a later round.
  ///
  /// Deletions by age and the parking of a swap are not part of a chain: the engine does them after a
  /// second look, and before all chains.
  ///
  /// `facts` are nil for hosts that need no SSH (pinned, server-side changes only).
  package static func steps(
    for plan: HostPlan, host: Host, facts: HostFacts?, inventory: Inventory
  ) -> [Step] {
    if plan.steps.contains(.enableSSH), facts == nil, !plan.doable.isEmpty,
      let step = EnableSSHStep.of(host)
    {
      // Nothing else is known of the host yet; the next round plans with what its probe says.
      return [.enableSSH(step)]
    }
    let doable = plan.doable.filter { !$0.onceProven }
    switch plan.action {
    case .none, .blocked, .wait: return []
    case .join, .change, .replace:
      if logsIn(plan, doable) {
        return LoginCompiler(plan: plan, host: host, inventory: inventory).steps(facts)
      }
      let prepared = preparation(doable, host: host, facts: facts)
      // What restarts the client comes last where SSH comes through it (design law 11).
      let isOwnPath = facts?.sshPeer.flatMap(MeshPath.peer) != nil
      let steps =
        (isOwnPath ? [] : prepared)
        + hostSteps(plan, doable, host: host, facts: facts, inventory: inventory)
      let late = isOwnPath ? prepared : []
      let chain = ClientAccess.unelevated([.elevate] + steps + late, host, facts)
      let elevates = !(steps + late).isEmpty && chain.first == .elevate
      return (elevates ? [.elevate] : []) + steps + serverSteps(plan, doable) + late
    case .remove: return doable.isEmpty ? [] : removal(plan, host, facts: facts)
    }
  }

  private static func logsIn(_ plan: HostPlan, _ doable: [Change]) -> Bool {
    if doable.contains(where: { $0.attribute == .presence && $0.new != nil }) { return true }
    return plan.action == .replace && doable.contains { $0.attribute == .owner }
  }

  private static func hostSteps(
    _ plan: HostPlan, _ doable: [Change], host: Host, facts: HostFacts?, inventory: Inventory
  ) -> [Step] {
    guard let facts else { return [] }
    var steps: [Step] = []
    if doable.contains(where: { $0.attribute == .online }) {
      if plan.steps.contains(.checkServer) {
        steps.append(.checkServer(usedServer(host, facts, inventory)))
      }
      let resumes = facts.client?.backendState == "Stopped"
      // A client that has to log in again does not come online by being started.
      let logsInLater = plan.changes.contains { $0.attribute == .presence && $0.new != nil }
      steps.append(
        .startService(
          StartServiceStep(
            resumes: resumes, waits: !logsInLater, starts: !ClientAccess.operates(host, facts),
            lasting: resumes && host.os == .windows ? 15 : 0)))
    }
    if let node = plan.node, let client = facts.client, client.nodeKey == node.nodeKey,
      let reported = client.preferences
    {
      let shown = Set(doable.map(\.attribute))
      let arguments = SetArguments.drift(host.managing(only: shown), from: reported)
      if !arguments.isEmpty { steps.append(.setPreferences(arguments)) }
    }
    if doable.contains(where: { $0.attribute == .waitingJoin }) {
      steps.append(.takeBack(expiring: facts.waiting?.expires))
    }
    return steps
  }

  private static func preparation(
    _ doable: [Change], host: Host, facts: HostFacts?
  ) -> [Step] {
    guard let facts else { return [] }
    let isStarted = doable.contains { $0.attribute == .online }
    return ClientPreparation(host: host, facts: facts, doable: doable).steps(
      installs: false, waits: !isStarted && facts.client?.backendState == "Running") ?? []
  }

  /// The URL that the client really uses, where it is one of the wanted server's.
  private static func usedServer(
    _ host: Host, _ facts: HostFacts, _ inventory: Inventory
  ) -> ServerURL {
    let wanted = host.serverURL ?? inventory.server.url
    guard let present = facts.client?.preferences.flatMap({ ServerURL($0.controlURL) }),
      host.isServed(by: present, wanting: wanted)
    else { return wanted }
    return present
  }

  private static func serverSteps(_ plan: HostPlan, _ doable: [Change]) -> [Step] {
    guard let node = plan.node, plan.identity == .pinned || plan.identity == .proven else {
      return []
    }
    return doable.flatMap { change -> [Step] in
      switch (change.attribute, change.new) {
      case (.tags, .list(let tags)?): [.setTags(nodeID: node.id, tags: tags)]
      case (.approvedRoutes, .list(let routes)?):
        [.approveRoutes(nodeID: node.id, routes: routes)]
      case (.name, .text(let name)?):
        parkings(plan, .offlineHolder) + [.renameNode(nodeID: node.id, name: name)]
      case (.expiry, _?): [.setExpiry(nodeID: node.id)]
      default: []
      }
    }
  }

  /// The renames that free names for this host.
  package static func parkings(_ plan: HostPlan, _ reason: Parking.Reason) -> [Step] {
    plan.parkings.filter { $0.reason == reason }.map {
      .renameNode(nodeID: $0.node.id, name: $0.parkedName)
    }
  }

  private static func removal(_ plan: HostPlan, _ host: Host, facts: HostFacts?) -> [Step] {
    let leaves = facts != nil && plan.steps.contains(.leave)
    let deletions = plan.deletions.filter { !$0.byAge && $0.blockedBy == nil }
    var onHost: [Step] = leaves ? [.leave] : []
    if let waiting = facts?.waiting, plan.steps.contains(.takeBack) {
      onHost.append(.takeBack(expiring: waiting.expires))
    }
    let chain =
      onHost.isEmpty ? [] : ClientAccess.unelevated([.elevate] + onHost, host, facts)
    return chain + deletions.map { .deleteNode(id: $0.node.id) }
  }
}
