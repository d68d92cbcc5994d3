import Foundation
import Testing

/// Hosts that are not Debian 12 on a machine of its own.
extension LabTests {
  @Suite("Other hosts") struct VariantTests {
    @Test func `A Debian 13 host joins, and then nothing is left to do, without a connection`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh(Lab.trixie)
      let inventory = try LabInventory.single(Lab.trixie, of: lab)
      try await applied(lab, inventory)
      #expect(try await lab.node(Lab.trixie).online)
      let source = try String(
        contentsOfFile: lab.file("/etc/apt/sources.list.d/tailscale.list", on: Lab.trixie),
        encoding: .utf8)
      #expect(source.contains(" trixie main"), "\(source)")

      try await expectSettled(lab, inventory)
      let logins = try await lab.logins(Lab.trixie)
      try await expectNoChanges(lab, inventory)
      let again = try await applied(lab, inventory)
      #expect(again.output.contains("No changes."), "\(again.all)")
      #expect(try await lab.logins(Lab.trixie) == logins)
      let compared = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(compared.exit == 0, "\(compared.all)")
    }
  }
}
