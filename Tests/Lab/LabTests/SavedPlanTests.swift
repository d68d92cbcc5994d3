import Foundation
import Testing

extension LabTests {
  @Suite("Saved plans") struct SavedPlanTests {
    @Test func `A saved plan is done as it stands, or not at all`() async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let alpha = try await lab.node("alpha").id
      let beta = try await lab.node("beta").id
      let file = lab.work("files/plan.json")
      func save() async throws {
        let plan = try await lab.meshctl("plan", inventory, "--probe", "--out", file)
        try #require(plan.exit == 0, "\(plan.all)")
        let secrets = SecretPatterns(secrets: [lab.password, lab.server.key])
        #expect(!secrets.occur(in: Processes.bytes(file)))
      }

      try await lab.server.setTags(["tag:db"], node: alpha)
      try await lab.onHost("beta", "tailscale set --accept-routes")
      try await save()
      let apply = try await lab.meshctl("apply", inventory, "--auto-approve", file: file)
      #expect(apply.exit == 0, "\(apply.all)")
      try await expectStandardNodes(lab)
      try await expectSettled(lab, inventory)
      // It is done, so it holds no more.
      let again = try await lab.meshctl("apply", inventory, "--auto-approve", file: file)
      #expect(again.exit == 6, "\(again.all)")

      try await lab.server.setTags(["tag:db"], node: alpha)
      try await lab.server.approve([], node: beta)
      try await save()
      try await lab.server.setTags(["tag:db", "tag:server"], node: alpha)
      let before = try await lab.server.everything()
      let moved = try await lab.meshctl("apply", inventory, "--auto-approve", file: file)
      #expect(moved.exit == 6, "\(moved.all)")
      #expect((moved.output + moved.error).contains("tag:db"), "\(moved.all)")
      #expect(try await lab.server.everything() == before)
      try FileManager.default.removeItem(atPath: file)
      try await applied(lab, inventory)
      try await expectSettled(lab, inventory)
    }
  }
}
