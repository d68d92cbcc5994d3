import Foundation
import MeshCore
import Testing

@testable import MeshAdapters

@Suite("Headscale: recorded answers")
struct HeadscaleSamplesTests {
  private struct SingleNode: Decodable { var node: WireNode }
  private struct SingleUser: Decodable { var user: WireUser }

  @Test("All three recordings are there") func complete() {
    for version in HeadscaleFixtures.versions {
      #expect(HeadscaleFixtures.exchanges.count { $0.version == version } == 54)
    }
  }

  @Test(arguments: HeadscaleFixtures.exchanges.filter { $0.status == 200 })
  func `Every success passes its decoder`(exchange: HeadscaleFixtures.Exchange) throws {
    let body = try exchange.body()
    let path = exchange.path.split(separator: "?")[0]
    switch (exchange.method, path) {
    case ("GET", "/api/v1/node"):
      let nodes = try decode(WireNodeList.self, body).nodes
      #expect(
        nodes.map(\.id)
          == (exchange.name == "api-node-after-logout" ? ["1", "2", "3"] : ["1", "2"]))
      #expect(nodes.allSatisfy { $0.user?.name == "alice" })
      // A logged-out node goes offline at once in 0.26 only.
      #expect(nodes.allSatisfy { $0.online == ($0.id != "3" || exchange.version != "0.26.1") })
      // 0.26 let any tag be set on node 2 before the last list.
      let isTagged = exchange.version == "0.26.1" && nodes.count == 3
      #expect(nodes[0].tags.isEmpty && nodes[1].tags == (isTagged ? ["tag:test"] : []))
      #expect(nodes.allSatisfy { $0.machineKey.count == 69 && $0.nodeKey.count == 72 })
    case (_, _) where path.hasPrefix("/api/v1/node/") && exchange.method != "DELETE":
      let node = try decode(SingleNode.self, body).node.node
      #expect(["2", "3"].contains(node.id))
      #expect(node.ipAddresses == ["100.64.0.\(node.id)", "fd7a:115c:a1e0::\(node.id)"])
      if exchange.name == "api-approve-routes" {
        #expect(node.approvedRoutes == ["10.77.0.0/24"])
        #expect(node.availableRoutes == ["10.77.0.0/24", "10.78.0.0/24"])
      }
      if exchange.name == "api-rename" { #expect(node.givenName == "renamed2") }
      if exchange.name == "api-tags" { #expect(node.tags == ["tag:test"]) }
      if exchange.name == "api-expire-3" { #expect(node.expiry != nil) }
    case ("GET", "/api/v1/user"):
      let user = try #require(try decode(WireUserList.self, body).users.first)
      #expect(user.name == (exchange.name == "api-user" ? "alice" : "bob"))
    case ("POST", _) where path.hasPrefix("/api/v1/user"):
      #expect(try decode(SingleUser.self, body).user.user != nil)
    case ("POST", "/api/v1/preauthkey"):
      let key = try decode(WireCreatedKey.self, body).preAuthKey
      #expect(key.isUsable && !key.used)
      #expect((key.expiration == nil) == (exchange.name == "api-preauthkey-create-noexp"))
    case ("GET", "/api/v1/preauthkey"):
      let keys = try #require(try decode(WireKeyList.self, body).preAuthKeys)
      #expect(keys.map(\.id) == ["1", "2", "3", "4"])
      if exchange.version != "0.26.1" { #expect(keys.allSatisfy { !$0.isUsable }) }
    case (_, "/api/v1/policy"):
      let text = try #require(try decode(WirePolicy.self, body).policy)
      #expect(PolicyText.state(of: text) == .tagOwners([]))
    case ("GET", "/version"):
      let version = HeadscaleVersion(try decode(WireVersion.self, body).version)
      #expect(version?.description == exchange.version)
    default:
      // Deletions, health, API keys and the Swagger file: read by status alone, or elsewhere.
      #expect(try JSONSerialization.jsonObject(with: body) is [String: Any])
    }
  }

  private static let codes: [String: DiagnosticCode] = [
    "err-bad-api-key": .apiKeyRefused, "err-garbage-api-key": .apiKeyRefused,
    "err-no-auth": .apiKeyRefused, "err-basic-auth": .apiKeyRefused,
    "err-unknown-path": .apiNotHeadscale, "api-health": .apiNotHeadscale,
    "version": .apiNotHeadscale, "api-tags": .apiTags,
  ]

  @Test(arguments: HeadscaleFixtures.exchanges.filter { $0.status != 200 })
  func `Every error body gets the right code and its own words`(
    exchange: HeadscaleFixtures.Exchange
  ) throws {
    let words = APIWords(
      url: try #require(ServerURL("http://127.0.0.1:1")), key: Secret(testKey),
      keyOrigin: "HEADSCALE_API_KEY", hasCAFile: false)
    let answer = APIAnswer(status: exchange.status, contentType: "", body: try exchange.body())
    let diagnostic = words.problem(answer, to: "try").failure.diagnostic
    #expect(diagnostic.code == Self.codes[exchange.name] ?? .apiRefused)
    if diagnostic.code == .apiRefused {
      let message = try #require(WireProblem.words(in: answer.body))
      #expect(diagnostic.evidence == words.evidence(message))
    }
  }

  @Test("Problem documents of 0.30 are read with their causes") func problemDocuments() {
    let body = Data(
      #"""
      {"title":"Unprocessable Entity","status":422,"detail":"validation failed",
       "errors":[{"message":"expected string","location":"body.user","value":1}]}
      """#.utf8)
    #expect(WireProblem.words(in: body) == "validation failed: body.user: expected string")
    #expect(WireProblem.words(in: Data("Unauthorized".utf8)) == nil)
    #expect(WireProblem.words(in: Data("{}".utf8)) == nil)
  }

  /// Upstream's own recordings of 0.30, whose times are placeholders.
  @Test("Every success of 0.30 passes its decoder") func golden() throws {
    let url = Bundle.module.url(
      forResource: "v1-golden", withExtension: "json",
      subdirectory: "Fixtures/headscale/0.30-f20f1f12")
    let text = try String(contentsOf: try #require(url), encoding: .utf8)
      .replacingOccurrences(of: "<timestamp>", with: "2026-07-21T10:00:00.123456+02:00")
    let file = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let cases = try #require(file?["cases"] as? [String: [String: Any]])
    var decoded: Set<String> = []
    for case let body as [String: Any] in cases.values.map({ $0["body"] as Any }) {
      let data = try JSONSerialization.data(withJSONObject: body)
      guard let kind = body.keys.first else { continue }
      switch kind {
      case "nodes":
        #expect(try decode(WireNodeList.self, data).nodes.count == (body[kind] as? [Any])?.count)
      case "node": #expect(try !decode(SingleNode.self, data).node.node.givenName.isEmpty)
      case "users":
        #expect(try decode(WireUserList.self, data).users.count == (body[kind] as? [Any])?.count)
      case "user": #expect(try decode(SingleUser.self, data).user.user != nil)
      case "preAuthKeys": #expect(try decode(WireKeyList.self, data).preAuthKeys != nil)
      default: continue
      }
      decoded.insert(kind)
    }
    #expect(decoded == ["nodes", "node", "users", "user", "preAuthKeys"])
  }

  @Test("Odd nodes: zero times, tagged user, numbers, nulls, unknown keys") func oddNodes() throws {
    let body = Data(
      #"""
      {"nodes":[
       {"id":"10","machineKey":"mkey:a","nodeKey":"nodekey:a","name":"B","givenName":"b","user":
        {"id":"2147455555","name":"tagged-devices","createdAt":"0001-01-01T00:00:00Z"},
        "expiry":"0001-01-01T00:00:00Z","lastSeen":null,"tags":["tag:a"],"online":false,
        "somethingNew":{"x":[1]}},
       {"id":9,"name":"a","givenName":"a","user":{"id":3,"name":""},"tags":null,
        "forcedTags":["tag:x"],"validTags":["tag:x","tag:b"],
        "expiry":"1970-01-01T00:02:03Z","lastSeen":"2026-07-20T12:00:00.5+02:00",
        "approvedRoutes":null}]}
      """#.utf8)
    let nodes = try decode(WireNodeList.self, body).nodes
    #expect(nodes.map(\.id) == ["9", "10"])
    #expect(nodes[0].user == MeshUser(id: "3", name: ""))
    #expect(nodes[0].tags == ["tag:b", "tag:x"])
    #expect(nodes[0].expiry == Timestamp(seconds: 123))
    #expect(nodes[0].lastSeen?.rfc3339 == "2026-07-20T10:00:00.500Z")
    #expect(nodes[1].user == nil)
    #expect(nodes[1].expiry == nil)
    #expect(nodes[1].tags == ["tag:a"])
  }

  @Test(
    "A list that is not one is never an empty list",
    arguments: [
      "{}", "[]", #"{"nodes":{}}"#, #"{"nodes":[{}]}"#, #"{"nodes":[{"id":"abc"}]}"#,
      #"{"nodes":[{"id":"1","expiry":"soon"}]}"#, "null",
    ])
  func notAList(text: String) {
    #expect(throws: DecodingError.self) { try decode(WireNodeList.self, Data(text.utf8)) }
  }

  @Test("Null lists are empty lists") func nullLists() throws {
    #expect(try decode(WireNodeList.self, Data(#"{"nodes":null}"#.utf8)).nodes.isEmpty)
    #expect(try decode(WireUserList.self, Data(#"{"users":null}"#.utf8)).users.isEmpty)
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ body: Data) throws -> Value {
    try JSONDecoder().decode(type, from: body)
  }
}
