import Foundation
import MeshCore
import MeshEngine
import Synchronization
import Testing

@testable import MeshAdapters

@Suite("Headscale REST: pre-auth keys")
struct HeadscaleKeyTests {
  /// Long enough for a busy machine; only the silent server uses it up.
  private static let limits = HeadscaleREST.Limits(
    connect: 20, first: 3, total: 3, all: 90, retryDelays: [])

  private func body(_ server: HeadscaleTestServer) throws -> [String: Any] {
    let request = try #require(
      server.requests.first { $0.line.hasPrefix("POST /api/v1/preauthkey {") })
    let object = try JSONSerialization.jsonObject(with: Data(request.body.utf8))
    return try #require(object as? [String: Any])
  }

  private func expiration(_ server: HeadscaleTestServer) throws -> Timestamp {
    let text = try #require(try body(server)["expiration"] as? String)
    return try #require(Timestamp(rfc3339: text))
  }

  @Test(
    "Who the key is for, by version",
    arguments: [
      ("0.28.0", KeyRequest.Owner.user("alice"), "1", [String]?.none),
      ("0.29.2", .user("a@x.org"), "1", nil),
      ("0.29.2", .tags(["tag:a"], keyOwner: nil), nil, ["tag:a"]),
      ("0.29.2", .tags(["tag:a"], keyOwner: "alice"), nil, ["tag:a"]),
      ("0.28.0", .tags(["tag:a", "tag:b"], keyOwner: "alice"), "1", ["tag:a", "tag:b"]),
      ("0.29.2", .user("b@y"), "4", nil),
    ] as [(String, KeyRequest.Owner, String?, [String]?)])
  func owner(version: String, owner: KeyRequest.Owner, user: String?, tags: [String]?) async throws
  {
    let keys = HeadscaleKeyServer(version)
    try await HeadscaleTestServer.run {
      keys.respond($0)
    } _: { server in
      try await withREST(port: server.port) { rest in
        let minted = try await rest.createPreAuthKey(KeyRequest(owner: owner, lifetime: 600))
        #expect(minted.id == "9")
        #expect(minted.key.reveal() == "hskey-auth-abcdefghijkl-secretsecret")
        let sent = try expiration(server)
        #expect(minted.expiration == sent)
        // Server time (the tests' fixed date) plus lifetime, within the seconds the test takes.
        let start = try #require(Timestamp(httpDate: HeadscaleTestServer.date))
        #expect((600...690).contains(sent.seconds(since: start)))
        #expect(sent.nanoseconds > 0 && sent.nanoseconds % 1000 == 0)
      }
      let body = try body(server)
      #expect(body["user"] as? String == user)
      #expect(body["aclTags"] as? [String] == tags)
      #expect(body["reusable"] as? Bool == false)
      #expect(body["ephemeral"] as? Bool == false)
      #expect(
        Set(body.keys).isSubset(of: ["user", "aclTags", "reusable", "ephemeral", "expiration"]))
      // Unset is left out, not null: 0.30 checks bodies.
      #expect(body.keys.contains("user") == (user != nil))
      #expect(body.keys.contains("aclTags") == (tags != nil))
    }
  }

  @Test("Owners that cannot be resolved") func owners() async throws {
    for (version, owner, code) in [
      ("0.28.0", KeyRequest.Owner.tags(["tag:a"], keyOwner: nil), DiagnosticCode.apiKeyOwner),
      ("0.28.0", .tags(["tag:a"], keyOwner: "nobody"), .apiUserUnknown),
      ("0.29.2", .user("nobody"), .apiUserUnknown), ("0.29.2", .user("bob"), .apiUserAmbiguous),
    ] {
      let keys = HeadscaleKeyServer(version)
      try await HeadscaleTestServer.run {
        keys.respond($0)
      } _: { server in
        try await withREST(port: server.port) { rest in
          let diagnostic = try await failure {
            try await rest.createPreAuthKey(KeyRequest(owner: owner))
          }
          #expect(diagnostic.code == code)
          if code == .apiKeyOwner { #expect(diagnostic.message.contains("server.key_owner")) }
          if code == .apiUserAmbiguous { #expect(diagnostic.message.contains("#2, #3")) }
        }
        #expect(server.writes.isEmpty)
      }
    }
  }

  @Test("What an unclear failure left is expired, and only that") func sweep() async throws {
    for making in [HeadscaleKeyServer.Making.breaks, .slow, .masked] {
      let keys = HeadscaleKeyServer("0.29.2", making)
      try await HeadscaleTestServer.run {
        keys.respond($0)
      } _: { server in
        try await withREST(port: server.port, limits: Self.limits) { rest in
          let diagnostic = try await failure {
            try await rest.createPreAuthKey(KeyRequest(owner: .user("alice")))
          }
          #expect(diagnostic.detail?.contains("#9") == true)
          #expect(diagnostic.code != .apiRefused)
        }
        #expect(server.writes.count { $0.hasPrefix("POST /api/v1/preauthkey {") } == 1)
        #expect(server.writes.last == #"POST /api/v1/preauthkey/expire {"id":"9"}"#)
        #expect(server.writes.count == 2)
      }
    }
  }

  @Test("Nothing is expired that was used, not made, or clearly refused") func noSweep()
    async throws
  {
    for (making, used, lists) in [
      (HeadscaleKeyServer.Making.breaks, true, true), (.breaksUnmade, false, true),
      (.refuses, false, false),
    ] {
      let keys = HeadscaleKeyServer("0.29.2", making, used: used)
      try await HeadscaleTestServer.run {
        keys.respond($0)
      } _: { server in
        try await withREST(port: server.port, limits: Self.limits) { rest in
          _ = try await failure {
            try await rest.createPreAuthKey(KeyRequest(owner: .user("alice")))
          }
        }
        #expect(server.writes.count == 1)
        #expect(server.lines.contains("GET /api/v1/preauthkey") == lists)
      }
    }
  }

  @Test("Ctrl-C while a key is made expires it all the same") func cancelled() async throws {
    let keys = HeadscaleKeyServer("0.29.2", .slow)
    try await HeadscaleTestServer.run {
      keys.respond($0)
    } _: { server in
      let port = server.port
      let task = Task {
        try await withREST(port: port) { rest in
          try await rest.createPreAuthKey(KeyRequest(owner: .user("alice")))
        }
      }
      while server.writes.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(server.writes.last == #"POST /api/v1/preauthkey/expire {"id":"9"}"#)
    }
  }

  @Test("Two keys never share an expiration; at most 15 minutes") func unique() async throws {
    let keys = HeadscaleKeyServer("0.29.2")
    try await HeadscaleTestServer.run {
      keys.respond($0)
    } _: { server in
      try await withREST(port: server.port) { rest in
        for _ in 0..<5 {
          _ = try await rest.createPreAuthKey(
            KeyRequest(owner: .tags(["tag:a"], keyOwner: nil), lifetime: 99_999))
        }
      }
      #expect(Set(keys.asked.withLock { $0.map { $0["expiration"] } }).count == 5)
      let start = try #require(Timestamp(httpDate: HeadscaleTestServer.date))
      #expect((900...905).contains(try expiration(server).seconds(since: start)))
    }
  }

  @Test(
    "An unknown key is as good as expired",
    arguments: [
      (200, "{}", DiagnosticCode?.none),
      (404, #"{"title":"Not Found","status":404,"detail":"pre-auth key not found"}"#, nil),
      (404, "404 page not found", .apiNotHeadscale),
      (500, #"{"code":2,"message":"disk full"}"#, .apiRefused),
    ])
  func expire(status: Int, body: String, code: DiagnosticCode?) async throws {
    try await HeadscaleTestServer.run { request in
      request.uri == "/version" ? .answer(200, versionBody("0.29.2")) : .answer(status, body)
    } _: { server in
      try await withREST(port: server.port) { rest in
        if let code {
          let problem = try await failure { try await rest.expirePreAuthKey(id: "3") }
          #expect(problem.code == code)
        } else {
          try await rest.expirePreAuthKey(id: "3")
        }
      }
      #expect(server.writes == [#"POST /api/v1/preauthkey/expire {"id":"3"}"#])
    }
  }
}
