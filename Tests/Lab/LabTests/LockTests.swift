import Testing

extension LabTests {
  @Suite("Lock") struct LockTests {
    @Test func `A second run is refused, or waits when told to`() async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let node = try #require(try await lab.server.node("alpha"))
      try await lab.server.setTags(["tag:db"], node: node.id)
      let terminal = try Terminal()

      // The first one holds the lock while it asks.
      let first = try await lab.meshctl("apply", inventory, terminal: terminal) { running in
        try await running.wait(for: "Only 'yes' goes on")
        let second = try await lab.meshctl("apply", inventory, "--auto-approve")
        #expect(second.exit == 5, "\(second.all)")
        #expect(second.error.contains("MESH-LOCK-HELD"), "\(second.all)")
        #expect(second.error.contains("process \(running.pid) "), "\(second.all)")
        #expect(try await lab.server.node("alpha")?.tags == ["tag:db"])
        // Reading needs no lock.
        let plan = try await lab.meshctl("plan", inventory, "--detailed-exitcode")
        #expect(plan.exit == 2, "\(plan.all)")

        let waiting = try await lab.meshctl(
          "apply", inventory, "--auto-approve", "--lock-timeout", "60"
        ) { _ in
          try await Task.sleep(for: .milliseconds(500))
          try terminal.type("no\n")
        }
        #expect(waiting.exit == 0, "\(waiting.all)")
      }
      #expect(first.exit == 1, "\(first.all)")
      try await expectStandardNodes(lab)
    }
  }
}
