import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

/// `headscale` as a command line, against what the real one printed (reference headscale-api.md §7).
@Suite struct CommandLineTests {
  private func service(_ mode: Mode) async throws -> HeadscaleService {
    let service = HeadscaleService(
      SimulatedHeadscale(mode: mode, seed: 3),
      clock: { Timestamp(seconds: 1_795_383_000, nanoseconds: 123_456_789) })
    try await service.withServer { server, now in
      _ = try server.createUser(name: "alice", now: now)
      _ = server.createAPIKey(expiration: now.adding(seconds: 86_400), now: now)
      var order = SimulatedHeadscale.KeyOrder(userID: 1, expiration: now.adding(seconds: 86_400))
      order.reusable = true
      let key = try server.createPreAuthKey(order, now: now).text
      for number in 1...2 {
        let report = ClientReport(
          machineKey: "mkey:\(number)" + String(repeating: "a", count: 63),
          nodeKey: "nodekey:\(number)" + String(repeating: "b", count: 63),
          hostname: "node\(number)",
          advertiseRoutes: number == 2 ? ["10.77.0.0/24", "10.78.0.0/24"] : [])
        _ = try server.register(report, authKey: key, now: now)
        _ = try server.poll(report, now: now)
      }
      _ = try server.rename(node: 2, to: "renamed2", now: now)
      _ = try server.approveRoutes(node: 2, routes: ["10.77.0.0/24"], now: now)
      if !server.rules.tagsAreIdentity {
        _ = try server.setTags(node: 2, tags: ["tag:test"], now: now)
      }
    }
    return service
  }

  private func run(
    _ service: HeadscaleService, _ line: String
  ) async -> CommandLineAnswer {
    await service.commandLine(line.split(separator: " ").map(String.init))
  }

  /// The JSON that a command printed.
  private func json(_ service: HeadscaleService, _ line: String) async throws -> JSONValue {
    let answer = await run(service, line + " -o json")
    #expect(answer.exitStatus == 0, "\(line): \(answer.error)")
    return try JSONReader.read(answer.output)
  }

  @Test("Lists have the recorded members and types", arguments: RecordedAnswerTests.recorded)
  func lists(mode: Mode, folder: String) async throws {
    let service = try await service(mode)
    let nodes = try await json(service, "nodes list")
    let recorded = try JSONReader.read(
      try RecordedAnswers.text(folder, "headscale-nodes-list.json"))
    #expect(nodes.elements?.map(JSONShape.init) == recorded.elements?.map(JSONShape.init))
    var samples = [
      ("users list", "headscale-users-list.json"), ("apikeys list", "headscale-apikeys-list.json"),
    ]
    if mode != .v0_26 {
      samples.append(("preauthkeys list", "headscale-preauthkeys-list.json"))
    }
    for (line, sample) in samples {
      let printed = try await json(service, line)
      let recorded = try JSONReader.read(try RecordedAnswers.text(folder, sample))
      let first = try #require(recorded.elements?.first)
      #expect(printed.elements?.map(JSONShape.init) == [JSONShape(first)], "\(line)")
    }
    let version = try await json(service, "-c /etc/headscale.yaml version")
    let recordedVersion = try JSONReader.read(
      try RecordedAnswers.text(folder, "headscale-version.json"))
    #expect(version.sortedByName == recordedVersion.sortedByName)
    let text = await run(service, "version")
    #expect(text.output == (try RecordedAnswers.text(folder, "headscale-version.txt")))
  }

  @Test("Errors are the recorded ones", arguments: RecordedAnswerTests.recorded)
  func errors(mode: Mode, folder: String) async throws {
    let service = try await service(mode)
    for (line, sample) in [
      ("users create alice -o json", "headscale-users-create-dup.json"),
      ("users create alice", "headscale-users-create-dup.txt"),
      ("nodes delete -i 999 --force -o json", "headscale-nodes-delete-unknown.json"),
    ] {
      let answer = await run(service, line)
      #expect(answer.exitStatus == 1)
      #expect(answer.output.isEmpty)
      #expect(answer.error == (try RecordedAnswers.text(folder, sample + ".stderr")), "\(line)")
    }
    if mode == .v0_26 {
      let answer = await run(service, "preauthkeys list -o json")
      #expect(answer.exitStatus == 1)
      #expect(answer.error.hasPrefix(#"Error: required flag(s) "user" not set"#))
    }
  }

