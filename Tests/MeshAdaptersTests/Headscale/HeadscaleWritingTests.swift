import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale REST: writing")
struct HeadscaleWritingTests {
  /// A server of one version with one local and one foreign user; writes answer `writes`.
  private func server(
    _ version: String = "0.29.2", writes: HeadscaleTestServer.Reply = .answer(200, "{}"),
    nodes: String = MeshNode.json(id: "7", name: "old")
  ) -> HeadscaleTestServer.Responder {
    { request in
      switch (request.method, request.uri) {
      case ("GET", "/version"): .answer(200, versionBody(version))
      case ("GET", "/api/v1/node"): .answer(200, "{\"nodes\":[\(nodes)]}")
      case ("GET", "/api/v1/user"):
        .answer(
          200,
          #"{"users":[{"id":"1","name":"alice","email":"a@x.org"},"#
            + #"{"id":"2","name":"carol","email":"c@x.org","provider":"oidc"}]}"#)
      case ("GET", _): .answer(404, "404 page not found")
      default: writes
      }
    }
  }

  @Test("The exact requests", arguments: ["0.28.0", "0.29.2", "0.31.0"])
  func exact(version: String) async throws {
    try await HeadscaleTestServer.run(server(version)) { server in
      try await withREST(port: server.port) { rest in
        try await rest.createUser(name: "bob")
        try await rest.setTags(nodeID: "7", tags: ["tag:a", "tag:b"])
        try await rest.approveRoutes(nodeID: "7", routes: ["10.0.0.0/24", "fd00::/64"])
        try await rest.approveRoutes(nodeID: "7", routes: [])
        try await rest.rename(nodeID: "7", to: "new")
        try await rest.rename(nodeID: "7", to: "a/b?c d%é..")
        try await rest.expirePreAuthKey(id: "4")
        try await rest.deleteNode(id: "9")
      }
      #expect(
        server.writes == [
          #"POST /api/v1/user {"name":"bob"}"#,
          #"POST /api/v1/node/7/tags {"tags":["tag:a","tag:b"]}"#,
          #"POST /api/v1/node/7/approve_routes {"routes":["10.0.0.0/24","fd00::/64"]}"#,
          #"POST /api/v1/node/7/approve_routes {"routes":[]}"#,
          #"POST /api/v1/node/7/rename/new {}"#,
          #"POST /api/v1/node/7/rename/a%2Fb%3Fc%20d%25%C3%A9.. {}"#,
          #"POST /api/v1/preauthkey/expire {"id":"4"}"#,
          "DELETE /api/v1/node/9",
        ])
      #expect(
        server.requests.filter { $0.method == "POST" }.allSatisfy {
          $0.headers["content-type"] == "application/json"
            && $0.headers["authorization"] == "Bearer \(testKey)"
        })
    }
  }

  @Test("Expiry is turned off in query and body, and the list is asked whether it is")
  func disableExpiry() async throws {
    let expiring = MeshNode.json(id: "7", name: "old", expiry: #""2026-12-01T00:00:00Z""#)
    try await HeadscaleTestServer.run(server()) { server in
      try await withREST(port: server.port) { try await $0.disableExpiry(nodeID: "7") }
      #expect(
        server.lines.suffix(2) == [
          #"POST /api/v1/node/7/expire?disableExpiry=true {"disableExpiry":true}"#,
          "GET /api/v1/node",
        ])
    }
    try await HeadscaleTestServer.run(server(nodes: expiring)) { server in
      try await withREST(port: server.port) { rest in
        let problem = try await failure { try await rest.disableExpiry(nodeID: "7") }
        #expect(problem.code == .apiRefused)
        #expect(problem.evidence == "expiry 2026-12-01T00:00:00Z")
        #expect(problem.hint?.contains("nodes expire -i 7 --disable") == true)
      }
      #expect(server.writes.count == 1)
    }
    try await HeadscaleTestServer.run(server("0.28.0")) { server in
      try await withREST(port: server.port) { rest in
        let problem = try await failure { try await rest.disableExpiry(nodeID: "7") }
        #expect(problem.code == .apiVersionReadOnly)
        #expect(problem.hint == "upgrade Headscale to 0.29")
      }
      #expect(server.writes.isEmpty)
    }
  }

  @Test(
    "A node that is gone is deleted, one that is still there is not",
    arguments: [
      (404, #"{"code":5,"message":"node not found","details":[]}"#, true),
      (404, #"{"title":"Not Found","status":404,"detail":"node not found"}"#, true),
      (500, "oops", true), (404, #"{"code":5,"message":"node not found"}"#, false),
      (500, #"{"code":2,"message":"database is locked"}"#, false),
      (403, "no", false),
    ])
  func delete(status: Int, body: String, isGone: Bool) async throws {
    let nodes = isGone ? "" : MeshNode.json(id: "7", name: "old")
    try await HeadscaleTestServer.run(server(writes: .answer(status, body), nodes: nodes)) {
      server in
      try await withREST(port: server.port) { rest in
        if isGone {
          try await rest.deleteNode(id: "7")
        } else {
          let problem = try await failure { try await rest.deleteNode(id: "7") }
          #expect([.apiRefused, .apiKeyRefused].contains(problem.code))
        }
      }
      #expect(server.writes == ["DELETE /api/v1/node/7"])
    }
  }

  @Test("A write that broke is done when the list shows it, and never sent twice")
  func goalHolds() async throws {
    let replies: [HeadscaleTestServer.Reply] = [
      .answer(500, #"{"code":2,"message":"whatever","details":[]}"#), .raw(""),
      .answer(503, "busy"), .answer(200, "<html>", headers: ["Content-Type: text/html"]),
    ]
    let node = MeshNode.json(
      id: "7", name: "new", tags: #""tag:b","tag:a""#, approved: #""::/0","0.0.0.0/0""#)
    for reply in replies {
      try await HeadscaleTestServer.run(server(writes: reply, nodes: node)) { server in
        try await withREST(port: server.port) { rest in
          try await rest.setTags(nodeID: "7", tags: ["tag:a", "tag:b"])
          try await rest.approveRoutes(nodeID: "7", routes: ["0.0.0.0/0"])
          try await rest.rename(nodeID: "7", to: "new")
        }
        #expect(server.writes.count == 3)
      }
    }
  }

  @Test("A write that failed is told in the server's words") func goalMissed() async throws {
    let reply = HeadscaleTestServer.Reply.answer(
      500, #"{"code":2,"message":"node name is not unique: web1","details":[]}"#)
    try await HeadscaleTestServer.run(server(writes: reply)) { server in
      try await withREST(port: server.port) { rest in
        let diagnostic = try await failure { try await rest.rename(nodeID: "7", to: "web1") }
        #expect(diagnostic.code == .apiRefused)
        #expect(diagnostic.message == "Headscale could not rename node #7 to web1 (HTTP 500)")
        #expect(diagnostic.evidence == "node name is not unique: web1")
      }
      #expect(server.writes.count == 1)
    }
  }

  @Test("A clear no needs no second look") func refused() async throws {
    let reply = HeadscaleTestServer.Reply.answer(
      400, #"{"code":3,"message":"requested tags [tag:x] are invalid or not permitted"}"#)
    try await HeadscaleTestServer.run(server(writes: reply)) { server in
      try await withREST(port: server.port) { rest in
        let diagnostic = try await failure { try await rest.setTags(nodeID: "7", tags: ["tag:x"]) }
        #expect(diagnostic.code == .apiTags)
        #expect(diagnostic.hint?.contains("tagOwners") == true)
      }
      #expect(!server.lines.contains("GET /api/v1/node"))
    }
  }

  @Test(
    "A node that is gone is said to be gone",
    arguments: [
      (404, #"{"code":5,"message":"node not found","details":[]}"#),
      (404, #"{"title":"Not Found","status":404,"detail":"node not found"}"#),
      (500, #"{"code":2,"message":"node no longer exists in NodeStore: 99","details":[]}"#),
    ])
  func gone(status: Int, body: String) async throws {
    try await HeadscaleTestServer.run(server(writes: .answer(status, body))) { server in
      try await withREST(port: server.port) { rest in
        let diagnostic = try await failure { try await rest.rename(nodeID: "99", to: "x1") }
        #expect(diagnostic.code == .apiNodeGone)
      }
    }
  }

  @Test("The last tag is not taken") func noTags() async throws {
    try await HeadscaleTestServer.run(server()) { server in
      try await withREST(port: server.port) { rest in
        let problem = try await failure { try await rest.setTags(nodeID: "7", tags: []) }
        #expect(problem.code == .apiTags)
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("Users: an existing one is no work, another sign-in's name is refused") func users()
    async throws
  {
    try await HeadscaleTestServer.run(server()) { server in
      try await withREST(port: server.port) { rest in
        try await rest.createUser(name: "alice")
        for name in ["carol", "c@x.org"] {
          let problem = try await failure { try await rest.createUser(name: name) }
          #expect(problem.code == .apiUserTaken)
        }
      }
      #expect(server.writes.isEmpty)
    }
  }

  @Test("A user made in between is accepted", arguments: [500, 409]) func raced(status: Int)
    async throws
  {
    let calls = Counter()
    try await HeadscaleTestServer.run { request in
      switch (request.method, request.uri) {
      case ("GET", "/version"): .answer(200, versionBody("0.29.2"))
      case ("GET", _):
        .answer(200, calls.next() == 1 ? #"{"users":[]}"# : #"{"users":[{"id":"5","name":"bob"}]}"#)
      default: .answer(status, #"{"code":13,"message":"UNIQUE constraint failed"}"#)
      }
    } _: { server in
      try await withREST(port: server.port) { try await $0.createUser(name: "bob") }
      #expect(server.writes.count == 1)
    }
  }

  @Test(
    "Names the server would mangle are refused before sending",
    arguments: [
      "", "a", "a b!", "4", "4a", "-ab", "a@b@c", "a/b", "tagged-devices", "a\nb", "a\u{0}b",
      "a:b",
    ])
  func badNames(name: String) async throws {
    try await HeadscaleTestServer.run(server()) { server in
      try await withREST(port: server.port) { rest in
        let problem = try await failure { try await rest.createUser(name: name) }
        #expect(problem.code == .apiUserName)
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("Names the rule allows", arguments: ["ab", "a1", "ops.team_x-y", "jo@x.org", "Müller"])
  func goodNames(name: String) throws { try UserName.check(name) }
}
