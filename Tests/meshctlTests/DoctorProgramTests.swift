import Foundation
import Testing

/// `meshctl doctor` as a user runs it.
@Suite struct DoctorProgramTests {
  @Test func aSimulatedMeshPasses() async throws {
    let mesh = try await VerifyProgramTests.joined()
    let before = try mesh.text("world.json")
    let ending = try await mesh.run(["doctor"] + mesh.world)
    #expect(ending.exit == 0)
    #expect(ending.output.contains("web-1  PASS  10 of 10 pass"))
    #expect(ending.output.contains(" 0 FAIL, 0 UNKNOWN; 3 of 3 hosts without FAIL"))
    #expect(try mesh.text("world.json") == before, "it writes nothing")
  }

  @Test func faultsAreFound() async throws {
    let mesh = try await VerifyProgramTests.joined()
    try VerifyProgramTests.fault(mesh, "nas", "unreachable", true)
    try VerifyProgramTests.fault(mesh, "desk", "unresolvable", ["mesh.example.com"])
    let ending = try await mesh.run(["doctor", "--format", "json"] + mesh.world)
    #expect(ending.exit == 3)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect(document["format"] as? String == "meshctl-doctor")
    let hosts = try #require(document["hosts"] as? [[String: Any]])
    #expect(hosts.map { $0["verdict"] as? String } == ["pass", "fail", "fail"])
    let nas = try #require(hosts[2]["checks"] as? [[String: Any]])
    #expect(
      nas.map { $0["verdict"] as? String }
        == ["pass", "fail"] + Array(repeating: "unknown", count: 8))
    let desk = try #require(hosts[1]["checks"] as? [[String: Any]])
    let failed = desk.filter { $0["verdict"] as? String == "fail" }
    #expect(failed.map { $0["check"] as? String } == ["server-url"])
    let code = (failed.first?["diagnostic"] as? [String: Any])?["code"] as? String
    #expect(code == "MESH-SERVER-RESOLVE")
    let one = try await mesh.run(["doctor", "web-1"] + mesh.world)
    #expect(one.exit == 0 && one.output.contains("PASS     login"))
  }

  /// Real adapters, loopback only: nothing listens anywhere.
  @Test func withoutServerAndHostsEverythingIsSaid() async throws {
    let scratch = try Scratch()
    let file = try scratch.file(
      "inventory.yaml",
      """
      version: 1
      server: {url: "http://127.0.0.1:9"}
      hosts:
        closed-1: {address: 127.0.0.1, port: 9, owner: alice}

      """)
    let keyless = try await MeshctlProgram.run(["doctor", "-i", file])
    #expect(keyless.exit == 3)
    #expect(keyless.output.contains("FAIL     api-key"))
    #expect(keyless.output.contains("[MESH-API-KEY-MISSING]"))
    #expect(keyless.output.contains("[MESH-SSH-REFUSED]"))
    let secret = "hskey-api-AAAAAAAAAAAA-" + String(repeating: "s3cret", count: 11)
    let ending = try await MeshctlProgram.run(
      ["doctor", "-i", file, "-v"], environment: ["HEADSCALE_API_KEY": secret])
    #expect(ending.exit == 3)
    #expect(ending.output.contains("FAIL     api "))
    #expect(ending.output.contains("UNKNOWN  api-key"))
    #expect(!(ending.output + ending.errors).contains("s3cret"))
  }

  @Test(arguments: [["--nodes", "n.json"], ["inventory.yaml"], ["--parallelism", "0"]])
  func wrongUseIsExit64(arguments: [String]) async throws {
    let mesh = try SavedPlanProgramTests.Mesh()
    let ending = try await mesh.run(["doctor"] + arguments)
    #expect(ending.exit == 64 && ending.output.isEmpty)
  }

  @Test func nothingToStartIsExitOne() async throws {
    let mesh = try SavedPlanProgramTests.Mesh("version: 1\nhosts: [\n")
    #expect(try await mesh.run(["doctor"] + mesh.world).exit == 1)
    let other = try SavedPlanProgramTests.Mesh()
    #expect(try await other.run(["doctor", "nobody"] + other.world).exit == 1)
  }
}
