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

  @Test("Register, list, approve, rename, tag", arguments: Mode.allCases)
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
      #expect(answer.headers[HTTPHeader("Grpc-Metadata-Content-Type")] == "application/grpc")
      let frames = answer.headers[HTTPHeader("X-Frame-Options")]
      #expect(frames == (mode == .v0_28 ? nil : "DENY"))
      let refused = try await client.call(.GET, "/api/v1/node", key: "wrong")
      #expect(refused.status == 401)
      #expect(refused.body == "Unauthorized")
      let key = try await client.call(.GET, "/key")
      #expect(key.status == 400)
    }
  }
}
