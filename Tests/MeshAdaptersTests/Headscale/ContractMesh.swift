import Foundation
import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

@testable import MeshAdapters

/// A stand-in server of one version with known nodes, and the ways to it.
struct ContractMesh {
  /// What stands between us and the server.
  enum Way: String, CaseIterable, CustomTestStringConvertible {
    case rest, socket, command
    var testDescription: String { rawValue }
  }

  /// The stand-in program, as the build leaves it.
  static let program = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: ".build/debug/headscale-standin").path

  let mode: Mode
  let service: HeadscaleService
  let folder: String
  let port: UInt16
  let key: String

  var socket: String { folder + "/h.sock" }
  var config: String { folder + "/config.yaml" }

  static func run(_ mode: Mode, _ body: (ContractMesh) async throws -> Void) async throws {
    let folder = "/tmp/meshctl-contract-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let service = HeadscaleService(try seeded(mode), clock: wallClock)
    let key = await service.withServer { server, now in
      server.createAPIKey(expiration: now.adding(seconds: 600), now: now)
    }
    let tcp = try HeadscaleHTTPServer(service, at: .tcp(address: "127.0.0.1", port: 0))
    let local = try HeadscaleHTTPServer(service, at: .unix(path: folder + "/h.sock"))
    let tasks = [tcp, local].map { server in Task { try await server.run() } }
    for server in [tcp, local] { try await server.waitUntilListening() }
    let mesh = ContractMesh(
      mode: mode, service: service, folder: folder, port: try #require(await tcp.port), key: key)
    try Data(
      """
      listen_addr: 127.0.0.1:\(mesh.port)
      unix_socket: \(mesh.socket)
      database: {sqlite: {path: \(folder)/db}}

      """.utf8
    ).write(to: URL(filePath: mesh.config))
    var problem: (any Error)?
    do { try await body(mesh) } catch { problem = error }
    for server in [tcp, local] { await server.stop() }
    // A stopped listener ends by throwing.
    for task in tasks { _ = await task.result }
    if let problem { throw problem }
  }

  /// What the command of this server needs of its environment.
  var environment: [String: String] {
    [
      "PATH": "/usr/bin:/bin", "HEADSCALE_CONFIG": config,
      "MESHCTL_STANDIN_MODE": mode.rawValue,
    ]
  }

  func way(_ way: Way) throws -> HeadscaleControl {
    let url = try #require(ServerURL("http://127.0.0.1:\(port)"))
    // By the name that says that the server is here, so that its clock counts.
    let command = folder + "/headscale"
    if !FileManager.default.fileExists(atPath: command) {
      try FileManager.default.createSymbolicLink(
        atPath: command, withDestinationPath: Self.program)
    }
    let choice: APIAccess.Way =
      switch way {
      case .rest: .rest
      case .socket: .socket(socket)
      case .command: .command([command])
      }
    return try HeadscaleControl(
      APIAccess(
        way: choice, url: url, key: .environment("K"), keyOrigin: "HEADSCALE_API_KEY", caFile: nil),
      key: Secret(key), environment: environment)
  }

  /// The server's nodes as the port is to give them.
  func nodes() async throws -> [MeshNode] {
    try await service.withServer { server, now in
      try server.listNodes(now: now).map { view in
        var node = MeshNode(
          id: String(view.node.id), machineKey: view.node.machineKey, nodeKey: view.node.nodeKey,
          hostname: view.node.hostname, givenName: view.node.givenName)
        node.user = view.user.flatMap { $0.id == ServerUser.taggedDevices.id ? nil : Self.user($0) }
        node.tags = view.node.tags
        node.ipAddresses = view.node.ipAddresses
        node.approvedRoutes = view.node.approvedRoutes
        node.availableRoutes = view.node.availableRoutes
        node.subnetRoutes = view.subnetRoutes
        node.online = view.online
        node.lastSeen = view.node.lastSeen
        node.expiry = view.node.expiry.flatMap { $0.isZeroTime ? nil : $0 }
        node.createdAt = view.node.createdAt
        return node
      }
    }
  }

  static func user(_ user: ServerUser) -> MeshUser {
    MeshUser(
      id: String(user.id), name: user.name, email: user.email, displayName: user.displayName,
      provider: user.provider)
  }

  /// Three nodes: alice's with routes, a tagged one, and bob's that is offline and will expire.
  private static func seeded(_ mode: Mode) throws -> SimulatedHeadscale {
    var server = SimulatedHeadscale(mode: mode, seed: 7)
    let start = Timestamp(seconds: 1_795_000_000, nanoseconds: 123_456_000)
    for (name, email) in [("alice", "alice@example.com"), ("bob", "")] {
      _ = try server.createUser(
        name: name, displayName: "", email: email, pictureURL: "", now: start)
    }
    var carol = ServerUser(id: 3, name: "carol", createdAt: start)
    carol.provider = "oidc"
    carol.email = "carol@example.com"
    server.adopt(carol)
    for (id, name) in [(1, "web"), (2, "db"), (10, "old")] {
      var node = ServerNode(
        id: id, machineKey: "mkey:" + String(repeating: "\(id % 10)", count: 64),
        nodeKey: "nodekey:" + String(repeating: "\(id % 10)", count: 64),
        discoKey: "discokey:" + String(repeating: "\(id % 10)", count: 64),
        ipAddresses: ["100.64.0.\(id)", "fd7a:115c:a1e0::\(id)"], hostname: name.uppercased(),
        givenName: name, createdAt: start)
      node.userID = id == 10 ? 2 : id == 1 || !mode.rules.tagsAreIdentity ? 1 : nil
      if id == 1 {
        node.availableRoutes = ["10.1.0.0/24", "10.2.0.0/24"]
        node.approvedRoutes = ["10.1.0.0/24"]
      }
      if id == 2 { node.tags = ["tag:db", "tag:prod"] }
      if id == 10 {
        node.expiry = Timestamp(seconds: 4_000_000_000)
        node.lastSeen = start
      } else {
        node.presence = .connected
        node.lastSeen = start.adding(seconds: 60)
      }
      server.adopt(node)
    }
    return server
  }

  @Sendable private static func wallClock() -> Timestamp {
    let time = Date().timeIntervalSince1970
    let seconds = time.rounded(.down)
    return Timestamp(
      seconds: Int64(seconds), nanoseconds: Int32((time - seconds) * 1_000_000) * 1000)
  }
}
