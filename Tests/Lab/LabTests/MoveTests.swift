import Testing

extension LabTests {
  @Suite("Other control servers") struct MoveTests {
    @Test func `A host of another mesh is moved only with --allow-move`() async throws {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      let other = try await lab.otherServer()
      try await lab.joinStranger("delta", as: "delta", on: other)
      inventory.hosts.append(
        try LabInventory.host("delta", of: lab, user: "ops", ["owner": "lab"]))

      let refused = try await lab.meshctl("apply", inventory, "--auto-approve", "--format", "json")
      #expect(refused.exit == 3, "\(refused.all)")
      let outcome = try ApplyEvent.all(refused).outcome("delta")
      #expect(outcome.result == "blocked" && outcome.stepsDone.isEmpty, "\(refused.all)")
      #expect(outcome.diagnostics.contains { $0.evidence?.contains(other.url) == true })
      #expect(try await other.node("delta")?.online == true)
      #expect(try await lab.server.node("delta") == nil)

      let moved = try await lab.meshctl("apply", inventory, "--auto-approve", "--allow-move")
      #expect(moved.exit == 0, "\(moved.all)")
      try await expectStandardNodes(lab, besides: ["delta"])
      let left = try await eventually(within: 15) {
        try await other.node("delta")?.online == false
      }
      #expect(left, "the other mesh still has it")
      try await expectSettled(lab, inventory)
      let probed = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(probed.exit == 0, "\(probed.all)")
      try await lab.sh("other-server", "stop")
      _ = try await lab.converged()
    }
  }
}
