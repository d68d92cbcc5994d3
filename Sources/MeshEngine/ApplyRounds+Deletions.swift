import MeshCore

/// Deletions of nodes: never any that was not shown, and by age only after a second look (design law 8).
extension ApplyRounds {
  /// The former records of hosts that changed their owner in this run, or in one that was cut short.
  func twinsToDelete(_ plan: Plan) -> [(host: String, deletion: Deletion)] {
    let shownIDs = Set(
      shown.plan.hosts.flatMap(\.deletions).filter { $0.blockedBy == nil }.map(\.node.id)
        + shown.plan.deletions.map(\.node.id))
    return plan.unmanaged.compactMap { node in
      guard let deletion = node.deletion, deletion.blockedBy == nil, !deletion.byAge,
        shownIDs.contains(node.nodeID), nodesDone[node.nodeID] == nil, let host = node.parkedFor,
        failures[host] == nil, !isStillNeeded(host, plan)
      else { return nil }
      return (host, deletion)
    }
  }

  /// A former record knows which routes its host had approved until they are approved again.
  private func isStillNeeded(_ host: String, _ plan: Plan) -> Bool {
    guard hosts[host]?.routes == nil, hosts[host]?.exitNode == nil else { return false }
    return plan.hosts.contains {
      $0.name == host && restricted($0).changes.contains { $0.attribute == .approvedRoutes }
    }
  }

  /// - Returns: true where a node was deleted.
  mutating func delete(_ twins: [(host: String, deletion: Deletion)]) async throws -> Bool {
    var isProgress = false
    for twin in twins {
      let outcome = try await delete(twin.deletion, host: twin.host)
      nodesDone[twin.deletion.node.id] = outcome
      if outcome.finding == nil {
        stepsDone[twin.host, default: []].append(.deleteNode)
        isProgress = true
      }
    }
    return isProgress
  }

  private func delete(_ deletion: Deletion, host: String?) async throws -> NodeOutcome {
    let step = Step.deleteNode(id: deletion.node.id)
    await applier.emit(.stepStart(.deleteNode), host: host, step: step)
    do {
      try await applier.ports.control.deleteNode(id: deletion.node.id)
      await applier.emit(
        .stepOK(.deleteNode, detail: "#\(deletion.node.id) (\(deletion.name))"), host: host,
        step: step)
      return NodeOutcome(deletion)
    } catch let failure as Failure {
      await applier.emit(
        .stepFailed(.deleteNode, failure.diagnostic), host: host, step: step)
      return NodeOutcome(deletion, finding: failure.diagnostic)
    }
  }

  // MARK: By age

  /// Deletes what only its age allows: waits, lists again, and keeps whatever moved or came back.
  ///
  /// - Returns: true where something was deleted.
  mutating func deleteAged() async throws -> Bool {
    let due = agedDeletions
    guard !due.isEmpty else { return false }
    let list: NodeList
    do {
      try await waitForSecondLook(due.count)
      list = try await applier.ports.control.nodes()
    } catch let failure as Failure {
      for one in due { note(one.deletion, host: one.host, finding: failure.diagnostic) }
      return false
    }
    observation.nodes = list.nodes
    observation.takenAt = list.serverTime ?? observation.takenAt
    let nodes = Dictionary(list.nodes.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    var isProgress = false
    for (host, deletion) in due {
      // Gone is what was asked for.
      guard let node = nodes[deletion.node.id] else {
        note(deletion, host: host, finding: nil)
        continue
      }
      if let finding = keeps(node, deletion) {
        note(deletion, host: host, finding: finding)
        await applier.emit(
          .stepSkipped(.deleteNode, reason: finding.message), host: host)
        continue
      }
      let outcome = try await delete(deletion, host: host)
      note(deletion, host: host, finding: outcome.finding)
      if outcome.finding == nil { isProgress = true }
    }
    return isProgress
  }

  private var agedDeletions: [(host: String?, deletion: Deletion)] {
    let ofHosts = shown.plan.hosts.filter { $0.action == .remove && failures[$0.name] == nil }
      .flatMap { host in host.deletions.map { (host: Optional(host.name), deletion: $0) } }
    let others = shown.plan.deletions.map { (host: String?.none, deletion: $0) }
    return (ofHosts + others).filter { $0.deletion.byAge && $0.deletion.blockedBy == nil }
  }

  private func waitForSecondLook(_ count: Int) async throws {
    let clock = applier.ports.clock
    let passed = clock.now().seconds(since: shown.listedAt)
    // One more second, because instants of lists have whole ones.
    let rest = applier.request.inventory.guards.confirmAfter - passed + 1
    guard rest > 0 else { return }
    await applier.emit(
      .waits(
        Diagnostic(
          .secondLook, .note,
          "looking again in \(DurationText.text(seconds: rest)) before \(count) "
            + (count == 1 ? "node is" : "nodes are") + " deleted by age",
          detail: "A node that is online by then is kept (guards.confirm_after).")))
    try await clock.sleep(seconds: Double(rest))
  }

  private func keeps(_ node: MeshNode, _ deletion: Deletion) -> Diagnostic? {
    func kept(_ why: String) -> Diagnostic {
      Diagnostic(
        .notDeleted, .warning, "node #\(node.id) (\(node.givenName)) is kept: \(why)",
        hint: "plan again: meshctl plan")
    }
    if node.online { return kept("it came online") }
    if node.nodeKey != deletion.node.nodeKey { return kept("it has a new key") }
    if node.givenName != deletion.name { return kept("it is called otherwise now") }
    guard let seen = node.lastSeen, let now = observation.takenAt,
      now.seconds(since: seen) >= applier.request.inventory.guards.pruneAfter
    else { return kept("it was seen in between") }
    return nil
  }

  private mutating func note(_ deletion: Deletion, host: String?, finding: Diagnostic?) {
    guard let host else {
      nodesDone[deletion.node.id] = NodeOutcome(deletion, finding: finding)
      return
    }
    if let finding {
      failures[host] = finding.on(host: host)
    } else {
      stepsDone[host, default: []].append(.deleteNode)
    }
  }

  // MARK: Outcomes

  /// How every deletion ended that the plan showed for no host.
  var nodeOutcomes: [NodeOutcome] {
    shown.plan.unmanaged.compactMap { node in
      guard let deletion = node.deletion else { return nil }
      if let done = nodesDone[node.nodeID] { return done }
      guard deletion.blockedBy == nil else { return nil }
      return NodeOutcome(
        deletion,
        finding: Diagnostic(
          .notDeleted, .error, "node #\(node.nodeID) (\(node.name)) was not deleted",
          detail: "The run ended before.", hint: "meshctl plan"))
    }
  }

  /// A record of the host that was to be deleted and is still listed.
  func twinLeft(_ first: HostPlan) -> Diagnostic? {
    for deletion in first.deletions where deletion.blockedBy == nil && !deletion.byAge {
      if let finding = nodesDone[deletion.node.id]?.finding { return finding.on(host: first.name) }
      guard observation.nodes.contains(where: { $0.id == deletion.node.id }) else { continue }
      return Diagnostic(
        .notDeleted, .error, "node #\(deletion.node.id) is still listed",
        detail: "It was to be deleted for \(first.name).",
        hint: "meshctl apply --limit \(first.name)", host: first.name)
    }
    return nil
  }
}
