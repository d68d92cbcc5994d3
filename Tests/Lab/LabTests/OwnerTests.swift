import Testing

extension LabTests {
  @Suite("Owners") struct OwnerTests {
    @Test func `A host goes to another owner and back`() async throws {
      let lab = try LabTests.lab()
      let standard = try await lab.converged()
      var inventory = standard
      inventory["beta"]["owner"] = "bob"
      let old = try await lab.node("beta")
      let plan = try await lab.meshctl("plan", inventory, "--detailed-exitcode", "--probe")
      #expect(plan.exit == 2, "\(plan.all)")
      for address in old.ipAddresses { #expect(plan.output.contains(address), "\(plan.all)") }

      try await applied(lab, inventory)
      let new = try await lab.node("beta")
      #expect(new.user?.name == "bob" && new.id != old.id)
      #expect(Set(new.ipAddresses).isDisjoint(with: old.ipAddresses), "\(new)")
      #expect(new.routes == ["10.78.0.0/24"] && new.machineKey == old.machineKey, "\(new)")
      #expect(try await lab.server.nodes().count == 3)
      try await expectSettled(lab, inventory)

      try await applied(lab, standard)
      try await expectStandardNodes(lab)
      try await expectSettled(lab, standard)
    }

    @Test func `A tagged host goes to an owner, and back to its tags`() async throws {
      let lab = try LabTests.lab()
      let standard = try await lab.converged()
      var inventory = standard
      inventory["alpha"]["tags"] = nil
      inventory["alpha"]["owner"] = "lab"
      let old = try await lab.node("alpha")
      try await applied(lab, inventory)
      let new = try await lab.node("alpha")
      #expect(new.id != old.id && new.user?.name == "lab" && new.tags ?? [] == [], "\(new)")
      #expect(new.routes == ["10.77.0.0/24"], "\(new)")
      #expect(try await lab.server.nodes().count == 3)
      try await expectSettled(lab, inventory)

      // The server does that by itself, so the node stays.
      try await applied(lab, standard)
      try await expectStandardNodes(lab)
      #expect(try await lab.node("alpha").id == new.id)
      try await expectSettled(lab, standard)
    }
  }
}
