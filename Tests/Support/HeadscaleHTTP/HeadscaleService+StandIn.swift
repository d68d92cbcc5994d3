import MeshCore
import MeshSimulation

/// The plain-HTTP protocol between the stand-in server and the stand-in client; real clients speak
/// Noise instead and are not served.
extension HeadscaleService {
  func standIn(_ verb: String, _ body: APIBody) throws(SimulatedServerError) -> APIResponse {
    switch verb {
    case "register": return try register(body)
    case "map": return try map(body)
    case "disconnect":
      server.disconnect(nodeKey: try body.string("nodeKey"), now: now)
      touched()
      return .json([:])
    case "logout":
      server.logout(nodeKey: try body.string("nodeKey"), now: now)
      touched()
      return .json([:])
    default: return .notFoundPage
    }
  }

  private func report(_ body: APIBody) throws(SimulatedServerError) -> ClientReport {
    let report = ClientReport(
      machineKey: try body.string("machineKey"), nodeKey: try body.string("nodeKey"),
      hostname: try body.string("hostname"), advertiseRoutes: try body.strings("advertiseRoutes"))
    guard report.machineKey.hasPrefix("mkey:"), report.nodeKey.hasPrefix("nodekey:") else {
      throw .invalidArgument("machineKey and nodeKey are required")
    }
    return report
  }

  private func register(_ body: APIBody) throws(SimulatedServerError) -> APIResponse {
    let report = try report(body)
    let (key, tags) = (try body.string("authKey"), try body.strings("requestTags"))
    touched()
    do throws(RegistrationRefusal) {
      let view = try server.register(report, authKey: key, requestTags: tags, now: now)
      return .json(["node": node(view), "user": user(view)])
    } catch {
      return .json(["error": .string(error.message)])
    }
  }

  private func map(_ body: APIBody) throws(SimulatedServerError) -> APIResponse {
    let report = try report(body)
    let addresses = try body.strings("endpoints")
    let before = server.nodes.first { $0.nodeKey == report.nodeKey }
    let wasOnline = before?.isOnline(at: now) ?? false
    do throws(SimulatedHeadscale.PollRefusal) {
      let view = try server.poll(report, lease: HeadscaleService.lease, now: now)
      endpoints[report.nodeKey] = addresses
      if !wasOnline || before?.hostname != view.node.hostname
        || before?.availableRoutes != view.node.availableRoutes
      {
        touched()
      }
      return .json(["node": node(view), "user": user(view), "peers": peers(of: view.node)])
    } catch {
      return .json(["error": .string(error.rawValue)])
    }
  }

  private func node(_ view: NodeView) -> JSONValue {
    let node = view.node
    let never = node.expiry.map(\.isZeroTime) ?? true
    let served = server.primaryRoutes(now: now)[node.id] ?? []
    return [
      "id": .string(String(node.id)), "nodeKey": .string(node.nodeKey),
      "hostname": .string(node.hostname), "givenName": .string(node.givenName),
      "ipAddresses": .strings(node.ipAddresses), "tags": .strings(node.tags),
      "expiry": never ? .null : .time(node.expiry),
      "createdAt": .time(node.createdAt), "primaryRoutes": .strings(served),
    ]
  }

  private func user(_ view: NodeView) -> JSONValue {
    let user = view.node.isTagged ? ServerUser.taggedDevices : view.user ?? .taggedDevices
    return [
      "id": .string(String(user.id)), "loginName": .string(user.shownName),
      "displayName": .string(user.displayName.isEmpty ? user.shownName : user.displayName),
    ]
  }

  private func peers(of node: ServerNode) -> JSONValue {
    .array(
      server.nodes.lazy.filter { $0.id != node.id }.map { peer in
        [
          "id": .string(String(peer.id)), "hostname": .string(peer.hostname),
          "givenName": .string(peer.givenName), "nodeKey": .string(peer.nodeKey),
          "ipAddresses": .strings(peer.ipAddresses), "online": .bool(peer.isOnline(at: now)),
          "expired": .bool(peer.isExpired(at: now)),
          "endpoints": .strings(endpoints[peer.nodeKey] ?? []),
        ]
      })
  }
}
