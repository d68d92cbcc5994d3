import Foundation
import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

/// Mode 0.30 against upstream's recorded answers (openapi/headscale-main-f20f1f12.v1-golden.json).
@Suite struct HeadGoldenTests {
  /// One recorded case: what the server knows and what it is asked.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var method: String
    var target: String
    var body = ""
    var scene = Scene.empty
    var testDescription: String { name }

    init(
      _ name: String, _ method: String, _ target: String, _ body: String = "",
      on scene: Scene = .empty
    ) {
      self.name = name
      self.method = method
      self.target = target
      self.body = body
      self.scene = scene
    }
  }

  /// What the server knows.
  enum Scene: Sendable { case empty, user, users, keys, node, nodes, taggedNode, apiKeys, policy }

  private static let policy =
    #"{\"acls\":[{\"action\":\"accept\",\"src\":[\"*\"],\"dst\":[\"*:*\"]}]}"#
  private static let pending = "hskey-authreq-abcdefghijklmnopqrstuvwx"

  static let cases: [Case] =
    [
      Case("ApiKeyDelete_both_id_and_prefix", "DELETE", "apikey/abc?id=1", on: .apiKeys),
      Case("ApiKeyDelete_invalid_id", "DELETE", "apikey/abc?id=x", on: .apiKeys),
      Case("ApiKeyDelete_not_found_by_prefix", "DELETE", "apikey/abc", on: .apiKeys),
      Case(
        "ApiKeyDelete_path_prefix_with_id_query_is_both_->_400", "DELETE", "apikey/abc?id=1",
        on: .apiKeys),
      Case(
        "ApiKeyExpire_both_id_and_prefix", "POST", "apikey/expire", #"{"id":"1","prefix":"a"}"#,
        on: .apiKeys),
      Case("ApiKeyExpire_by_id", "POST", "apikey/expire", #"{"id":"1"}"#, on: .apiKeys),
      Case("ApiKeyExpire_neither_id_nor_prefix", "POST", "apikey/expire", "{}", on: .apiKeys),
      Case("ApiKeyExpire_not_found_by_id", "POST", "apikey/expire", #"{"id":"99"}"#),
      Case("ApiKeyList_empty", "GET", "apikey"),
      Case("ApiKeyList_zero_expiration_emitted_as_zero_instant", "GET", "apikey", on: .apiKeys),
      Case("AuthApprove_invalid_auth_id", "POST", "auth/approve", #"{"authId":"x"}"#),
      Case("AuthApprove_no_pending_session", "POST", "auth/approve", #"{"authId":"\#(pending)"}"#),
      Case(
        "AuthRegister_invalid_auth_id", "POST", "auth/register", #"{"user":"alice","authId":"x"}"#,
        on: .user),
      Case(
        "AuthRegister_no_pending_session", "POST", "auth/register",
        #"{"user":"alice","authId":"\#(pending)"}"#, on: .user),
      Case(
        "AuthRegister_unknown_user", "POST", "auth/register",
        #"{"user":"nobody","authId":"\#(pending)"}"#),
      Case("AuthReject_invalid_auth_id", "POST", "auth/reject", #"{"authId":"x"}"#),
      Case("AuthReject_no_pending_session", "POST", "auth/reject", #"{"authId":"\#(pending)"}"#),
      Case(
        "CreatePreAuthKey_invalid_tag", "POST", "preauthkey", #"{"user":"1","aclTags":["bad"]}"#,
        on: .user),
      Case("CreatePreAuthKey_invalid_user_id", "POST", "preauthkey", #"{"user":"x"}"#),
      Case("CreatePreAuthKey_neither_tagged_nor_owned", "POST", "preauthkey", "{}"),
      Case("CreatePreAuthKey_nonexistent_user", "POST", "preauthkey", #"{"user":"999"}"#),
      Case("CreateUser_duplicate_name", "POST", "user", #"{"name":"alice"}"#, on: .user),
      Case(
        "CreateUser", "POST", "user",
        #"{"name":"test","displayName":"Test","email":"t@example.com"}"#),
      Case("DeletePreAuthKey_invalid_id", "DELETE", "preauthkey?id=x"),
      Case("DeletePreAuthKey_nonexistent", "DELETE", "preauthkey?id=999"),
      Case("DeletePreAuthKey", "DELETE", "preauthkey?id=1", on: .keys),
      Case("DeleteUser_nonexistent", "DELETE", "user/999"),
      Case("DeleteUser", "DELETE", "user/1", on: .user),
      Case("ExpirePreAuthKey_invalid_id", "POST", "preauthkey/expire", #"{"id":"x"}"#),
      Case("ExpirePreAuthKey_nonexistent", "POST", "preauthkey/expire", #"{"id":"999"}"#),
      Case("ExpirePreAuthKey", "POST", "preauthkey/expire", #"{"id":"1"}"#, on: .keys),
      Case("Health_parity_with_gateway", "GET", "health"),
      Case("ListPreAuthKeys_all", "GET", "preauthkey", on: .keys),
      Case("ListPreAuthKeys_empty", "GET", "preauthkey"),
    ] + more

  private static let more: [Case] = [
    Case("ListUsers_all", "GET", "user", on: .users),
    Case("ListUsers_empty", "GET", "user"),
    Case("ListUsers_filter_by_id", "GET", "user?id=2", on: .users),
    Case("ListUsers_filter_by_name", "GET", "user?name=alice", on: .users),
    Case("ListUsers_invalid_id", "GET", "user?id=x"),
    Case("NodeBackfillIPs_confirmed_empty", "POST", "node/backfillips?confirmed=true"),
    Case("NodeBackfillIPs_unconfirmed", "POST", "node/backfillips"),
    Case("NodeDelete_happy", "DELETE", "node/1", on: .node),
    Case("NodeDelete_invalid_id", "DELETE", "node/x"),
    Case("NodeDelete_not_found", "DELETE", "node/999"),
    Case("NodeExpire_invalid_id", "POST", "node/x/expire"),
    Case("NodeExpire_not_found", "POST", "node/999/expire"),
    Case("NodeGet_happy", "GET", "node/1", on: .node),
    Case("NodeGet_invalid_id", "GET", "node/x"),
    Case("NodeGet_not_found", "GET", "node/999"),
    Case("NodeGet_tagged_node", "GET", "node/1", on: .taggedNode),
    Case("NodeList_all", "GET", "node", on: .nodes),
    Case("NodeList_empty", "GET", "node"),
    Case("NodeList_filter_by_user", "GET", "node?user=alice", on: .nodes),
    Case("NodeList_unknown_user", "GET", "node?user=nobody"),
    Case("NodeRegister_invalid_key", "POST", "node/register?user=alice&key=x", on: .user),
    Case("NodeRegister_unknown_user", "POST", "node/register?user=nobody&key=\(pending)"),
    Case("NodeRename_invalid_id", "POST", "node/x/rename/a"),
    Case("NodeRename_not_found", "POST", "node/999/rename/abc"),
    Case("NodeSetApprovedRoutes_invalid_id", "POST", "node/x/approve_routes", "{}"),
    Case("NodeSetApprovedRoutes_not_found", "POST", "node/999/approve_routes", "{}"),
    Case("NodeSetTags_empty_tags", "POST", "node/1/tags", #"{"tags":[]}"#, on: .node),
    Case("NodeSetTags_invalid_id", "POST", "node/x/tags", #"{"tags":["tag:a"]}"#),
    Case("NodeSetTags_not_found", "POST", "node/999/tags", #"{"tags":["tag:a"]}"#),
    Case("NodeSetTags_unauthorized_tag", "POST", "node/1/tags", #"{"tags":["tag:a"]}"#, on: .node),
    Case("PolicyCheck_invalid", "POST", "policy/check", #"{"policy":"{ nope"}"#),
    Case("PolicyCheck_valid", "POST", "policy/check", #"{"policy":"\#(policy)"}"#),
    Case("PolicyGet_empty", "GET", "policy"),
    Case("PolicyGet_set", "GET", "policy", on: .policy),
    Case("PolicySet_invalid", "PUT", "policy", #"{"policy":"{ nope"}"#),
    Case("PolicySet_valid", "PUT", "policy", #"{"policy":"\#(policy)"}"#),
    Case("RenameUser_invalid_id", "POST", "user/x/rename/bob"),
    Case("RenameUser_nonexistent", "POST", "user/999/rename/bob"),
    Case("RenameUser", "POST", "user/1/rename/bob", on: .user),
  ]

  /// Recorded with a pending login, with an API key that never expires, or by the prefix of a key
  /// that only the recording knows: nothing of that exists here.
  private static let left: Set = [
    "ApiKeyExpire_by_prefix", "ApiKeyList_nil_timestamps_emitted_as_null", "ApiKeyList_populated",
    "AuthRegister_happy_path", "NodeDebugCreate_invalid_key", "NodeDebugCreate_unknown_user",
    "NodeRegister_happy",
  ]

  private static func golden() throws -> JSONValue {
    let root = try #require(Bundle.module.resourceURL)
    let url = root.appendingPathComponent(
      "Fixtures/headscale-main-f20f1f12.v1-golden.json")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    return try #require(JSONReader.read(text)["cases"])
  }

  private static func recordedName(_ name: String) -> String {
    "TestAPIV1\(name)" + (name.hasSuffix("_gateway") ? "" : "_parity")
  }

  @Test("Every recorded case is replayed or known to be left out")
  func complete() throws {
    let recorded = Set(try #require(Self.golden().members).map(\.name))
    let replayed = Set(Self.cases.map { Self.recordedName($0.name) })
    #expect(recorded.subtracting(replayed) == Set(Self.left.map(Self.recordedName)))
    #expect(replayed.isSubset(of: recorded))
  }

  @Test("Status and body are the recorded ones", arguments: cases)
  func replay(asked: Case) async throws {
    let recorded = try #require(Self.golden()[Self.recordedName(asked.name)])
    let service = try Self.service(asked.scene)
    let parts = asked.target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = (parts.dropFirst().first ?? "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return (name: sides[0], value: sides.dropFirst().first ?? "")
    }
    let answer = await service.answer(
      APIRequest(asked.method, "/api/v1/" + parts[0], query: query, body: asked.body),
      isLocal: true)
    guard case .number(let status)? = recorded["status"] else {
      Issue.record("no status recorded")
      return
    }
    #expect(String(answer.status) == status, "\(answer.body)")
    if answer.status == 200 {
      #expect(answer.contentType == "application/json")
      let body = try #require(recorded["body"])
      #expect(Self.difference(try JSONReader.read(answer.body), body, "body") == nil)
    } else {
      #expect(answer.contentType == "application/problem+json")
      let problem = try JSONReader.read(answer.body)
      #expect(problem["status"] == .number(status))
      #expect(problem["detail"]?.text?.isEmpty == false)
    }
  }

  /// What differs; neutralised values may be anything, and times and addresses may be unset there.
  private static func difference(
    _ value: JSONValue, _ recorded: JSONValue, _ path: String
  ) -> String? {
    switch (value, recorded) {
    case (.object(let ours), .object(let theirs)):
      guard Set(ours.map(\.name)) == Set(theirs.map(\.name)) else {
        return "\(path): \(ours.map(\.name)) instead of \(theirs.map(\.name))"
      }
      for member in ours {
        guard let other = recorded[member.name] else { continue }
        if let found = difference(member.value, other, "\(path).\(member.name)") { return found }
      }
      return nil
    case (.array(let ours), .array(let theirs)):
      if theirs.isEmpty, path.hasSuffix(".ipAddresses") { return nil }
      guard ours.count == theirs.count else { return "\(path): \(ours.count) elements" }
      for (one, other) in zip(ours, theirs) {
        if let found = difference(one, other, path) { return found }
      }
      return nil
    case (.string(let text), .string(let other)) where other == "<timestamp>":
      return Timestamp(rfc3339: text) == nil ? "\(path): \(text) is no time" : nil
    case (.string, .string(let other)) where other == "<secret>": return nil
    case (.string, .null) where path.hasSuffix(".expiration"): return nil
    default: return value == recorded ? nil : "\(path): \(value) instead of \(recorded)"
    }
  }

  private static func service(_ scene: Scene) throws -> HeadscaleService {
    let now = Timestamp(seconds: 1_784_000_000, nanoseconds: 120_000_000)
    var server = SimulatedHeadscale(mode: .v0_30, seed: 11)
    func users(_ names: String...) throws {
      for name in names { _ = try server.createUser(name: name, now: now) }
    }
    func join(_ name: String, user: Int, tags: [String] = []) throws {
      let key = try server.createPreAuthKey(
        .init(userID: user, expiration: now.adding(seconds: 60), tags: tags), now: now)
      let letter = String(name.suffix(1))
      let report = ClientReport(
        machineKey: "mkey:" + String(repeating: letter, count: 64),
        nodeKey: "nodekey:" + String(repeating: letter, count: 64), hostname: name,
        advertiseRoutes: [])
      _ = try server.register(report, authKey: key.text, now: now)
    }
    switch scene {
    case .empty: break
    case .user: try users("alice")
    case .users: try users("alice", "bob", "carol")
    case .apiKeys: _ = server.createAPIKey(expiration: nil, now: now)
    case .policy: _ = try server.setPolicy(policy.replacing(#"\""#, with: "\""), now: now)
    case .keys:
      try users("alice")
      var first = SimulatedHeadscale.KeyOrder(userID: 1, expiration: now)
      first.reusable = true
      var second = SimulatedHeadscale.KeyOrder(expiration: now, tags: ["tag:test"])
      second.ephemeral = true
      for order in [first, second] { _ = try server.createPreAuthKey(order, now: now) }
    case .node:
      try users("alice")
      try join("node-a", user: 1)
    case .nodes:
      try users("alice", "bob")
      try join("node-a", user: 1)
      try join("node-b", user: 2)
    case .taggedNode:
      try users("bob")
      try join("node-b", user: 1, tags: ["tag:initial"])
    }
    return HeadscaleService(server, clock: { now })
  }
}
