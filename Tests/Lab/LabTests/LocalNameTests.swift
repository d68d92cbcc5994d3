import Testing

/// A server URL that only the machine of meshctl resolves: the field report's fifth gap.
extension LabTests {
  @Suite("Names of one network") struct LocalNameTests {
    @Test func `A name that the host does not resolve is said to be DNS, and the address joins it`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh("delta")
      var inventory = try LabInventory.single("delta", of: lab)
      inventory.server["url"] = try lab.localURL
      let refused = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--format", "json")
      #expect(refused.exit == 3, "\(refused.all)")
      let outcome = try ApplyEvent.all(refused).outcome("delta")
      let finding = try #require(
        outcome.diagnostics.first { $0.code == "MESH-SERVER-RESOLVE" }, "\(refused.all)")
      #expect(finding.message.contains("labmesh.local"), "\(finding)")
      let text = [finding.message, finding.detail ?? "", finding.hint ?? ""].joined(separator: "\n")
      #expect(text.contains("DNS"), "\(finding)")
      #expect(text.contains("server_url: \(lab.server.url)"), "no line to add: \(finding)")
      #expect(!lab.hasClient("delta"))

      inventory["delta"]["server_fallback"] = "ip"
      try await applied(lab, inventory)
      #expect(try await lab.node("delta").online)
      let preferences = try await lab.onHost("delta", "tailscale debug prefs")
      #expect(preferences.contains("\"ControlURL\": \"\(lab.server.url)\""), "\(preferences)")
      try await expectSettled(lab, inventory)
      let compared = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(compared.exit == 0, "\(compared.all)")
    }
  }
}
