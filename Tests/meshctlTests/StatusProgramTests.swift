import Foundation
import Testing

/// `meshctl status` as a user runs it, on a simulated mesh.
@Suite struct StatusProgramTests {
  @Test func fromDriftedToInSync() async throws {
    let mesh = try SavedPlanProgramTests.Mesh()
    let before = try await mesh.run(["status", "--detailed-exitcode"] + mesh.world)
    #expect(before.exit == 2)
    #expect(before.output.contains("web-1  drifted"))
    #expect(try await mesh.run(["status"] + mesh.world).exit == 0)
    #expect(try await mesh.run(["apply", "--auto-approve"] + mesh.world).exit == 0)
    let after = try await mesh.run(["status", "--detailed-exitcode"] + mesh.world)
    #expect(after.exit == 0)
    // Which host joins first is not settled.
    let line = /web-1 +#[12]  in sync  100\.64\.0\.[12]  key never expires/
    #expect(after.output.contains(line), "\(after.output)")
    #expect(after.output.contains("Status: 2 in sync, 0 drifted, 0 waiting, 0 blocked, 0 offline."))
    let probed = try await mesh.run(["status", "--probe"] + mesh.world)
    #expect(probed.output.contains(/100\.64\.0\.[12]  1\./))
  }

  @Test func jsonIsAContract() async throws {
    let mesh = try SavedPlanProgramTests.Mesh()
    #expect(try await mesh.run(["apply", "--auto-approve"] + mesh.world).exit == 0)
    let ending = try await mesh.run(["status", "--format", "json"] + mesh.world)
    let status = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect(status["format"] as? String == "meshctl-status")
    #expect(status["formatVersion"] as? String == "1.0")
    #expect((status["summary"] as? [String: Int])?["inSync"] == 2)
    let hosts = try #require(status["hosts"] as? [[String: Any]])
    #expect(hosts.map { $0["name"] as? String } == ["web-1", "desk"])
    #expect(hosts.allSatisfy { $0["state"] as? String == "inSync" })
    let nodes = hosts.compactMap { $0["node"] as? [String: Any] }
    #expect(nodes.count == 2)
    #expect(nodes.allSatisfy { ($0["addresses"] as? [String])?.isEmpty == false })
  }

  /// The lines that are printed are lines that work: with them, names no longer decide.
  @Test func pinsCanBePasted() async throws {
    let mesh = try SavedPlanProgramTests.Mesh()
    #expect(try await mesh.run(["apply", "--auto-approve"] + mesh.world).exit == 0)
    let byName = try await mesh.run(["status", "--pins"] + mesh.world)
    #expect(byName.exit == 0)
    #expect(byName.output.contains("matched by name only"))
    let proven = try await mesh.run(["status", "--pins", "--probe"] + mesh.world)
    #expect(!proven.output.contains("by name only"))
    var inventory = try mesh.text("inventory.yaml")
    var host = ""
    for line in proven.output.split(separator: "\n") where !line.hasPrefix("#") {
      if let name = line.wholeMatch(of: #/  ([a-z0-9-]+):/#)?.1 { host = String(name) }
      guard let key = line.firstMatch(of: #/machine_key: (mkey:[0-9a-f]{64})/#)?.1 else { continue }
      inventory = inventory.replacing("  \(host): {", with: "  \(host): {machine_key: \(key), ")
    }
    _ = try mesh.scratch.file("inventory.yaml", inventory)
    let pinned = try await mesh.run(["status", "--pins"] + mesh.world)
    #expect(pinned.output.contains("# 2 hosts pinned already"))
    let plan = try await mesh.run(["plan"] + mesh.world)
    #expect(plan.output.contains("No changes. 2 hosts in sync."))
    #expect(!plan.output.contains("matched by name only"))
  }

  @Test func aBlockedHostIsExitOne() async throws {
    let mesh = try SavedPlanProgramTests.Mesh(
      Scratch.quickstart + "  win: {os: windows, connection: local, owner: alice}\n")
    let ending = try await mesh.run(["status"] + mesh.world)
    #expect(ending.exit == 1)
    #expect(ending.output.contains("win    blocked"))
  }

  @Test func aSavedListIsEnough() async throws {
    let mesh = try SavedPlanProgramTests.Mesh()
    _ = try mesh.scratch.file("nodes.json", "[]")
    let ending = try await mesh.run(["status", "--nodes", "nodes.json"])
    #expect(ending.exit == 0)
    #expect(ending.output.contains("Status: 0 in sync, 2 drifted"))
    #expect(!ending.output.contains("SIMULATION"))
  }
}
