/// The chain that logs a client in: a first join, a login anew, or one under another owner.
struct LoginCompiler {
  let plan: HostPlan
  let host: Host
  let inventory: Inventory

  func steps(_ facts: HostFacts?) -> [Step] {
    guard let facts, let owner = keyOwner else { return [] }
    let server = host.serverURL ?? inventory.server.url
    var steps: [Step] = [.elevate, .checkServer(server)]
    let preparation = ClientPreparation(host: host, facts: facts, doable: plan.doable)
    guard let prepared = preparation.steps(installs: true, waits: false) else { return [] }
    steps += prepared
    if let client = facts.client, client.backendState == nil {
      // Nobody knows yet what a stopped client is joined to and which preferences `up --reset` would
      // take from it: it is started, and the next round plans with what it says then.
      return steps + [.startService(StartServiceStep(resumes: false))]
    }
    if facts.service != .running || facts.client == nil {
      steps.append(.startService(StartServiceStep(resumes: false)))
    }
    let chain = steps + onServer + [.join(join(facts, owner: owner, server: server))]
    return ClientAccess.unelevated(chain, host, facts)
  }

  /// What has to be true on the server before the login; as late as possible, because everything
  /// before may fail.
  private var onServer: [Step] {
    var steps =
      StepCompiler.parkings(plan, .offlineHolder) + StepCompiler.parkings(plan, .ownerChange)
    // The node of a replacement is the one that is parked, and not the host's.
    if let node = plan.node, plan.identity == .pinned || plan.identity == .proven,
      case .tags? = plan.joinAs,
      plan.doable.contains(where: { $0.attribute == .expiry })
    {
      steps.append(.setExpiry(nodeID: node.id))
    }
    return steps
  }

  private func join(_ facts: HostFacts, owner: KeyRequest.Owner, server: ServerURL) -> JoinStep {
    let client = facts.client
    let holdsKey = client?.haveNodeKey == true || client?.nodeKey != nil
    let forces = plan.reauthenticates && holdsKey
    var step = JoinStep(
      arguments: UpArguments.join(
        host, server: server, current: client?.preferences,
        exitNodeAddress: plan.exitNodeAddress, forceReauth: forces),
      key: KeyRequest(owner: owner), reauthenticates: forces)
    step.expiresFirst = facts.waiting?.expires
    if host.os == .windows {
      step.lasting = 15
      step.handOver = HandOver(arguments: step.arguments, server: server, owner: owner)
    }
    step.deletesFirst = plan.deletions.first { $0.reason == .untag }?.node.id
    return step
  }

  private var keyOwner: KeyRequest.Owner? {
    switch plan.joinAs {
    case .user(let name): .user(name)
    case .tags(let tags): .tags(tags, keyOwner: inventory.server.keyOwner)
    case nil: nil
    }
  }
}