  @Test("Every command that a control plane needs", arguments: Mode.writable)
  func wholeWay(mode: Mode) async throws {
    let service = try await service(mode)
    let isHead = mode == .v0_30
    let givenName = isHead ? "givenName" : "given_name"
    func name(_ node: JSONValue) -> JSONValue? { node[givenName] }
    #expect(name(try await json(service, "nodes rename -i 1 edge")) == "edge")
    let policy = PolicyText.allowingAll(tagOwners: ["tag:a", "tag:b"])
    try await service.withServer { server, now in _ = try server.setPolicy(policy, now: now) }
    let tagged = try await json(service, "--force nodes tag -i 2 -t tag:b,tag:a")
    #expect(tagged["tags"] == ["tag:a", "tag:b"])
    let routed = try await json(service, "nodes approve-routes --identifier=2 -r 10.78.0.0/24")
    #expect(routed[isHead ? "approvedRoutes" : "approved_routes"] == ["10.78.0.0/24"])
    let cleared = await service.commandLine(
      ["nodes", "approve-routes", "-i", "2", "-r", "", "-o", "json"])
    #expect(cleared.exitStatus == 0)
    let left = await service.withServer { server, _ in server.nodes[1].approvedRoutes }
    #expect(left.isEmpty)
    _ = try await json(service, "nodes expire -i 1 -e 2030-01-01T00:00:00Z")
    let disabled = await run(service, "nodes expire -i 1 --disable -o json")
    #expect(disabled.exitStatus == (mode == .v0_28 ? 1 : 0))
    if mode == .v0_28 { #expect(disabled.error.contains("unknown flag: --disable")) }

    #expect(try await json(service, "users create bob -e bob@example.test")["name"] == "bob")
    let found = try await json(service, "users list -n bob")
    #expect(found.elements?.count == 1)
    let key = try await json(service, "preauthkeys create -u 2 -e 15m --tags tag:a")
    let secret = try #require(key["key"]?.text)
    #expect(secret.count == 88)
    let end = await service.withServer { server, now in
      server.preAuthKeys[1].expiration.seconds(since: now)
    }
    #expect(end == 900)
    #expect(try await json(service, "preauthkeys expire --id 2") == [:])
    let keys = try await json(service, "preauthkeys list")
    #expect(keys.elements?.count == 2)
    #expect(keys.elements?.last?["key"]?.text?.hasSuffix("-***") == true)
    #expect(await run(service, "policy get -o json").output == policy + "\n")
    let health = try await json(service, "health")
    let member = isHead ? "databaseConnectivity" : "database_connectivity"
    #expect(health.compact == #"{"\#(member)":true}"#)
    #expect(await run(service, "nodes delete -i 1 -o json").output.contains("Node not deleted"))
    let deleted = try await json(service, "nodes delete -i 1 --force")
    #expect(deleted.compact == #"{"Result":"Node deleted"}"#)
    _ = try await json(service, "nodes delete -i 2 --force")
    let empty = try await json(service, "nodes list")
    #expect(empty == (isHead ? [] : .null))
  }

  @Test("0.30 prints REST objects sorted by name, with empty users and keys for null")
  func head() async throws {
    let service = try await service(.v0_30)
    try await service.withServer { server, now in
      _ = try server.setPolicy(PolicyText.allowingAll(tagOwners: ["tag:a"]), now: now)
      _ = try server.setTags(node: 1, tags: ["tag:a"], now: now)
      server.deletePreAuthKey(1)
    }
    let node = try await json(service, "nodes rename -i 1 edge")
    let names = try #require(node.members).map(\.name)
    #expect(names == names.sorted())
    #expect(node["id"] == "1")
    #expect(node["user"]?["id"] == "")
    #expect(node["user"]?["createdAt"] == "0001-01-01T00:00:00Z")
    #expect(node["preAuthKey"]?["aclTags"] == .null)
    let listed = try #require(try await json(service, "nodes list").elements?.first)
    #expect(listed["user"]?["name"] == "tagged-devices")
    let refused = await run(service, "nodes rename -i 9 edge2 -o json")
    #expect(
      try JSONReader.read(refused.error)["error"]
        == .string(
          "unexpected response status: renaming node: node no longer exists in NodeStore: 9"))
    let gone = await run(service, "preauthkeys expire --id 99 -o json")
    #expect(gone.exitStatus == 1)
    #expect(gone.error.contains("auth-key not found"))
  }

  @Test(
    "Command lines that do not fit",
    arguments: [
      ("nodes rename edge -o json", #"required flag(s) \"identifier\" not set"#),
      ("nodes expire -o json -i x", #"invalid argument \"x\" for \"-i, --identifier\" flag"#),
      ("nodes list --nope -o json", "unknown flag: --nope"),
      ("version -c /etc/headscale.yaml", "unknown shorthand flag: 'c' in -c"),
      ("frobnicate", #"unknown command "frobnicate" for "headscale""#),
      ("preauthkeys create -u 1 -e soon -o json", "not a valid duration string"),
      ("preauthkeys expire -o json", "missing --id parameter: missing parameters"),
    ])
  func misuse(line: String, message: String) async throws {
    for mode in [Mode.v0_29, .v0_30] {
      let answer = await run(try await service(mode), line)
      #expect(answer.exitStatus == 1)
      #expect(answer.output.isEmpty)
      #expect(answer.error.contains(message), "\(answer.error)")
    }
  }

  @Test("An unreachable server is silent up to 0.28")
  func unreachable() {
    let old = LocalCommandLine.unreachable(
      socket: "/run/x", "refused", mode: .v0_28, format: "json")
    #expect(old.exitStatus == 255)
    #expect(old.error.isEmpty)
    let new = LocalCommandLine.unreachable(
      socket: "/run/x", "refused", mode: .v0_30, format: "json")
    #expect(new.exitStatus == 1)
    #expect(new.error.contains("connecting to headscale: connecting to /run/x: refused"))
  }
}
