import MeshCore
import MeshEngine
import Synchronization
import Testing

@testable import MeshAdapters

/// Counts calls from many tasks.
final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}

@Suite("Headscale REST: servers that misbehave")
struct HeadscaleMisbehaviourTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var reply: HeadscaleTestServer.Reply
    var code: DiagnosticCode
    /// Must stand in message, evidence or hint.
    var words: String
  }

  static let html = ["Content-Type: text/html"]
  static let cases = [
    Case(
      testDescription: "401", reply: .answer(401, "Unauthorized", headers: []),
      code: .apiKeyRefused, words: "HEADSCALE_API_KEY"),
    Case(
      testDescription: "401 that echoes the key", reply: .answer(401, "bad Bearer \(testKey)"),
      code: .apiKeyRefused, words: "(secret)"),
    Case(
      testDescription: "a page", reply: .answer(200, "<html>Welcome</html>", headers: html),
      code: .apiNotHeadscale, words: "a web page"),
    Case(
      testDescription: "a page without a type", reply: .answer(200, "\n <!DOCTYPE html>"),
      code: .apiNotHeadscale, words: "a web page"),
    Case(
      testDescription: "404 page", reply: .answer(404, "404 page not found", headers: []),
      code: .apiNotHeadscale, words: "curl http"),
    Case(
      testDescription: "502 page",
      reply: .answer(502, "<h1>502 Bad Gateway</h1>\n<hr>nginx", headers: html),
      code: .apiUnavailable, words: "502 Bad Gateway</h1> <hr>nginx"),
    Case(
      testDescription: "cut body",
      reply: .raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"nodes\":["),
      code: .apiBadAnswer, words: "cut short"),
    Case(
      testDescription: "cut chunk",
      reply: .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"nod"),
      code: .apiBadAnswer, words: "cut short"),
    Case(
      testDescription: "closed without an answer", reply: .raw(""), code: .apiUnreachable,
      words: "broke"),
    Case(
      testDescription: "not HTTP", reply: .raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), code: .apiBadAnswer,
      words: "not HTTP"),
    Case(
      testDescription: "JSON that ends early", reply: .answer(200, #"{"nodes":["#),
      code: .apiBadAnswer, words: "list nodes"),
    Case(
      testDescription: "other JSON", reply: .answer(200, #"{"hello":"world"}"#),
      code: .apiBadAnswer, words: "\"nodes\" is missing"),
    Case(
      testDescription: "10 MB of junk",
      reply: .answer(200, String(repeating: "junk ", count: 2_000_000)),
      code: .apiBadAnswer, words: "junk junk"),
    Case(
      testDescription: "500 with 10 MB of junk",
      reply: .answer(500, String(repeating: "junk ", count: 2_000_000)), code: .apiRefused,
      words: "junk junk"),
    Case(
      testDescription: "plain HTTP to a TLS port",
      reply: .answer(400, "Client sent an HTTP request to an HTTPS server.\n", headers: []),
      code: .apiNotHeadscale, words: "https://"),
    Case(testDescription: "silence", reply: .silence, code: .apiTimeout, words: "in time"),
  ]

  @Test(arguments: cases)
  func `Every misbehaviour has its code and words`(this: Case) async throws {
    try await HeadscaleTestServer.run { request in
      request.uri == "/version" ? .answer(200, versionBody("0.29.2")) : this.reply
    } _: { server in
      let limits = HeadscaleREST.Limits(
        connect: 20, first: this.code == .apiTimeout ? 0.3 : 30,
        total: this.code == .apiTimeout ? 0.3 : 30, all: 90, retryDelays: [])
      try await withREST(port: server.port, limits: limits) { rest in
        let diagnostic = try await failure { try await rest.nodes() }
        #expect(diagnostic.code == this.code)
        let texts = [diagnostic.message, diagnostic.evidence, diagnostic.hint].compactMap(\.self)
        #expect(texts.contains { $0.contains(this.words) }, "\(texts)")
      }
    }
  }

  @Test("A slow body ends with the total time") func slowBody() async throws {
    let limits = HeadscaleREST.Limits(connect: 1, total: 0.3, retryDelays: [])
    try await HeadscaleTestServer.run { request in
      request.uri == "/version" ? .answer(200, versionBody("0.29.2")) : .halfBody
    } _: { server in
      try await withREST(port: server.port, limits: limits) { rest in
        let problem = try await failure { try await rest.nodes() }
        #expect(problem.code == .apiTimeout)
      }
    }
  }

  @Test("Too large an answer is cut off at its limit") func tooLarge() async throws {
    let big = String(repeating: " ", count: APIRequest.smallAnswer + 1)
    try await HeadscaleTestServer.run { _ in
      .answer(200, big)
    } _: { server in
      try await withREST(port: server.port) { rest in
        let diagnostic = try await failure { try await rest.identify() }
        #expect(diagnostic.code == .apiBadAnswer)
        #expect(diagnostic.message.contains("larger than 1 MiB"))
      }
    }
  }

  @Test("A redirect elsewhere is not followed and named") func redirect() async throws {
    try await HeadscaleTestServer.run(replay("0.29.2")) { other in
      let target = "http://127.0.0.1:\(other.port)/api/v1/node"
      for status in [301, 302, 307, 308] {
        try await HeadscaleTestServer.run { request in
          request.uri == "/version"
            ? .answer(200, versionBody("0.29.2"))
            : .answer(status, "", headers: ["Location: \(target)"])
        } _: { server in
          try await withREST(port: server.port) { rest in
            let diagnostic = try await failure { try await rest.nodes() }
            #expect(diagnostic.code == .apiRedirect)
            #expect(diagnostic.evidence?.contains(target) == true)
            #expect(diagnostic.message.contains("was not sent there"))
            #expect(server.requests.count == 2)
            let write = try await failure { try await rest.rename(nodeID: "1", to: "x1") }
            #expect(write.code == .apiRedirect)
          }
        }
      }
      #expect(other.requests.isEmpty)
    }
  }

  @Test("Within its origin a read is followed, three times at most") func sameOrigin() async throws
  {
    try await HeadscaleTestServer.run { request in
      switch request.uri {
      case "/version": .answer(200, versionBody("0.29.2"))
      case "/api/v1/node": .answer(307, "", headers: ["Location: /moved/node?x=1"])
      case "/moved/node?x=1": .answer(200, #"{"nodes":[]}"#)
      default: .answer(302, "", headers: ["Location: \(request.uri)x"])
      }
    } _: { server in
      try await withREST(port: server.port) { rest in
        #expect(try await rest.nodes().nodes.isEmpty)
        #expect(server.requests.last?.headers["authorization"] == "Bearer \(testKey)")
        let problem = try await failure { try await rest.users() }
        #expect(problem.code == .apiRedirect)
        #expect(
          server.lines.suffix(4) == [
            "GET /api/v1/user", "GET /api/v1/userx", "GET /api/v1/userxx", "GET /api/v1/userxxx",
          ])
      }
    }
  }

  @Test("Nothing listens, nothing resolves") func unreachable() async throws {
    let port = try await HeadscaleTestServer.run { _ in
      .silence
    } _: {
      $0.port
    }
    try await withREST(port: port) { rest in
      let diagnostic = try await failure { try await rest.nodes() }
      #expect(diagnostic.code == .apiUnreachable)
      #expect(diagnostic.message == "nothing listens at 127.0.0.1:\(port)", "\(diagnostic)")
    }
    try await withREST(port: 1234, host: "no-such-host.invalid") { rest in
      let diagnostic = try await failure { try await rest.nodes() }
      #expect(diagnostic.code == .apiUnresolved)
      #expect(diagnostic.message.contains("no-such-host.invalid"))
    }
  }

  @Test("An adapter that nobody closed closes itself") func dropped() async throws {
    try await HeadscaleTestServer.run(replay("0.29.2")) { server in
      let url = try #require(ServerURL("http://127.0.0.1:\(server.port)"))
      var rest: HeadscaleControl? = HeadscaleControl(
        try HeadscaleREST(url: url, key: Secret(testKey), keyOrigin: "x"))
      let list = try await rest?.nodes()
      #expect(list?.nodes.count == 2)
      rest = nil
    }
  }

  @Test("A cancelled read ends as cancelled") func cancelled() async throws {
    try await HeadscaleTestServer.run { _ in
      .silence
    } _: { server in
      let port = server.port
      let task = Task { try await withREST(port: port) { try await $0.nodes() } }
      while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("Keys that would break the header are refused; one newline is cut off") func keys()
    async throws
  {
    let url = try #require(ServerURL("http://127.0.0.1:1"))
    for (text, code) in [
      ("", DiagnosticCode.apiKeyMissing), ("\n", .apiKeyMissing), ("a\nb", .apiKeyMalformed),
      ("ab\n\n", .apiKeyMalformed), ("a b", .apiKeyMalformed), ("a\u{7}", .apiKeyMalformed),
      ("schlüssel", .apiKeyMalformed), ("a\r\nX-Evil: 1", .apiKeyMalformed),
    ] {
      let diagnostic = try await failure {
        try HeadscaleREST(url: url, key: Secret(text), keyOrigin: "the file k")
      }
      #expect(diagnostic.code == code)
      #expect(diagnostic.message.contains("the file k"))
    }
    for text in ["abc", "abc\n", "abc\r\n"] {
      #expect(try APIKey.checked(Secret(text), origin: "x").reveal() == "abc")
    }
  }
}
