import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

/// Every write against every kind of broken answer: one clear error, sent once, nothing claimed.
@Suite("Headscale REST: writes to servers that misbehave")
struct HeadscaleWriteMisbehaviourTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var reply: HeadscaleTestServer.Reply
    var codes: Set<DiagnosticCode>
  }

  private static let junk = String(repeating: "junk ", count: 2_000_000)
  static let cases = [
    Case(
      testDescription: "cut short",
      reply: .raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"node\":{"),
      codes: [.apiBadAnswer]),
    Case(
      testDescription: "a page",
      reply: .answer(200, "<html>Welcome</html>", headers: ["Content-Type: text/html"]),
      codes: [.apiNotHeadscale]),
    Case(
      testDescription: "502 with a page",
      reply: .answer(502, "<h1>Bad Gateway</h1>", headers: ["Content-Type: text/html"]),
      codes: [.apiUnavailable]),
    Case(
      testDescription: "10 MB of junk", reply: .answer(200, junk), codes: [.apiBadAnswer]),
    Case(
      testDescription: "500 with 10 MB of junk", reply: .answer(500, junk), codes: [.apiRefused]),
    Case(testDescription: "hung up", reply: .raw(""), codes: [.apiUnreachable]),
    Case(testDescription: "silence", reply: .silence, codes: [.apiTimeout]),
    Case(
      testDescription: "redirect to another host",
      reply: .answer(307, "", headers: ["Location: http://127.0.0.2:1/api"]),
      codes: [.apiRedirect]),
    Case(
      testDescription: "422 of a strict server",
      reply: .answer(
        422,
        #"{"title":"Unprocessable Entity","status":422,"detail":"validation failed","errors":[{"message":"unexpected property","location":"body.x"}]}"#
      ), codes: [.apiRefused]),
    Case(
      testDescription: "401", reply: .answer(401, "Unauthorized", headers: []),
      codes: [.apiKeyRefused]),
  ]

  @Test("Each write, each way of breaking", arguments: HeadscaleWrite.all, cases)
  func everyWrite(write: HeadscaleWrite, broken: Case) async throws {
    let node = MeshNode.json(id: "7", name: "old", expiry: #""2026-12-01T00:00:00Z""#)
    try await HeadscaleTestServer.run { request in
      switch (request.method, request.uri) {
      case ("GET", "/version"): .answer(200, versionBody("0.30.0"))
      case ("GET", "/api/v1/node"): .answer(200, "{\"nodes\":[\(node)]}")
      case ("GET", "/api/v1/user"): .answer(200, #"{"users":[{"id":"1","name":"alice"}]}"#)
      case ("GET", "/api/v1/preauthkey"):
        .answer(
          200,
          #"{"preAuthKeys":[{"id":"4","key":"x","used":false,"expiration":"2027-01-01T00:00:00Z"}]}"#
        )
      default: broken.reply
      }
    } _: { server in
      let isSilent = broken.codes == [.apiTimeout]
      let limits = HeadscaleREST.Limits(
        connect: 20, first: isSilent ? 2 : 30, total: isSilent ? 2 : 30, all: 90, retryDelays: [])
      try await withREST(port: server.port, limits: limits) { rest in
        let problem = try await failure { try await write.call(rest) }
        #expect(broken.codes.contains(problem.code), "\(problem)")
      }
      #expect(server.writes.count == 1, "never sent twice")
    }
  }

  @Test("A wrong certificate stops before anything is sent, for each write")
  func certificate() async throws {
    let authority = try TestAuthority()
    defer { authority.remove() }
    let tls = try authority.server(name: "IP:127.0.0.1")
    try await HeadscaleTestServer.run(tls: tls, replay("0.29.2")) { server in
      for write in HeadscaleWrite.all {
        try await withREST(port: server.port, scheme: "https") { rest in
          let problem = try await failure { try await write.call(rest) }
          #expect(problem.code == .apiTLS)
        }
      }
      #expect(server.requests.isEmpty)
    }
  }
}

@Suite("Headscale REST: time")
struct HeadscaleTimeTests {
  @Test("A silent server costs the time of all tries together, and no more") func silent()
    async throws
  {
    let limits = HeadscaleREST.Limits(
      connect: 0.5, first: 0.5, total: 30, all: 2.5, retryDelays: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    try await HeadscaleTestServer.run { _ in
      .silence
    } _: { server in
      try await withREST(port: server.port, limits: limits) { rest in
        let start = ContinuousClock.now
        let problem = try await failure { try await rest.nodes() }
        let spent = start.duration(to: .now)
        #expect(problem.code == .apiTimeout)
        // Seven tries of half a second that are not bounded together would take 30 s at `total`.
        #expect(spent < .seconds(25), "\(spent)")
        #expect((1...5).contains(server.requests.count), "\(server.requests.count)")
      }
    }
  }

  @Test("The standard limits stay within half a minute") func standard() {
    let limits = HeadscaleREST.Limits()
    #expect(limits.connect < limits.first && limits.first < limits.total)
    #expect(limits.all == 30)
    #expect(limits.total <= limits.all)
  }

  @Test("A list may think longer before it speaks than a small answer may") func slowList()
    async throws
  {
    let limits = HeadscaleREST.Limits(connect: 2, first: 3, total: 20, all: 20, retryDelays: [])
    try await HeadscaleTestServer.run { request in
      switch request.uri {
      case "/version": .answer(200, versionBody("0.29.2"))
      case "/api/v1/node": .late(4.5, #"{"nodes":[]}"#)
      default: .late(4.5, #"{"policy":""}"#)
      }
    } _: { server in
      try await withREST(port: server.port, limits: limits) { rest in
        let nodes = try await rest.nodes().nodes
        #expect(nodes.isEmpty)
        let problem = try await failure { try await rest.policy() }
        #expect(problem.code == .apiTimeout)
      }
    }
  }
}
