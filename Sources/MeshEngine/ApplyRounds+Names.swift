import MeshCore

/// Names and routes that hosts hand to each other in one run.
extension ApplyRounds {
  /// One rename of a hand-over.
  struct Renaming {
    var host: String
    var nodeID: String
    var name: String
  }

  /// Parks every node whose name another host takes in this run, then gives the names: one after the
  /// other, before all chains, because each call needs the name to be free.
  func namesToHandOver(_ plan: Plan) -> [Renaming] {
    let taking = plan.hosts.filter { failures[$0.name] == nil }.map(restricted)
    let parked = taking.flatMap { host in
      host.parkings.filter { $0.reason == .swap && isDoable(.name, host) }.map {
        Renaming(host: host.name, nodeID: $0.node.id, name: $0.parkedName)
      }
    }
    guard !parked.isEmpty else { return [] }
    let moving = Set(parked.map(\.nodeID))
    let given = taking.flatMap { host in
      let isPart = !namesToHandOver(of: host).isEmpty || moving.contains(host.node?.id ?? "")
      return isPart ? naming(host) : []
    }
    return parked + given
  }

  /// The swaps that one host takes part in by taking a name.
  func namesToHandOver(of host: HostPlan) -> [Parking] {
    isDoable(.name, host) ? host.parkings.filter { $0.reason == .swap } : []
  }

  private func naming(_ host: HostPlan) -> [Renaming] {
    guard let node = host.node, isDoable(.name, host) else { return [] }
    // Its new name may have an offline holder besides.
    let holders = host.parkings.filter { $0.reason == .offlineHolder }.map {
      Renaming(host: host.name, nodeID: $0.node.id, name: $0.parkedName)
    }
    return holders
      + host.doable.compactMap { change in
        guard change.attribute == .name, case .text(let name)? = change.new else { return nil }
        return Renaming(host: host.name, nodeID: node.id, name: name)
      }
  }

  /// Only a proven node is renamed.
  private func isDoable(_ attribute: Change.Attribute, _ host: HostPlan) -> Bool {
    guard host.action == .change, host.identity == .pinned || host.identity == .proven else {
      return false
    }
    return host.doable.contains { $0.attribute == attribute && !$0.onceProven }
  }

  /// - Returns: true where a node was renamed.
  mutating func handOverNames(_ renamings: [Renaming], round: Int) async throws -> Bool {
    var isProgress = false
    for renaming in renamings where failures[renaming.host] == nil {
      let step = Step.renameNode(nodeID: renaming.nodeID, name: renaming.name)
      await applier.emit(.stepStart(.renameNode), host: renaming.host, step: step)
      do {
        try await applier.ports.control.rename(nodeID: renaming.nodeID, to: renaming.name)
        await applier.emit(
          .stepOK(.renameNode, detail: "#\(renaming.nodeID) is \(renaming.name)"),
          host: renaming.host, step: step)
        stepsDone[renaming.host, default: []].append(.renameNode)
        isProgress = true
      } catch let failure as Failure {
        let diagnostic = failure.diagnostic.on(host: renaming.host)
        failures[renaming.host] = diagnostic
        await applier.emit(
          .stepFailed(.renameNode, diagnostic), host: renaming.host, step: step)
      }
    }
    return isProgress
  }

  // MARK: Routes

  /// True while another host that is to serve a route does not serve it yet: the one that gives it up
  /// comes after, so that somebody serves it all the time.
  ///
  /// - Returns: the host that is waited for; nil where there is none.
  func waitsForRoutes(_ host: HostPlan, _ plan: Plan) -> String? {
    guard let first = receiver(of: host, plan) else { return nil }
    // Hosts that exchange routes would wait for each other for ever: the first of them goes.
    var circle = [host.name]
    var next: String? = first
    while let name = next, !circle.contains(name) {
      circle.append(name)
      next = plan.hosts.first { $0.name == name }.flatMap { receiver(of: $0, plan) }
    }
    let isFirst = next == host.name && plan.hosts.first { circle.contains($0.name) }?.name == next
    return isFirst ? nil : first
  }

  /// The host that takes over a route of this one and does not serve it yet.
  private func receiver(of host: HostPlan, _ plan: Plan) -> String? {
    let given = routes(host) { old, new in old.subtracting(new) }
    guard !given.isEmpty else { return nil }
    return plan.hosts.first { other in
      other.name != host.name
        && !given.isDisjoint(with: routes(other) { old, new in new.subtracting(old) })
    }?.name
  }

  func routesKept(_ host: String, until receiver: String) -> Diagnostic {
    Diagnostic(
      .routesKept, .error, "it keeps a route until \(receiver) serves it",
      detail: "Otherwise nobody would serve it in between.",
      hint: "see what keeps \(receiver) from being changed", host: host)
  }

  private func routes(
    _ host: HostPlan, _ body: (Set<String>, Set<String>) -> Set<String>
  ) -> Set<String> {
    for change in host.changes where change.attribute == .approvedRoutes {
      guard case .list(let new)? = change.new else { continue }
      var old: [String] = []
      if case .list(let list)? = change.old { old = list }
      return body(Set(old), Set(new))
    }
    return []
  }
}
