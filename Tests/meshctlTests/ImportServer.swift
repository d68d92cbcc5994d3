import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

/// A small mesh behind a real socket, for the program as a user runs it.
struct ImportServer {
  var url: String
  var key: String

  var environment: [String: String] {
    ["HEADSCALE_URL": url, "HEADSCALE_API_KEY": key]
  }

  static let now = Timestamp(seconds: 1_795_382_774)

  /// Serves while `body` runs.
  static func serving(
    _ mode: Mode, nodes: [ServerNode] = nodes, _ body: (ImportServer) async throws -> Void
  ) async throws {
    let clock = SimulatedClock(now)
    let service = HeadscaleService(SimulatedHeadscale(mode: mode, seed: 5), clock: clock.now)
    let key = try await service.withServer { server, now in
      for (id, name) in [(1, "alice"), (2, "bob")] {
        server.adopt(ServerUser(id: id, name: name, createdAt: now))
      }
      for node in nodes { server.adopt(node) }
      _ = try server.setPolicy(
        PolicyText.allowingAll(tagOwners: ["tag:web", "tag:db"]), now: now)
      return server.createAPIKey(expiration: now.adding(seconds: 600), now: now)
    }
    let server = try HeadscaleHTTPServer(service, at: .tcp(address: "127.0.0.1", port: 0))
    let task = Task { try await server.run() }
    try await server.waitUntilListening()
    let port = try #require(await server.port)
    do {
      try await body(ImportServer(url: "http://127.0.0.1:\(port)", key: key))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    // A stopped listener ends by throwing.
    _ = await task.result
  }

  static let nodes: [ServerNode] = {
    var gateway = node(1, "gw-1")
    gateway.tags = ["tag:web"]
    gateway.approvedRoutes = ["10.0.0.0/24"]
    gateway.availableRoutes = ["10.0.0.0/24"]
    var desk = node(2, "desk")
    desk.userID = 1
    var laptop = node(3, "laptop")
    laptop.userID = 2
    laptop.presence = .offline
    laptop.lastSeen = now.adding(seconds: -90_000)
    var stale = node(4, "stale")
    stale.userID = 1
    stale.expiry = now.adding(seconds: -3_600)
    return [gateway, desk, laptop, stale]
  }()

  static func node(_ id: Int, _ name: String) -> ServerNode {
    let digits = String(repeating: "0", count: 63) + "\(id)"
    var node = ServerNode(
      id: id, machineKey: "mkey:a\(digits.dropFirst())", nodeKey: "nodekey:b\(digits.dropFirst())",
      discoKey: "discokey:c\(digits.dropFirst())", ipAddresses: ["100.64.0.\(id)"], hostname: name,
      givenName: name, createdAt: now.adding(seconds: -99_999))
    node.presence = .connected
    return node
  }
}
