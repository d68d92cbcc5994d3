import Foundation
import Testing

extension LabTests {
  @Suite("Expiry") struct ExpiryTests {
    @Test func `Expired nodes join again as what they were, and never expire where so declared`()
      async throws
    {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      inventory.guards["max_deletes"] = "2"
      let before = try await lab.ids()
      for host in ["alpha", "beta"] {
        try await lab.server.expire(node: try #require(before[host]))
      }
      // The server's clock, as meshctl reads it, has whole seconds.
      try await Task.sleep(for: .seconds(1))
      let apply = try await applied(lab, inventory)
      #expect(apply.output.contains("0 to join, 2 to change"), "\(apply.all)")
      try await expectStandardNodes(lab)
      #expect(try await lab.ids() == before)
      try await expectSettled(lab, inventory)

      try await lab.server.expire(
        node: try #require(before["gamma"]), at: Date() + 86400)
      try await expectNoChanges(lab, inventory)
      inventory["gamma"]["expiry"] = "never"
      let plan = try await lab.meshctl("plan", inventory, "--detailed-exitcode")
      #expect(plan.exit == 2, "\(plan.all)")
      try await applied(lab, inventory)
      #expect(try await lab.node("gamma").expiry == nil)
      #expect(try await lab.ids() == before)
      try await expectSettled(lab, inventory)
    }
  }
}
