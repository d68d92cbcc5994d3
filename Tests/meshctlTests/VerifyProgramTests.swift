import Foundation
import Testing

/// `meshctl verify` as a user runs it, on a simulated mesh.
@Suite struct VerifyProgramTests {
  static let inventory = """
    version: 1
    server: {url: "https://mesh.example.com"}
    hosts:
      web-1: {owner: alice, expect: ["desk:22", "192.0.2.80:443"]}
      desk: {owner: alice}
      nas: {owner: alice}

    """

  static func joined() async throws -> SavedPlanProgramTests.Mesh {
    let mesh = try SavedPlanProgramTests.Mesh(inventory)
    let applied = try await mesh.run(["apply", "--auto-approve"] + mesh.world)
    #expect(applied.exit == 0)
    return mesh
  }

  /// Changes the faults of a host in the world's file.
  static func fault(
    _ mesh: borrowing SavedPlanProgramTests.Mesh, _ host: String, _ key: String, _ value: Any
  ) throws {
    let text = try mesh.text("world.json")
    var world = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    var hosts = try #require(world["hosts"] as? [String: Any])
    var one = try #require(hosts[host] as? [String: Any])
    var faults = one["faults"] as? [String: Any] ?? [:]
    faults[key] = value
    one["faults"] = faults
    hosts[host] = one
    world["hosts"] = hosts
    let data = try JSONSerialization.data(withJSONObject: world)
    _ = try mesh.scratch.file("world.json", String(decoding: data, as: UTF8.self))
  }

  @Test func beforeAnybodyJoinedNobodyCanBeAsked() async throws {
    let mesh = try SavedPlanProgramTests.Mesh(Self.inventory)
    let ending = try await mesh.run(["verify"] + mesh.world)
    #expect(ending.exit == 3)
    #expect(ending.output.contains("MESH-REACH-NOT-JOINED"))
    #expect(ending.output.contains("meshctl plan --limit web-1"))
  }

  @Test func aWholeMeshIsExitZero() async throws {
    let mesh = try await Self.joined()
    let before = try mesh.text("world.json")
    let ending = try await mesh.run(["verify"] + mesh.world)
    #expect(ending.exit == 0)
    #expect(ending.output.contains("Verify: 6 of 6 directions reached, 6 direct, 0 relayed"))
    #expect(ending.output.contains("expect: 2 of 2 reached"))
    #expect(try mesh.text("world.json") == before, "it writes nothing")
  }

  /// The matrix is right where one direction is cut off.
  @Test func oneCutPairIsExitThree() async throws {
    let mesh = try await Self.joined()
    try Self.fault(mesh, "web-1", "unreachablePeers", ["desk"])
    try Self.fault(mesh, "nas", "relayedPeers", ["web-1"])
    let ending = try await mesh.run(["verify"] + mesh.world)
    #expect(ending.exit == 3)
    #expect(ending.output.contains("1 web-1      -      x    3ms"), "\(ending.output)")
    #expect(ending.output.contains("3 nas    ~42ms    3ms      -"), "\(ending.output)")
    #expect(ending.output.contains("x web-1 → desk     no answer [MESH-REACH-NO-ANSWER]"))
    #expect(ending.output.contains("x web-1 → desk:22  no answer [MESH-REACH-TIMEOUT]"))
    let json = try await mesh.run(["verify", "--format", "json"] + mesh.world)
    #expect(json.exit == 3)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(document["format"] as? String == "meshctl-verify")
    #expect(document["simulated"] as? Bool == true)
    let pairs = try #require(document["pairs"] as? [[String: Any]])
    let words = pairs.map { "\($0["from"] ?? "") \($0["to"] ?? "") \($0["result"] ?? "")" }
    #expect(
      words == [
        "web-1 desk unreachable", "web-1 nas direct", "desk web-1 direct", "desk nas direct",
        "nas web-1 relayed", "nas desk direct",
      ])
    let left = try await mesh.run(["verify", "--limit", "desk"] + mesh.world)
    #expect(left.exit == 0, "from there all is well")
    let excluded = try await mesh.run(["verify", "--exclude", "desk"] + mesh.world)
    #expect(excluded.output.contains("2 of 2 directions reached"))
  }

  @Test func aHostThatCannotBeAskedIsExitThree() async throws {
    let mesh = try await Self.joined()
    try Self.fault(mesh, "nas", "unreachable", true)
    let ending = try await mesh.run(["verify"] + mesh.world)
    #expect(ending.exit == 3)
    #expect(ending.output.contains("could not be asked"))
    #expect(ending.output.contains("MESH-SSH-UNREACHABLE"))
    #expect(ending.output.contains("4 of 4 directions reached"))
  }

  @Test func samplesAreSaid() async throws {
    let mesh = try await Self.joined()
    let ending = try await mesh.run(["verify", "--sample", "1"] + mesh.world)
    #expect(ending.exit == 0)
    #expect(ending.output.contains("A sample: every host asks 1 of its 2 peers"))
    #expect(ending.output.contains("3 of 3 directions reached"))
  }

  @Test(arguments: [["--nodes", "n.json"], ["--sample", "0"], ["--parallelism", "0"]])
  func wrongUseIsExit64(arguments: [String]) async throws {
    let mesh = try SavedPlanProgramTests.Mesh(Self.inventory)
    let ending = try await mesh.run(["verify"] + arguments)
    #expect(ending.exit == 64 && ending.output.isEmpty)
  }

  @Test func helpSaysExitStatuses() async throws {
    let ending = try await MeshctlProgram.run(["verify", "--help"])
    #expect(ending.exit == 0)
    for word in ["--sample", "--limit", "--exclude", "--parallelism", "--format", "Exit status"] {
      #expect(ending.output.contains(word))
    }
  }
}

/// `apply --verify`.
extension VerifyProgramTests {
  @Test func changedHostsAskAndAreAskedBack() async throws {
    let mesh = try SavedPlanProgramTests.Mesh(Self.inventory)
    let applied = try await mesh.run(["apply", "--auto-approve", "--verify"] + mesh.world)
    #expect(applied.exit == 0)
    #expect(applied.output.contains("Apply: 3 changed."))
    #expect(applied.output.contains("Verify: 6 of 6 directions reached"))
    let again = try await mesh.run(["apply", "--auto-approve", "--verify"] + mesh.world)
    #expect(again.exit == 0 && !again.output.contains("Verify:"), "nobody changed")
  }

  @Test func whatIsNotReachedIsExitThree() async throws {
    let mesh = try await Self.joined()
    try Self.fault(mesh, "desk", "unreachablePeers", ["web-1"])
    let changed = Self.inventory.replacing(
      "web-1: {", with: "web-1: {routes: [10.20.0.0/24], ")
    _ = try mesh.scratch.file("inventory.yaml", changed)
    let ending = try await mesh.run(
      ["apply", "--auto-approve", "--verify", "--format", "json"] + mesh.world)
    #expect(ending.exit == 3)
    let events = try ending.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(events.suffix(2).map { $0["type"] as? String } == ["verify", "summary"])
    #expect(events.last?["exitCode"] as? Int == 3)
    let report = try #require(events.suffix(2).first?["verify"] as? [String: Any])
    let pairs = try #require(report["pairs"] as? [[String: Any]])
    let words = pairs.map { "\($0["from"] ?? "") \($0["to"] ?? "") \($0["result"] ?? "")" }
    #expect(
      words == [
        "web-1 desk direct", "web-1 nas direct", "desk web-1 unreachable", "nas web-1 direct",
      ], "its peers ask back, and only it")
  }
}
