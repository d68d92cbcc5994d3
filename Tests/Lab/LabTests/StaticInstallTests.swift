import Foundation
import Testing

extension LabTests {
  @Suite("Archives", .enabled(if: Lab.hasTwoVersions, "needs two versions of the client"))
  struct StaticInstallTests {
    @Test func `Where the package source is down, the archive is installed by its checksum`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh("delta")
      try await lab.sh("mirror", "refuse", "/stable/debian")
      do {
        try await install(lab)
      } catch {
        try await lab.sh("mirror", "allow")
        throw error
      }
      try await lab.sh("mirror", "allow")
    }

    private func install(_ lab: Lab) async throws {
      // The way that is usual there says what is wrong, and what else there is.
      let usual = try await lab.meshctl(
        "apply", try inventory(lab, ""), "--auto-approve", "--format", "json")
      #expect(usual.exit == 3, "\(usual.all)")
      let finding = try #require(try ApplyEvent.all(usual).outcome("delta").diagnostics.first)
      #expect(finding.code.hasPrefix("MESH-INSTALL"), "\(finding)")
      #expect(finding.evidence?.contains("503") == true, "\(finding)")
      #expect(finding.hint?.contains("static") == true, "\(finding)")

      // Another file than the one that was meant.
      let wrong = String(repeating: "0", count: 64)
      let refused = try await lab.meshctl(
        "apply", try inventory(lab, "source: static, version: 1.100.0, sha256: \"\(wrong)\""),
        "--auto-approve", "--format", "json")
      #expect(refused.exit == 3, "\(refused.all)")
      let mismatch = try #require(try ApplyEvent.all(refused).outcome("delta").diagnostics.first)
      #expect(mismatch.code.contains("CHECKSUM"), "\(mismatch)")
      #expect(mismatch.evidence?.contains(try published(lab, "1.100.0")) == true, "\(mismatch)")
      #expect(!lab.hasClient("delta"))
      #expect(try await lab.server.node("delta") == nil)
      try await SecretSearch(lab: lab).expectNothing(on: "delta")

      let sum = try published(lab, "1.100.0")
      let pinned = try inventory(
        lab, "source: static, version: 1.100.0, sha256: \"\(sum)\"")
      try await applied(lab, pinned)
      #expect(try await lab.clientVersion("delta") == "1.100.0")
      let node = try await lab.node("delta")
      #expect(node.online)
      try await expectSettled(lab, pinned)

      // By what is published beside it; the same node, and it comes back after a reboot.
      let newer = try inventory(lab, "source: static, version: 1.102.3")
      let apply = try await lab.meshctl("apply", newer, "--auto-approve", "--probe")
      #expect(apply.exit == 0, "\(apply.all)")
      #expect(try await lab.clientVersion("delta") == "1.102.3")
      try await lab.sh("stop", "delta")
      try await lab.waitUntilOffline(node.id)
      try await lab.sh("start", "delta")
      let back = try await eventually(within: 20) {
        let now = try await lab.server.nodes().first { $0.id == node.id }
        return now?.online == true && now?.nodeKey == node.nodeKey
      }
      #expect(back, "it does not come back by itself")
      try await expectSettled(lab, newer)
      let compared = try await lab.meshctl("plan", newer, "--probe", "--detailed-exitcode")
      #expect(compared.exit == 0, "\(compared.all)")
    }

    private func inventory(_ lab: Lab, _ settings: String) throws -> LabInventory {
      let mirror = "mirror: \(lab.description.mirror.url)"
      return try LabInventory.single(
        "delta", of: lab,
        [
          "tailscale": "{" + [mirror, settings].filter { !$0.isEmpty }.joined(separator: ", ") + "}"
        ])
    }

    private func published(_ lab: Lab, _ version: String) throws -> String {
      let folder = try String(contentsOfFile: lab.state + "/mirror", encoding: .utf8)
        .trimmingCharacters(in: .newlines)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/stable")
      let name = try #require(
        files.first { $0.hasPrefix("tailscale_\(version)_") && $0.hasSuffix(".sha256") })
      return try String(contentsOfFile: "\(folder)/stable/\(name)", encoding: .utf8)
        .trimmingCharacters(in: .newlines)
    }
  }
}
