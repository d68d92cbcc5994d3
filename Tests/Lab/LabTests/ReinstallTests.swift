import Testing

extension LabTests {
  @Suite("Reinstalled hosts") struct ReinstallTests {
    @Test func `One apply gives names back without a suffix, and the twins go by age`()
      async throws
    {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      inventory.guards["max_deletes"] = "2"
      inventory.guards["prune_after"] = "30s"
      inventory.guards["confirm_after"] = "2s"
      let old = try await lab.ids()
      let parked = try ["alpha", "beta"].map { "\($0)-old-\(try #require(old[$0]))" }
      try await lab.reinstall("alpha", .running)
      try await lab.reinstall("beta", .purged)

      try await applied(lab, inventory)
      try await expectStandardNodes(lab, besides: Set(parked))
      let now = try await lab.ids()
      #expect(now["alpha"] != old["alpha"] && now["beta"] != old["beta"], "\(now)")
      #expect(now[parked[0]] == old["alpha"] && now[parked[1]] == old["beta"], "\(now)")
      #expect(now["gamma"] == old["gamma"])
      // Parked twins that are young are no change.
      inventory.guards["prune_after"] = "1h"
      try await expectSettled(lab, inventory)

      inventory.guards["prune_after"] = "2s"
      let due = try await lab.meshctl("plan", inventory, "--detailed-exitcode")
      #expect(due.exit == 2, "\(due.all)")
      for name in parked { #expect(due.output.contains(name), "\(due.all)") }
      try await applied(lab, inventory)
      try await expectStandardNodes(lab)
      #expect(try await lab.ids()["alpha"] == now["alpha"])
      try await expectSettled(lab, inventory)
    }

    @Test func `A wiped client that nobody started is started first, and then replaced`()
      async throws
    {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let old = try await lab.node("gamma").id
      try await lab.reinstall("gamma", .stopped)
      // That it has no key shows only once it runs, and a replacement is not done unshown.
      let start = try await lab.meshctl("apply", inventory, "--auto-approve", "--format", "json")
      #expect(start.exit == 3, "\(start.all)")
      let finding = try #require(try ApplyEvent.all(start).outcome("gamma").diagnostics.first)
      #expect(finding.message.contains("reinstalled"), "\(start.all)")
      #expect(finding.hint?.contains("meshctl apply --limit gamma") == true, "\(start.all)")
      #expect(try await lab.server.nodes().count == 3)

      try await applied(lab, inventory)
      try await expectStandardNodes(lab, besides: ["gamma-old-\(old)"])
      try await expectSettled(lab, inventory)
      try await lab.server.delete(node: old)
    }
  }
}
