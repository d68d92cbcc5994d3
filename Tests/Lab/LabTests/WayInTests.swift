import Foundation
import Testing

/// `headscale` itself in place of its REST interface: the usual way on the server.
extension LabTests {
  @Suite("Ways in") struct WayInTests {
    enum WayIn: String, CaseIterable {
      case command, ssh
    }

    @Test(
      .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd"), "needs sshd"),
      arguments: WayIn.allCases)
    func `The same is done through the server's own command`(way: WayIn) async throws {
      let lab = try LabTests.lab()
      let standard = try await lab.converged()
      try await lab.sh("server", "shell")
      var inventory = standard
      switch way {
      case .command:
        inventory.server["api"] = "{command: [\(lab.state)/shell/bin/headscale]}"
      case .ssh:
        inventory.server["api"] = "{ssh: root@\(try lab.serverAddress)}"
        try lab.writeSSHConfig()
      }
      defer { lab.removeSSHConfig() }

      try await expectNoChanges(lab, inventory)
      let alpha = try await lab.node("alpha")
      let gamma = try await lab.node("gamma")
      try await lab.server.setTags(["tag:db"], node: alpha.id)
      try await lab.server.rename(node: alpha.id, to: "somebody-else")
      try await lab.server.approve([], node: try await lab.node("beta").id)
      try await lab.server.delete(node: gamma.id)

      try await applied(lab, inventory)
      try await expectStandardNodes(lab)
      #expect(try await lab.node("gamma").id != gamma.id)
      try await expectSettled(lab, inventory)
      try await expectNoChanges(lab, standard)
    }
  }
}
