import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

/// A lock file may be older than the server's database: ids are given anew after it was restored.
@Suite("A key that only the lock file remembers")
struct LeftOverKeyTests {
  @Test(
    arguments: [
      ("one use, 15 minutes", #""used":false,"reusable":false"#, "00:15:00", LeftOverKey.expired),
      ("for a person, a day", #""used":false,"reusable":false"#, "24:00:00", .expired),
      ("used", #""used":true,"reusable":false"#, "00:15:00", .harmless),
      ("reusable", #""used":false,"reusable":true"#, "00:15:00", .foreign),
      ("for two days", #""used":false,"reusable":false"#, "48:00:00", .foreign),
      ("without end", #""used":false,"reusable":false"#, "", .foreign),
    ] as [(String, String, String, LeftOverKey)])
  func onlyWhatMeshctlMakesIsExpired(
    what: String, flags: String, life: String, outcome: LeftOverKey
  ) async throws {
    let made = try #require(Timestamp(httpDate: HeadscaleTestServer.date))
    let parts = life.split(separator: ":").compactMap { Int64($0) }
    let end =
      parts.count == 3
      ? "\"\(made.adding(seconds: parts[0] * 3600 + parts[1] * 60).rfc3339)\"" : "null"
    let key =
      "{\"id\":\"7\",\"key\":\"hskey-auth-x-***\",\(flags),"
      + "\"expiration\":\(end),\"createdAt\":\"\(made.rfc3339)\"}"
    try await HeadscaleTestServer.run { request in
      switch (request.method, request.uri) {
      case ("GET", "/version"): .answer(200, versionBody("0.29.2"))
      case ("GET", "/api/v1/preauthkey"): .answer(200, "{\"preAuthKeys\":[\(key)]}")
      default: .answer(200, "{}")
      }
    } _: { server in
      try await withREST(port: server.port) { rest in
        let listed = try await rest.expireLeftOver(keyID: "7")
        #expect(listed == outcome, "\(what)")
        let unlisted = try await rest.expireLeftOver(keyID: "8")
        #expect(unlisted == .harmless)
      }
      let writes = server.lines.count { $0.hasPrefix("POST /api/v1/preauthkey/expire") }
      #expect(writes == (outcome == .expired ? 1 : 0), "\(what)")
    }
  }
}
