/// Names that hosts hand to each other in one run: each parks the other's node first.
///
/// A node is parked for a swap only where its own host really takes another name in the same run;
/// otherwise that host would be left with a parked name.
struct NameHandOvers {
  private let context: PlanContext

  init(_ context: PlanContext) { self.context = context }

  func settle(_ hosts: inout [HostPlan]) {
    guard hosts.contains(where: { $0.parkings.contains { $0.reason == .swap } }) else { return }
    // A refusal may take away what another host relied on, so it is repeated until nothing changes.
    var isSettled = false
    while !isSettled {
      isSettled = true
      let renamed = Set(
        hosts.filter { host in
          host.doable.contains { $0.attribute == .name && !$0.onceProven }
        }.compactMap(\.node?.id))
      for index in hosts.indices {
        guard
          let parking = hosts[index].parkings.first(where: {
            $0.reason == .swap && !renamed.contains($0.node.id)
          })
        else { continue }
        refuse(parking, &hosts[index])
        isSettled = false
      }
    }
  }

  private func refuse(_ parking: Parking, _ host: inout HostPlan) {
    host.parkings.removeAll { $0 == parking }
    for index in host.changes.indices where host.changes[index].attribute == .name {
      host.changes[index].blockedBy = .nameHeld
      host.changes[index].onceProven = false
    }
    // The own node of a replaced host is still parked.
    if host.parkings.isEmpty { host.steps.removeAll { $0 == .renameNode } }
    let owner = context.claims[parking.node.id]?.first { $0.host != host.name }?.host
    host.diagnostics.append(
      Diagnostic(
        .nameHeld, .error,
        "node #\(parking.node.id) holds the name \(parking.name), and "
          + (owner.map { "\($0) cannot take another one in this run" } ?? "cannot be renamed"),
        detail: "Names are handed over in one run only where both nodes are proven.",
        hint: owner.map { "see what keeps \($0) from being changed, or pin both machine keys" },
        host: host.name))
    if host.action == .change, host.doable.isEmpty {
      host.action = .blocked
      host.steps = []
    }
  }
}
