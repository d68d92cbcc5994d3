import Testing

/// A host where nothing listens: the field report's first gap.
extension LabTests {
  @Suite("Without SSH") struct EnableSSHTests {
    @Test func `A person gets one line, and a command that runs there enables it during apply`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh("delta")
      let off = try await lab.inside("delta", "systemctl disable --now ssh.service ssh.socket")
      #expect(off.exit == 0, "\(off.all)")
      do {
        try await enable(lab)
      } catch {
        _ = try await lab.inside("delta", "systemctl enable --now ssh.service")
        throw error
      }
    }

    private func enable(_ lab: Lab) async throws {
      var inventory = try LabInventory.single("delta", of: lab)
      let waits = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(waits.exit == 4, "\(waits.all)")
      #expect(waits.output.contains("! delta"), "\(waits.all)")
      #expect(waits.output.contains("MESH-BOOTSTRAP-PERSON"), "\(waits.all)")
      #expect(waits.output.contains("meshctl bootstrap linux --host delta"), "\(waits.all)")

      inventory["delta"]["bootstrap"] =
        "{command: [bash, \"\(lab.programs.lab)\", inside, --state, \"\(lab.state)\", delta, --, "
        + "sh, -s], authorized_keys: \"\(lab.description.ssh.identityFile).pub\"}"
      try await applied(lab, inventory)
      #expect(try await lab.node("delta").online)
      let state = try await lab.onHost("delta", "systemctl is-enabled ssh; systemctl is-active ssh")
      #expect(state == "enabled\nactive\n", "\(state)")
      try await expectSettled(lab, inventory)
    }
  }
}
