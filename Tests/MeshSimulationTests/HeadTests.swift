import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

/// What 0.30 does otherwise (reference headscale-api.md §1.9).
@Suite struct HeadTests {
  private let now = Timestamp(seconds: 1_784_000_000, nanoseconds: 120_000_000)

  private func service(named: String? = nil) async throws -> HeadscaleService {
    let now = now
    let service = HeadscaleService(
      SimulatedHeadscale(mode: .v0_30, seed: 2), namedVersion: named, clock: { now })
    try await service.withServer { server, now in
      _ = try server.createUser(name: "alice", now: now)
      let key = try server.createPreAuthKey(
        .init(userID: 1, expiration: now.adding(seconds: 60)), now: now)
      let report = ClientReport(
        machineKey: "mkey:" + String(repeating: "a", count: 64),
        nodeKey: "nodekey:" + String(repeating: "b", count: 64), hostname: "web1",
        advertiseRoutes: [])
      _ = try server.register(report, authKey: key.text, now: now)
    }
    return service
  }

  private func ask(
    _ service: HeadscaleService, _ method: String, _ path: String, _ body: String = "",
    query: [(name: String, value: String)] = [], type: String? = "application/json"
  ) async -> APIResponse {
    await service.answer(
      APIRequest(method, "/api/v1/" + path, query: query, contentType: type, body: body),
      isLocal: true)
  }

