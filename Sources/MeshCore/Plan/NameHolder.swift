/// Whether a name that another node holds can be had.
enum NameHolder {
  case parked(Parking)
  case held(why: String, hint: String)
}

extension PlanContext {
  /// Decides about the node that holds the name a host wants (design §5).
  ///
  /// The node of another host, which this run renames too, is parked for the swap; that it really
  /// gets another name is settled by `NameHandOvers`. Anybody else's node is parked only while it is
  /// offline (design law 6).
  func release(_ holder: MeshNode, for host: Host) -> NameHolder {
    let what = "node #\(holder.id) (\(holder.givenName))"
    let others = (claims[holder.id] ?? []).filter { $0.host != host.key }
    if let owner = others.first(where: { $0.identity != .name }) {
      guard selection.contains(owner.host) else {
        return .held(
          why: "\(what) holds the name; it is \(owner.host), which is not selected",
          hint: flags.shard == nil
            ? "select \(owner.host) too: both names change in one run"
            : "run once without --shard: both names change in one run")
      }
      return parked(holder, for: host, .swap)
    }
    if let other = others.first {
      return .held(
        why: "\(what) holds the name and may be \(other.host)",
        hint: "plan with --probe, or pin machine_key: \(holder.machineKey) on the right host")
    }
    if isIgnored(holder) {
      return .held(
        why: "\(what) holds the name, and guards.ignore says to leave it alone",
        hint: "headscale nodes rename -i \(holder.id) <another name>")
    }
    guard !holder.online else {
      return .held(
        why: "\(what) holds the name and is online",
        hint: "headscale nodes rename -i \(holder.id) "
          + Parking.parkedName(holder.givenName, id: holder.id))
    }
    return parked(holder, for: host, .offlineHolder)
  }

  /// The parking, where nobody sits on the parked name.
  func parked(_ node: MeshNode, for host: Host, _ reason: Parking.Reason) -> NameHolder {
    let parking = parking(node, for: host, reason)
    guard let squatter = matcher.holder(ofName: parking.parkedName), squatter.id != node.id else {
      return .parked(parking)
    }
    return .held(
      why:
        "node #\(node.id) cannot be parked: node #\(squatter.id) is called \(parking.parkedName)",
      hint: "headscale nodes rename -i \(squatter.id) <another name>")
  }

  func parking(_ node: MeshNode, for host: Host, _ reason: Parking.Reason) -> Parking {
    Parking(
      node: NodeReference(id: node.id, nodeKey: node.nodeKey), name: node.givenName,
      parkedName: Parking.parkedName(
        reason == .ownerChange ? host.name : node.givenName, id: node.id), reason: reason)
  }
}
