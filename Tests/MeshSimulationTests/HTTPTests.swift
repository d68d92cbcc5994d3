import FlyingFox
import FlyingSocks
import Foundation
import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

/// The whole way over a loopback socket.
@Suite struct HTTPTests {
  /// A client of one server.
  private struct Client {
    var port: UInt16
    var key: String

    func call(
      _ method: HTTPMethod, _ path: String, _ body: String = "", key: String? = nil
    ) async throws -> (status: Int, headers: HTTPHeaders, body: String) {
      var client = HTTPClient()
      let request = HTTPRequest(
        method: method, version: .http11, path: path, query: [],
        headers: [.authorization: "Bearer " + (key ?? self.key)], body: Data(body.utf8))
      let response = try await client.sendHTTPRequest(
        request, to: .inet(ip4: "127.0.0.1", port: port))
      return (
        response.statusCode.code, response.headers,
        String(decoding: try await response.bodyData, as: UTF8.self)
      )
    }
  }

  private func serving(
    _ mode: Mode, _ body: (Client) async throws -> Void
  ) async throws {
    let clock = SimulatedClock(Timestamp(seconds: 1_795_382_774))
    let service = HeadscaleService(SimulatedHeadscale(mode: mode, seed: 5), clock: clock.now)
    let key = await service.withServer { server, now in
      server.createAPIKey(expiration: now.adding(seconds: 60), now: now)
    }
    let server = try HeadscaleHTTPServer(service, at: .tcp(address: "127.0.0.1", port: 0))
    let task = Task { try await server.run() }
    try await server.waitUntilListening()
    let port = try #require(await server.port)
    do {
      try await body(Client(port: port, key: key))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    // A stopped listener ends by throwing.
    _ = await task.result
  }

  @Test("Register, list, approve, rename, tag", arguments: Mode.writable)
  func wholeWay(mode: Mode) async throws {
    try await serving(mode) { client in
      #expect(try await client.call(.POST, "/api/v1/user", #"{"name":"ops"}"#).status == 200)
      let created = try await client.call(
        .POST, "/api/v1/preauthkey", #"{"user":"1","expiration":"2027-01-01T00:00:00Z"}"#)
      let key = try #require(JSONReader.read(created.body)["preAuthKey"]?["key"]?.text)
      let machine = "mkey:" + String(repeating: "a", count: 64)
      let node = "nodekey:" + String(repeating: "b", count: 64)
      let report = """
        {"machineKey":"\(machine)","nodeKey":"\(node)","authKey":"\(key)","hostname":"web1",
         "advertiseRoutes":["10.0.0.0/24"],"requestTags":[],"version":"1.102.3","os":"linux"}
        """
      let registered = try await client.call(.POST, "/standin/register", report)
      #expect(try JSONReader.read(registered.body)["node"]?["givenName"] == "web1")
      #expect(try JSONReader.read(registered.body)["user"]?["loginName"] == "ops")
      let mapped = try await client.call(.POST, "/standin/map", report)
      #expect(try JSONReader.read(mapped.body)["peers"] == [])

      let routes = #"{"routes":["10.0.0.0/24"]}"#
      #expect(
        try await client.call(.POST, "/api/v1/node/1/approve_routes", routes).status == 200)
      #expect(try await client.call(.POST, "/api/v1/node/1/rename/edge").status == 200)
      let policy = #"{"policy":"{\"tagOwners\":{\"tag:web\":[]}}"}"#
      #expect(try await client.call(.PUT, "/api/v1/policy", policy).status == 200)
      #expect(
        try await client.call(.POST, "/api/v1/node/1/tags", #"{"tags":["tag:web"]}"#).status == 200)

      let list = try await client.call(.GET, "/api/v1/node")
      let listed = try #require(JSONReader.read(list.body)["nodes"]?.elements?.first)
      #expect(listed["givenName"] == "edge")
      #expect(listed["tags"] == ["tag:web"])
      #expect(listed["approvedRoutes"] == ["10.0.0.0/24"])
      #expect(listed["subnetRoutes"] == ["10.0.0.0/24"])
      #expect(listed["user"]?["name"] == "tagged-devices")
      #expect(listed["online"] == true)

      #expect(
        try await client.call(.POST, "/standin/disconnect", #"{"nodeKey":"\#(node)"}"#).status
          == 200)
      func isOnline() async throws -> Bool {
        let list = try await client.call(.GET, "/api/v1/node")
        return try JSONReader.read(list.body)["nodes"]?.elements?.first?["online"] == true
      }
      #expect(try await !isOnline())
      _ = try await client.call(.POST, "/standin/map", report)
      #expect(try await isOnline(), "the list is remembered although a node came back")
      #expect(try await client.call(.DELETE, "/api/v1/node/1").body == "{}")
      let gone = try await client.call(.POST, "/standin/map", report)
      #expect(gone.body == #"{"error":"unknown"}"#)
    }
  }

  @Test("Headers: the date, and what each version adds", arguments: Mode.allCases)
  func headers(mode: Mode) async throws {
    try await serving(mode) { client in
      let answer = try await client.call(.GET, "/api/v1/user")
      #expect(answer.headers[.date] == "Sun, 22 Nov 2026 21:26:14 GMT")
      #expect(answer.headers[.contentType] == "application/json")
      let grpc = answer.headers[HTTPHeader("Grpc-Metadata-Content-Type")]
      #expect(grpc == (mode == .v0_30 ? nil : "application/grpc"))
      let frames = answer.headers[HTTPHeader("X-Frame-Options")]
      #expect(frames == ([.v0_26, .v0_27, .v0_28].contains(mode) ? nil : "DENY"))
      let refused = try await client.call(.GET, "/api/v1/node", key: "wrong")
      #expect(refused.status == (mode == .v0_26 ? 500 : 401))
      #expect(refused.body.contains("Unauthorized"))
      let method = try await client.call(.PATCH, "/api/v1/node")
      #expect(method.status == (mode == .v0_30 ? 405 : 501))
      #expect(method.headers[HTTPHeader("Allow")] == (mode == .v0_30 ? "GET" : nil))
      let version = try await client.call(.GET, "/version")
      #expect(version.status == (mode == .v0_26 ? 404 : 200))
      let key = try await client.call(.GET, "/key")
      #expect(key.status == 400)
    }
  }

  @Test("0.30 serves the API on its unix socket without a key")
  func unixSocket() async throws {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("hs-\(UInt32.random(in: 0...UInt32.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("headscale.sock").path
    let service = HeadscaleService(
      SimulatedHeadscale(mode: .v0_30), clock: { Timestamp(seconds: 1_795_382_774) })
    let server = try HeadscaleHTTPServer(service, at: .unix(path: path))
    let task = Task { try await server.run() }
    try await server.waitUntilListening()
    func ask(_ method: HTTPMethod, _ target: String, _ body: String = "") async throws -> String {
      var client = HTTPClient()
      let request = HTTPRequest(
        method: method, version: .http11, path: target, query: [], headers: [:],
        body: Data(body.utf8))
      let response = try await client.sendHTTPRequest(request, to: .unix(path: path))
      return String(decoding: try await response.bodyData, as: UTF8.self)
    }
    let created = try await ask(.POST, "/api/v1/user", #"{"name":"alice"}"#)
    #expect(try JSONReader.read(created)["user"]?["name"] == "alice")
    let run = try await ask(
      .POST, "/command-line", #"{"arguments":["users","list","-o","json-line"]}"#)
    let answer = try #require(CommandLineAnswer(try JSONReader.read(run)))
    #expect(answer.exitStatus == 0)
    #expect(answer.output.contains(#""name":"alice""#))
    #expect(try await ask(.GET, "/version") == "404 page not found\n")
    await server.stop()
    _ = await task.result
  }
}
