import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

/// The stand-in against what real servers answered to the same calls in the same order.
@Suite struct RecordedAnswerTests {
  static let recorded = [
    (Mode.v0_26, "hs0.26.1-ts1.82.0"), (.v0_28, "hs0.28.0-ts1.102.3"),
    (.v0_29, "hs0.29.2-ts1.102.3"),
  ]

  private static let end = "2027-01-01T00:00:00Z"

  /// The bodies that were sent; the samples hold only the answers.
  private static let bodies: [String: String] = [
    "api-approve-routes": #"{"routes":["10.77.0.0/24"]}"#,
    "api-tags": #"{"tags":["tag:test"]}"#,
    "api-tags-bad": #"{"tags":["test"]}"#,
    "api-user-create": #"{"name":"bob","displayName":"Bob","email":"bob@example.test"}"#,
    "err-duplicate-user": #"{"name":"alice"}"#,
    "err-invalid-user-name": #"{"name":"a b!"}"#,
    "api-preauthkey-create":
      #"{"user":"1","reusable":true,"ephemeral":true,"expiration":"\#(end)"}"#,
    "api-preauthkey-create-tags":
      #"{"user":"1","aclTags":["tag:ci"],"expiration":"\#(end)"}"#,
    "api-preauthkey-create-noexp": #"{"user":"1"}"#,
    "err-preauthkey-unknown-user": #"{"user":"999","expiration":"\#(end)"}"#,
    "err-preauthkey-user-name": #"{"user":"alice"}"#,
    "err-preauthkey-bad-tag": #"{"user":"1","aclTags":["ci"],"expiration":"\#(end)"}"#,
    "api-preauthkey-expire": #"{"id":"2"}"#,
    "err-preauthkey-expire-unknown": #"{"id":"999"}"#,
    "api-policy-set":
      #"{"policy":"{\"acls\":[{\"action\":\"accept\",\"src\":[\"*\"],\"dst\":[\"*:*\"]}]}"}"#,
    "err-policy-bad": #"{"policy":"{ \"acls\": nope }"}"#,
    "err-bad-json": #"{"name":"#,
    "err-unknown-field": #"{"nme":"carol"}"#,
  ]

  /// Three clients and the server that was recorded with them.
  private final class Scene {
    let service: HeadscaleService
    let apiKey: String
    private let authKey: String

    init(_ mode: Mode) async throws {
      let clock = SimulatedClock(Timestamp(seconds: 1_795_383_000, nanoseconds: 123_456_789))
      service = HeadscaleService(
        SimulatedHeadscale(mode: mode, seed: 3),
        clock: {
          clock.advance(seconds: 0.25)
          return clock.now()
        })
      (apiKey, authKey) = try await service.withServer { server, now in
        _ = try server.createUser(name: "alice", now: now)
        var order = SimulatedHeadscale.KeyOrder(
          userID: 1, expiration: now.adding(seconds: 86_400))
        order.reusable = true
        let key = try server.createPreAuthKey(order, now: now).text
        return (server.createAPIKey(expiration: now.adding(seconds: 86_400), now: now), key)
      }
      try await join(1, routes: [])
      try await join(2, routes: ["10.77.0.0/24", "10.78.0.0/24"])
    }

    func join(_ number: Int, routes: [String]) async throws {
      let report = ClientReport(
        machineKey: "mkey:\(number)" + String(repeating: "a", count: 63),
        nodeKey: "nodekey:\(number)" + String(repeating: "b", count: 63),
        hostname: "node\(number)", advertiseRoutes: routes)
      let key = authKey
      try await service.withServer { server, now in
        _ = try server.register(report, authKey: key, now: now)
        _ = try server.poll(report, now: now)
      }
    }

    func authorization(_ name: String) -> String? {
      switch name {
      case "err-no-auth": nil
      case "err-basic-auth": "Basic YTpi"
      case "err-garbage-api-key": "Bearer garbage"
      case "err-bad-api-key":
        "Bearer hskey-api-" + String(repeating: "x", count: 12) + "-"
          + String(repeating: "y", count: 64)
      default: "Bearer " + apiKey
      }
    }
  }

  @Test(
    "Status, content type, keys, types and error texts are the recorded ones",
    arguments: recorded)
  func replay(mode: Mode, folder: String) async throws {
    let recorded = try RecordedAnswers(folder)
    #expect(recorded.cases.count == 53)
    let scene = try await Scene(mode)
    for wanted in recorded.cases {
      if wanted.name == "api-expire-3" { try await scene.join(3, routes: []) }
      let target = wanted.target.split(separator: "?", maxSplits: 1).map(String.init)
      let query = (target.dropFirst().first ?? "").split(separator: "&").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        return (name: parts[0], value: parts.count == 2 ? parts[1] : "")
      }
      let answer = await scene.service.answer(
        APIRequest(
          wanted.method, target[0], query: query,
          authorization: scene.authorization(wanted.name),
          body: Self.bodies[wanted.name] ?? ""))
      expect(answer, is: wanted)
    }
  }

  private func expect(_ answer: APIResponse, is wanted: RecordedAnswers.Case) {
    #expect(answer.status == wanted.status, "\(wanted.name): \(answer.body)")
    #expect(answer.contentType == wanted.contentType, "\(wanted.name)")
    #expect(answer.isFromGRPC == wanted.isFromGRPC, "\(wanted.name)")
    guard let value = try? JSONReader.read(wanted.body) else {
      #expect(answer.body == wanted.body, "\(wanted.name)")
      return
    }
    guard let got = try? JSONReader.read(answer.body) else {
      Issue.record("\(wanted.name): not JSON: \(answer.body)")
      return
    }
    #expect(JSONShape(got) == JSONShape(value), "\(wanted.name)")
    #expect(got["message"] == value["message"], "\(wanted.name)")
    // What does not depend on keys and times is the same value.
    if ["health", "api-health", "version"].contains(wanted.name) { #expect(got == value) }
  }
}
