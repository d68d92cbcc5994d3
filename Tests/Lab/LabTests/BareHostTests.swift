import Testing

/// Hosts that lack what the client's package takes for granted.
extension LabTests {
  @Suite("Bare hosts") struct BareHostTests {
    @Test func `A host without an init system joins, and is told not to come back by itself`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh(Lab.plain)
      let inventory = try LabInventory.single(Lab.plain, of: lab)
      let apply = try await applied(lab, inventory)
      #expect(try await lab.node(Lab.plain).online)
      #expect((apply.output + apply.error).contains("MESH-CLIENT-NOT-PERSISTENT"), "\(apply.all)")
      try await expectSettled(lab, inventory)
      let compared = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(compared.exit == 0, "\(compared.all)")

      // And it does not: the next run starts it again, and it is the node it was.
      let id = try await lab.node(Lab.plain).id
      try await lab.sh("stop", Lab.plain)
      try await lab.waitUntilOffline(id)
      try await lab.sh("start", Lab.plain)
      try await applied(lab, inventory)
      #expect(try await lab.node(Lab.plain).id == id)
      #expect(try await lab.node(Lab.plain).online)
      try await expectSettled(lab, inventory)
    }

    @Test func `A host without /dev/net/tun joins with userspace networking, and is told so`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh(Lab.tunless)
      let inventory = try LabInventory.single(Lab.tunless, of: lab)
      let apply = try await applied(lab, inventory)
      #expect(try await lab.node(Lab.tunless).online)
      #expect((apply.output + apply.error).contains("MESH-CLIENT-USERSPACE"), "\(apply.all)")
      let status = try await lab.onHost(Lab.tunless, "tailscale status --json --peers=false")
      #expect(status.contains("\"TUN\": false"), "\(status)")
      try await expectSettled(lab, inventory)

      // It is written down where the service reads it: a reboot changes nothing.
      let id = try await lab.node(Lab.tunless).id
      try await lab.sh("stop", Lab.tunless)
      try await lab.waitUntilOffline(id)
      try await lab.sh("start", Lab.tunless)
      let back = try await eventually(within: 20) {
        try await lab.server.nodes().first { $0.id == id }?.online == true
      }
      #expect(back, "it does not come back by itself")
      try await expectSettled(lab, inventory)
    }
  }
}
