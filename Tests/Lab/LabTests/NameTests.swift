import Testing

extension LabTests {
  @Suite("Names") struct NameTests {
    @Test func `Two hosts change names crosswise by pins, and back by proof`() async throws {
      let lab = try LabTests.lab()
      let standard = try await lab.converged()
      let alpha = try await lab.node("alpha")
      let gamma = try await lab.node("gamma")
      var inventory = standard
      inventory["alpha"]["name"] = "gamma"
      inventory["gamma"]["name"] = "alpha"
      var pinned = inventory
      pinned["alpha"]["machine_key"] = alpha.machineKey
      pinned["gamma"]["machine_key"] = gamma.machineKey
      let logins = try await lab.logins("gamma")
      try await applied(lab, pinned)
      #expect(try await lab.node("gamma").id == alpha.id)
      #expect(try await lab.node("alpha").id == gamma.id)
      // Pins are proof enough for what the server alone does.
      #expect(try await lab.logins("gamma") == logins)
      #expect(try await lab.server.nodes().count == 3)
      try await expectSettled(lab, pinned)
      try await expectNoChanges(lab, inventory)

      let back = try await lab.meshctl("apply", standard, "--auto-approve", "--probe")
      #expect(back.exit == 0, "\(back.all)")
      try await expectStandardNodes(lab)
      #expect(try await lab.node("alpha").id == alpha.id)
      try await expectSettled(lab, standard)
    }
  }
}