  @Test(
    "Bodies are checked: unknown members and wrong types 422, broken and missing ones 400, others 415",
    arguments: [
      (#"{"user":1}"#, 422, "expected string", "body.user"),
      (#"{"usr":"1"}"#, 422, "unexpected property", "body.usr"),
      (#"{"user":"1","acl_tags":[]}"#, 422, "unexpected property", "body.acl_tags"),
      (#"{"user":"1","reusable":"yes"}"#, 422, "expected boolean", "body.reusable"),
      (#"{"user":"1","aclTags":"tag:a"}"#, 422, "expected array", "body.aclTags"),
      (#"{"aclTags":["tag:a",1]}"#, 422, "expected string", "body.aclTags[1]"),
      (
        #"{"user":"1","expiration":"soon"}"#, 422, "expected string to be RFC 3339 date-time",
        "body.expiration"
      ),
      ("[]", 422, "expected object", "body"),
      (#"{"user":"#, 400, "unexpected end of JSON input", "body"),
    ])
  func strict(body: String, status: Int, message: String, location: String) async throws {
    let answer = await ask(try await service(), "POST", "preauthkey", body)
    #expect(answer.status == status)
    let problem = try JSONReader.read(answer.body)
    #expect(problem["detail"] == "validation failed")
    let cause = problem["errors"]?.elements?.first
    #expect(cause?["message"] == .string(message))
    #expect(cause?["location"] == .string(location))
    #expect(cause?["value"] != nil)
  }

  @Test("A missing body, a foreign content type and a huge body")
  func bodies() async throws {
    let service = try await service()
    let missing = await ask(service, "POST", "user")
    #expect(missing.status == 400)
    #expect(missing.body.contains("request body is required"))
    let foreign = await ask(service, "POST", "user", #"{"name":"bob"}"#, type: "text/plain")
    #expect(foreign.status == 415)
    #expect(foreign.body.contains("unknown content type: text/plain"))
    let untyped = await ask(service, "POST", "user", #"{"name":"bob"}"#, type: nil)
    #expect(untyped.status == 200)
    let typed = await ask(
      service, "POST", "user", #"{"name":"carol","email":null}"#,
      type: "application/json; charset=utf-8")
    #expect(typed.status == 200)
    let huge = #"{"name":""# + String(repeating: "x", count: 1_100_000) + #""}"#
    #expect(await ask(service, "POST", "user", huge).status == 413)
  }

  @Test("Expiry is read from the body, the query is ignored")
  func expire() async throws {
    let service = try await service()
    func expiry(_ body: String, _ query: [(name: String, value: String)]) async throws -> JSONValue?
    {
      let answer = await ask(service, "POST", "node/1/expire", body, query: query)
      return try JSONReader.read(answer.body)["node"]?["expiry"]
    }
    let disable = [(name: "disableExpiry", value: "true")]
    let expired = try await expiry("", disable)
    #expect(expired == "2026-07-14T05:33:20.12+02:00")
    let never = try await expiry(#"{"disableExpiry":true}"#, [])
    #expect(never == .null)
    let later = try await expiry(#"{"expiry":"2027-01-01T00:00:00.5+01:00"}"#, disable)
    #expect(later == "2027-01-01T01:00:00.5+02:00")
    let both = await ask(
      service, "POST", "node/1/expire",
      #"{"disableExpiry":true,"expiry":"2027-01-01T00:00:00Z"}"#)
    #expect(both.status == 400)
  }

  @Test("Times have offsets and 0 to 9 digits; keys are lower-case hex and never without instants")
  func values() async throws {
    let service = try await service()
    let list = try JSONReader.read(await ask(service, "GET", "node").body)
    let node = try #require(list["nodes"]?.elements?.first)
    #expect(node["createdAt"] == "2026-07-14T05:33:20.12+02:00")
    #expect(node["preAuthKey"]?["createdAt"] == "2026-07-14T03:33:20.12Z")
    #expect(node["expiry"] == .null)
    let created = try JSONReader.read(
      await ask(service, "POST", "preauthkey", #"{"user":"1"}"#).body)
    let key = try #require(created["preAuthKey"])
    #expect(key["expiration"] == "0001-01-01T00:00:00Z")
    let text = try #require(key["key"]?.text)
    let parts = text.split(separator: "-").map(String.init)
    #expect(parts.count == 4)
    #expect(parts[2].count == 12 && parts[3].count == 64)
    #expect((parts[2] + parts[3]).allSatisfy { "0123456789abcdef".contains($0) })
  }

  @Test("Without a key 401 as a problem; unknown paths and the description need none; methods 405")
  func access() async throws {
    let service = try await service(named: "dev")
    func remote(_ method: String, _ path: String) async -> APIResponse {
      await service.answer(APIRequest(method, path))
    }
    let refused = await remote("GET", "/api/v1/node")
    #expect(refused.status == 401)
    #expect(refused.contentType == "application/problem+json")
    #expect(
      refused.body == #"{"title":"Unauthorized","status":401,"detail":"Unauthorized"}"# + "\n")
    let unknown = await remote("GET", "/api/v1/nothing")
    #expect(unknown.status == 404)
    #expect(unknown.body == "404 page not found\n")
    #expect(unknown.contentType == "text/plain; charset=utf-8")
    let method = await remote("PATCH", "/api/v1/node")
    #expect(method.status == 405)
    #expect(method.allowed == ["GET"])
    for (path, type) in [
      ("openapi.yaml", "application/openapi+yaml"),
      ("openapi-3.0.json", "application/openapi+json"),
      ("docs", "text/html"),
    ] {
      let page = await remote("GET", "/api/v1/" + path)
      #expect(page.status == 200)
      #expect(page.contentType == type)
    }
    #expect(await remote("GET", "/api/v1/openapi.yaml").body.contains("\nopenapi: 3.1.0\n"))
    #expect(await remote("GET", "/swagger/v1/openapiv2.json").status == 404)
    let version = try JSONReader.read(await remote("GET", "/version").body)
    #expect(version["version"] == "dev")
  }

  @Test("The socket has the API without a key and nothing else; below 0.30 there is no API on it")
  func local() async throws {
    let service = try await service()
    #expect(await ask(service, "GET", "node").status == 200)
    for path in ["/version", "/health", "/key"] {
      #expect(await service.answer(APIRequest("GET", path), isLocal: true).status == 404)
    }
    for mode in Mode.allCases where mode != .v0_30 {
      let old = HeadscaleService(SimulatedHeadscale(mode: mode), clock: { Timestamp(seconds: 0) })
      let answer = await old.answer(APIRequest("GET", "/api/v1/node"), isLocal: true)
      #expect(answer.status == 404)
    }
  }
}
