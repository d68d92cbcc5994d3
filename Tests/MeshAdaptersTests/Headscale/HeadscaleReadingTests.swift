import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale REST: reading")
struct HeadscaleReadingTests {
  @Test("A recorded server is read", arguments: ["0.28.0", "0.29.2"])
  func recorded(version: String) async throws {
    try await HeadscaleTestServer.run(replay(version)) { server in
      try await withREST(port: server.port) { rest in
        let identity = try await rest.identify()
        #expect(
          identity == ServerIdentity(url: "http://127.0.0.1:\(server.port)", version: version))
        let list = try await rest.nodes()
        #expect(list.nodes.map(\.givenName) == ["node1", "node2"])
        #expect(list.serverTime?.rfc3339 == "2026-11-22T21:26:14Z")
        #expect(try await rest.users().map(\.name) == ["alice"])
        #expect(try await rest.policy() == .none)
        #expect(try await rest.notices().isEmpty)
      }
      #expect(
        server.lines == [
          "GET /version", "GET /api/v1/node", "GET /api/v1/user", "GET /api/v1/policy",
        ])
      // The key goes where it is needed, and only there.
      #expect(
        server.requests.map { $0.headers["authorization"] != nil } == [false, true, true, true])
      #expect(server.requests.allSatisfy { $0.headers["content-type"] == "application/json" })
    }
  }

  @Test("0.26 is told by its nodes, read, and not changed") func old() async throws {
    try await HeadscaleTestServer.run(replay("0.26.1")) { server in
      try await withREST(port: server.port) { rest in
        #expect(try await rest.identify().version == "0.26")
        let list = try await rest.nodes()
        #expect(list.nodes.count == 2)
        let refusals: [() async throws -> Void] = [
          { try await rest.createUser(name: "bob") },
          { _ = try await rest.createPreAuthKey(KeyRequest(owner: .user("alice"))) },
          { try await rest.expirePreAuthKey(id: "1") },
          { try await rest.setTags(nodeID: "1", tags: ["tag:a"]) },
          { try await rest.approveRoutes(nodeID: "1", routes: []) },
          { try await rest.rename(nodeID: "1", to: "x1") },
          { try await rest.disableExpiry(nodeID: "1") },
          { try await rest.deleteNode(id: "1") },
          { try await rest.expireUnusedKeys(expiringAt: Timestamp(seconds: 1)) },
          { try await rest.requireWritable() },
        ]
        for write in refusals {
          let diagnostic = try await failure(of: write)
          #expect(diagnostic.code == .apiVersionReadOnly)
          #expect(diagnostic.hint?.contains("upgrade to 0.28") == true)
        }
        #expect(server.writes.isEmpty)
      }
    }
  }

  @Test(
    "Versions and what they allow",
    arguments: [
      ("0.25.1", DiagnosticCode?.some(.apiVersionTooOld), false), ("0.26.1", nil, false),
      ("0.29.9", nil, false), ("0.30.0", nil, false), ("0.31.0", nil, true), ("1.0.0", nil, true),
    ])
  func versions(version: String, code: DiagnosticCode?, isUntested: Bool) async throws {
    try await HeadscaleTestServer.run { _ in
      .answer(200, versionBody(version))
    } _: { server in
      try await withREST(port: server.port) { rest in
        if let code {
          let problem = try await failure { try await rest.nodes() }
          #expect(problem.code == code)
          let second = try await failure { try await rest.identify() }
          #expect(second.code == code)
        } else {
          #expect(try await rest.identify().version == version)
          let notices = try await rest.notices()
          #expect(notices.map(\.code) == (isUntested ? [.apiVersionUntested] : []))
          #expect(notices.allSatisfy { $0.severity == .warning })
        }
      }
    }
  }

  @Test(
    "Self-built servers are told by what they offer",
    arguments: [
      ("openapi", "0.30-dev"), ("0.28.0", "0.28"), ("0.29.2", "0.29"), ("0.26.1", "0.26"),
    ])
  func selfBuilt(shape: String, expected: String) async throws {
    let respond: HeadscaleTestServer.Responder = { request in
      switch request.uri {
      case "/version":
        return .answer(200, #"{"version":"v0.0.0-20260331113631-fda72ad1a322"}"#)
      case "/api/v1/openapi.yaml" where shape == "openapi":
        return .answer(200, "openapi: 3.1.0\n", headers: ["Content-Type: application/yaml"])
      case "/api/v1/node":
        return .answer(200, #"{"nodes":[]}"#)
      default:
        return replay(shape)(request)
      }
    }
    try await HeadscaleTestServer.run(respond) { server in
      try await withREST(port: server.port) { rest in
        let identity = try await rest.identify()
        #expect(identity.version == expected)
      }
    }
  }

  @Test("Policies: tag owners, comments, nonsense, none in both spellings") func policies()
    async throws
  {
    let problem =
      #"{"title":"Internal Server Error","status":500,"detail":"loading ACL from database","#
      + #""errors":[{"message":"acl policy not found"}]}"#
    let cases: [(Int, String, PolicyState?)] = [
      (
        200, #"{"policy":"{// hi\n\"tagOwners\":{\"tag:a\":[],\"tag:b\":[\"x@\"],},}"}"#,
        .tagOwners(["tag:a", "tag:b"])
      ),
      (200, #"{"policy":"{\"acls\":[]}"}"#, .tagOwners([])),
      (200, #"{"policy":""}"#, PolicyState.none),
      (500, problem, PolicyState.none),
      (200, #"{"policy":"{\"a"}"#, .unreadable("a string that begins at byte 1 has no end")),
      (500, #"{"code":2,"message":"loading ACL from database: disk full","details":[]}"#, nil),
    ]
    for (status, body, expected) in cases {
      try await HeadscaleTestServer.run { request in
        request.uri == "/version" ? .answer(200, versionBody("0.29.2")) : .answer(status, body)
      } _: { server in
        try await withREST(port: server.port) { rest in
          if let expected {
            #expect(try await rest.policy() == expected)
          } else {
            let diagnostic = try await failure { try await rest.policy() }
            #expect(diagnostic.code == .apiRefused)
            #expect(diagnostic.evidence == "loading ACL from database: disk full")
          }
        }
      }
    }
  }

  @Test(
    "Reads are tried three times on 503 and never on 4xx or 500", arguments: [503, 500, 401, 429])
  func retries(status: Int) async throws {
    try await HeadscaleTestServer.run { request in
      request.uri == "/version" ? .answer(200, versionBody("0.29.2")) : .answer(status, "x")
    } _: { server in
      try await withREST(port: server.port) { rest in
        _ = try await failure { try await rest.nodes() }
        #expect(server.lines.count { $0 == "GET /api/v1/node" } == (status == 503 ? 3 : 1))
      }
    }
  }

  @Test("A read that succeeds at the second try is a success") func secondTry() async throws {
    let calls = Counter()
    try await HeadscaleTestServer.run { request in
      if request.uri == "/version" { return .answer(200, versionBody("0.29.2")) }
      return calls.next() == 1
        ? .raw("HTTP/1.1 200 OK\r\nContent-Le") : .answer(200, #"{"nodes":[]}"#)
    } _: { server in
      try await withREST(port: server.port) { rest in
        let list = try await rest.nodes()
        #expect(list.nodes.isEmpty)
        #expect(server.requests.count == 3)
      }
    }
  }
}
