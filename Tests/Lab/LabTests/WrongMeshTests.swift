import Testing

extension LabTests {
  @Suite("Wrong meshes") struct WrongMeshTests {
    @Test func `Where everything is wrong at once, one apply makes it right`() async throws {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      let old = try await lab.ids()
      let alpha = try #require(old["alpha"])
      let beta = try #require(old["beta"])
      let gamma = try #require(old["gamma"])
      inventory.guards["max_deletes"] = "4"
      inventory.hosts.append(
        try LabInventory.host("delta", of: lab, user: "ops", ["tags": "[tag:db]"]))

      // Reinstalled; deleted; expired under somebody's name; joined by somebody else.
      try await lab.joinStranger("delta", as: "somebody")
      try await lab.reinstall("alpha", .running)
      try await lab.server.rename(node: alpha, to: "alpha-before")
      try await lab.server.delete(node: beta)
      try await lab.server.rename(node: gamma, to: "alpha-after")
      try await lab.server.expire(node: gamma)
      try await Task.sleep(for: .seconds(1))
      inventory["delta"]["aliases"] = "[somebody]"
      inventory["gamma"]["machine_key"] = try await lab.node("alpha-after").machineKey

      try await applied(lab, inventory)
      try await expectStandardNodes(lab, besides: ["delta", "alpha-before"])
      let now = try await lab.ids()
      #expect(now["gamma"] == gamma && now["alpha-before"] == alpha, "\(now)")
      #expect(now["alpha"] != alpha && now["beta"] != beta, "\(now)")
      #expect(try await lab.node("delta").tags == ["tag:db"])
      try await expectSettled(lab, inventory)
      _ = try await lab.converged()
    }
  }
}
