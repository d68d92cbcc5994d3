/// The nodes that are no host's: reported, and deleted where their time is over.
struct Unmanaged {
  let context: PlanContext
  /// Nodes that a finding names although nobody may claim them.
  private let spoken: Set<String>
  private let hostsByName: [String: Int]
  /// By host key: the node that it matched, and how surely.
  private let matched: [String: (node: MeshNode, identity: Identity)]

  init(_ context: PlanContext, matches: [HostMatcher.Match]) {
    self.context = context
    var spoken: Set<String> = []
    var matched: [String: (MeshNode, Identity)] = [:]
    for (host, match) in zip(context.inventory.hosts, matches) {
      switch match {
      case .otherMachine(let node, _): spoken.insert(node.id)
      case .node(let node, let identity): matched[host.key] = (node, identity)
      case .none, .ambiguous, .pinMismatch: break
      }
    }
    self.spoken = spoken
    self.matched = matched
    let names = context.inventory.hosts.enumerated().map { ($1.name, $0) }
    hostsByName = Dictionary(names, uniquingKeysWith: { first, _ in first })
  }

  /// The nodes in id order.
  ///
  /// A plan of some hosts only lists what was parked for them and is deleted. Of several shards the first
  /// lists the others too, but for what another one deletes with its host.
  var nodes: [UnmanagedNode] {
    let isWhole = context.doesServerWork
    return context.observation.nodes.compactMap { node in
      guard !context.isClaimed(node), !spoken.contains(node.id), !context.isIgnored(node) else {
        return nil
      }
      var unmanaged = UnmanagedNode(
        name: node.givenName, nodeID: node.id, online: node.online, lastSeen: node.lastSeen)
      let host = parkedFor(node)
      guard !isOfAnotherShard(node, host) else { return nil }
      unmanaged.parkedFor = host?.key
      if let host, context.selection.contains(host.key) {
        unmanaged.deletion = twinDeletion(node, of: host)
      }
      if unmanaged.deletion == nil, isWhole, host?.protect != true {
        unmanaged.deletion = pruning(node)
      }
      unmanaged.isFormerRecord = unmanaged.deletion == nil && isFormerRecord(node, of: host)
      unmanaged.isPrunable =
        isWhole && unmanaged.deletion == nil && host?.protect != true && context.isAged(node)
      return isWhole || unmanaged.deletion != nil || unmanaged.isFormerRecord ? unmanaged : nil
    }
  }

  private func isOfAnotherShard(_ node: MeshNode, _ host: Host?) -> Bool {
    guard context.flags.shard != nil, let host, !context.selection.contains(host.key) else {
      return false
    }
    return twinDeletion(node, of: host) != nil
  }

  private func isFormerRecord(_ node: MeshNode, of host: Host?) -> Bool {
    guard let host, !host.protect, host.state == .present,
      context.selection.contains(host.key), let current = matched[host.key]
    else { return false }
    return current.identity == .name && current.node.machineKey == node.machineKey
      && !node.machineKey.isEmpty
  }

  private func parkedFor(_ node: MeshNode) -> Host? {
    guard let base = Parking.base(of: node) else { return nil }
    if let index = hostsByName[base] { return context.inventory.hosts[index] }
    // A long name was cut to fit.
    guard node.givenName.utf8.count == 63 else { return nil }
    return context.inventory.hosts.first { Parking.isParked(node, for: $0.name) }
  }

  /// A parked record goes when its host has another one, and it is old or surely the same machine's.
  private func twinDeletion(_ node: MeshNode, of host: Host) -> Deletion? {
    guard !host.protect else { return nil }
    if let current = matched[host.key], current.identity != .name,
      current.node.machineKey == node.machineKey, current.node.givenName == host.name
    {
      return deletion(node, .ownerChange, byAge: false)
    }
    guard matched[host.key] != nil || host.state == .absent, context.isAged(node),
      !mayBeWaitedFor(node)
    else { return nil }
    return deletion(node, .parkedTwin, byAge: true)
  }

  /// A swap of names that was cut short leaves another host's node under a parked name.
  private func mayBeWaitedFor(_ node: MeshNode) -> Bool {
    context.inventory.hosts.contains {
      matched[$0.key] == nil && $0.state == .present
        && ($0.name == node.hostname || $0.aliases.contains(node.hostname))
    }
  }

  private func pruning(_ node: MeshNode) -> Deletion? {
    // An inventory without hosts is a mistake sooner than a wish.
    guard context.flags.prune, !context.inventory.hosts.isEmpty, context.isAged(node) else {
      return nil
    }
    return deletion(node, .prune, byAge: true)
  }

  private func deletion(_ node: MeshNode, _ reason: Deletion.Reason, byAge: Bool) -> Deletion {
    Deletion(
      node: NodeReference(id: node.id, nodeKey: node.nodeKey), name: node.givenName,
      reason: reason, byAge: byAge)
  }
}
