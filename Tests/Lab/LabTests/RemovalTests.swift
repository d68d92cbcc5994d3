import Testing

extension LabTests {
  @Suite("Removal") struct RemovalTests {
    @Test func `An absent host leaves and its node goes; wanted again, it comes back`()
      async throws
    {
      let lab = try LabTests.lab()
      let standard = try await lab.converged()
      let old = try await lab.node("gamma")
      var inventory = standard
      inventory["gamma"]["state"] = "absent"
      inventory["gamma"]["owner"] = nil
      try await applied(lab, inventory)
      #expect(try await lab.ids().keys.sorted() == ["alpha", "beta"])
      let preferences = try await lab.onHost("gamma", "tailscale debug prefs")
      #expect(preferences.contains("\"WantRunning\": false"), "\(preferences)")
      #expect(preferences.contains("\"LoggedOut\": false"), "\(preferences)")
      try await expectSettled(lab, inventory)

      try await applied(lab, standard)
      try await expectStandardNodes(lab)
      #expect(try await lab.node("gamma").id != old.id)
      try await expectSettled(lab, standard)
    }

    @Test func `A node deleted on the server comes back, although its client sees nothing of it`()
      async throws
    {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let old = try await lab.node("beta")
      try await lab.server.delete(node: old.id)
      let client = try await lab.onHost("beta", "sleep 2; tailscale status --json --peers=false")
      #expect(client.contains("\"BackendState\": \"Running\""), "\(client)")
      try await applied(lab, inventory)
      try await expectStandardNodes(lab)
      #expect(try await lab.node("beta").id != old.id)
      try await expectSettled(lab, inventory)
    }

    @Test func `Prune deletes the offline stranger, and no other`() async throws {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      inventory.guards["prune_after"] = "2s"
      inventory.guards["confirm_after"] = "6s"
      inventory.guards["ignore"] = "[\"phone-*\"]"
      try await lab.joinStranger("delta", as: "busy-laptop")
      let strangers = ["old-laptop", "phone-anna", "back-again"].map {
        ExtraClient(lab: lab, host: "delta", name: $0)
      }
      for stranger in strangers {
        let id = try await stranger.join()
        try await stranger.stop()
        try await lab.waitUntilOffline(id)
      }
      try await Task.sleep(for: .seconds(3))

      // Nobody is deleted unasked, and no more than the guard allows.
      try await expectNoChanges(lab, inventory)
      let many = try await lab.meshctl("apply", inventory, "--auto-approve", "--prune")
      #expect(many.exit == 3 && many.output.contains("MESH-GUARD"), "\(many.all)")
      #expect(try await lab.server.nodes().count == 7)

      let apply = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--prune", "--max-deletes", "2"
      ) { running in
        try await running.wait(for: "looking again")
        try await strangers[2].start()
        try await strangers[2].waitUntilOnline()
      }
      #expect(apply.exit == 0, "\(apply.all)")
      #expect(apply.output.contains("1 node deleted, 1 kept"), "\(apply.all)")
      try await expectStandardNodes(lab, besides: ["busy-laptop", "phone-anna", "back-again"])
      #expect((apply.output + apply.error).contains("is kept: it came online"), "\(apply.all)")
      let plan = try await lab.meshctl("plan", inventory, "--prune", "--detailed-exitcode")
      #expect(plan.exit == 0, "\(plan.all)")
      try await expectSettled(lab, inventory)
      try await strangers[2].stop()
      _ = try await lab.converged()
    }
  }
}
