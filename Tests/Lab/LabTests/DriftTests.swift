import Testing

extension LabTests {
  @Suite("Drift") struct DriftTests {
    @Test func `What somebody changed on the server, and a stopped client, are repaired`()
      async throws
    {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let before = try await ids(lab)
      let alpha = try #require(before["alpha"])
      let beta = try #require(before["beta"])
      let gamma = try #require(before["gamma"])

      try await lab.server.setTags(["tag:db"], node: alpha)
      try await lab.server.approve(["10.99.0.0/24"], node: beta)
      try await lab.server.rename(node: gamma, to: "somebody-else")
      let stopped = try await lab.exec("alpha", "systemctl stop tailscaled")
      #expect(stopped.exit == 0, "\(stopped.all)")
      try #require(
        try await eventually(within: 10) { try await lab.server.node("alpha")?.online == false })

      let plan = try await lab.meshctl("plan", inventory, "--detailed-exitcode")
      #expect(plan.exit == 2, "\(plan.all)")
      let apply = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(apply.exit == 0, "\(apply.all)")
      try await expectStandardNodes(lab)
      #expect(try await ids(lab) == before, "nodes were replaced: \(apply.all)")
      try await expectNoChanges(lab, inventory)
    }

    @Test func `A client that was stopped or set otherwise is repaired with --probe`()
      async throws
    {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let before = try await ids(lab)
      let down = try await lab.exec("gamma", "tailscale down")
      #expect(down.exit == 0, "\(down.all)")
      let set = try await lab.exec(
        "beta", "tailscale set --accept-routes --advertise-routes=10.66.0.0/24")
      #expect(set.exit == 0, "\(set.all)")

      let apply = try await lab.meshctl("apply", inventory, "--auto-approve", "--probe")
      #expect(apply.exit == 0, "\(apply.all)")
      let preferences = try await lab.exec("beta", "tailscale debug prefs")
      #expect(preferences.output.contains("\"RouteAll\": false"), "\(preferences.all)")
      try await expectStandardNodes(lab)
      #expect(try await ids(lab) == before)
      let plan = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(plan.exit == 0, "\(plan.all)")
    }

    private func ids(_ lab: Lab) async throws -> [String: String] {
      Dictionary(
        try await lab.server.nodes().map { ($0.givenName, $0.id) }, uniquingKeysWith: { $1 })
    }
  }
}
