import Testing

/// Design law 6: a name is not an identity.
extension LabTests {
  @Suite("Strangers") struct StrangerTests {
    @Test func `A stranger that takes a joined host's name gets nothing of it`() async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      try await lab.joinStranger("delta", as: "delta")
      let own = try #require(try await lab.server.node("alpha"))

      // The server gives a name once: the stranger gets a suffix, and the host keeps its own.
      let renamed = try await lab.exec("delta", "tailscale set --hostname=alpha")
      #expect(renamed.exit == 0, "\(renamed.all)")
      try #require(
        try await eventually(within: 10) {
          try await lab.server.nodes().count { $0.hostname == "alpha" } == 2
        })
      let beside = try await lab.meshctl("apply", inventory, "--auto-approve", "--probe")
      #expect(beside.exit == 0, "\(beside.all)")
      try await expectPlain(lab, "delta, beside alpha", except: [own.id])

      // Somebody renames the host's node, the stranger moves into its name, and the tags differ.
      let stranger = try #require(
        try await lab.server.nodes().first { $0.hostname == "alpha" && $0.id != own.id })
      try await lab.server.rename(node: own.id, to: "pushed-away")
      try await lab.server.rename(node: stranger.id, to: "alpha")
      try await lab.server.setTags(["tag:db"], node: own.id)
      let apply = try await lab.meshctl("apply", inventory, "--auto-approve", "--format", "json")
      #expect(apply.exit == 3, "\(apply.all)")
      let outcome = try ApplyEvent.all(apply).outcome("alpha")
      #expect(outcome.diagnostics.contains { $0.code == "MESH-PLAN-NAME-HELD" }, "\(apply.all)")
      // What does not depend on the name is repaired, on the node that the host itself reports.
      let repaired = try await lab.server.nodes().first { $0.id == own.id }
      #expect(repaired?.tags == ["tag:server"], "\(apply.all)")
      try await expectPlain(lab, "the stranger called alpha", except: [own.id])
      try await lab.server.delete(node: stranger.id)
      try await lab.server.rename(node: own.id, to: "alpha")
    }

    @Test func `A stranger that took a fresh host's name gets nothing, and the host is left alone`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.emptyTailnet(fresh: ["alpha"])
      try await lab.joinStranger("delta", as: "alpha")
      let stranger = try #require(try await lab.server.node("alpha"))
      let keys = try await lab.server.keys()
      let inventory = try LabInventory.standard(lab).only("alpha")

      let apply = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--format", "json")
      #expect(apply.exit == 3, "\(apply.all)")
      let outcome = try ApplyEvent.all(apply).outcome("alpha")
      #expect(outcome.result == "blocked")
      #expect(outcome.stepsDone.isEmpty)
      #expect(outcome.diagnostics.contains { $0.code == "MESH-PLAN-NAME-HELD" }, "\(apply.all)")

      let nodes = try await lab.server.nodes()
      #expect(nodes.map(\.id) == [stranger.id])
      #expect(nodes.allSatisfy { ($0.tags ?? []).isEmpty && $0.routes.isEmpty })
      #expect(nodes.first?.user == stranger.user)
      #expect(try await lab.server.keys() == keys)
      #expect(!lab.hasClient("alpha"))
    }

    /// No node but those of the standard inventory has tags or routes.
    private func expectPlain(
      _ lab: Lab, _ who: String, except ids: Set<String>,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      for node in try await lab.server.nodes()
      where !ids.contains(node.id) && !["beta", "gamma"].contains(node.givenName) {
        #expect((node.tags ?? []).isEmpty, "\(who)", sourceLocation: sourceLocation)
        #expect(node.routes.isEmpty, "\(who)", sourceLocation: sourceLocation)
        #expect(node.user?.name == "lab", "\(who)", sourceLocation: sourceLocation)
      }
    }
  }
}
