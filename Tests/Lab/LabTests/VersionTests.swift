import Testing

extension LabTests {
  @Suite("Versions", .enabled(if: Lab.hasTwoVersions, "needs two versions of the client"))
  struct VersionTests {
    private static let older = "1.100.0"
    private static let newer = "1.102.3"

    @Test func `A pinned version goes down and up, and the node stays the one it is`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh("delta")
      var inventory = try pinned(lab, Self.newer)
      try await applied(lab, inventory)
      let node = try await lab.node("delta")

      for (from, to) in [(Self.newer, Self.older), (Self.older, Self.newer)] {
        inventory = try pinned(lab, to)
        // The server does not say which version it is, so nothing is known without a look.
        try await expectNoChanges(lab, inventory)
        let plan = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
        #expect(plan.exit == 2 && plan.output.contains("\(from) → \(to)"), "\(plan.all)")
        #expect(try await lab.clientVersion("delta") == from, "a plan changed it")
        let apply = try await lab.meshctl("apply", inventory, "--auto-approve", "--probe")
        #expect(apply.exit == 0, "\(apply.all)")
        try await expectIs(lab, to, node, inventory)
      }
    }

    @Test func `A connection that breaks leaves a whole package, and the next run is clean`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh("delta")
      var inventory = try pinned(lab, Self.older)
      try await applied(lab, inventory)
      let node = try await lab.node("delta")

      inventory = try pinned(lab, Self.newer)
      try await lab.slowDpkg("delta")
      let broken = try await lab.meshctl("apply", inventory, "--auto-approve", "--probe") { _ in
        let started = try await eventually(within: 60) { lab.dpkgRuns("delta") }
        try #require(started, "dpkg never ran")
        try lab.cutConnections()
      }
      #expect(broken.exit == 3, "\(broken.all)")
      #expect(broken.output.contains("MESH-SSH-LOST"), "\(broken.all)")
      let ended = try await eventually(within: 60, every: 0.5) {
        try await lab.exec("delta", "! pgrep -x 'dpkg|apt-get'").exit == 0
      }
      #expect(ended, "the package manager never ended")
      try await lab.usualDpkg("delta")
      let audit = try await lab.onHost("delta", "dpkg --audit; dpkg --list tailscale | tail -n 1")
      #expect(audit.hasPrefix("ii "), "half a package: \(audit)")

      let next = try await lab.meshctl("apply", inventory, "--auto-approve", "--probe")
      #expect(next.exit == 0, "\(next.all)")
      try await expectIs(lab, Self.newer, node, inventory)
    }

    private func pinned(_ lab: Lab, _ version: String) throws -> LabInventory {
      try LabInventory.single(
        "delta", of: lab,
        ["tailscale": "{mirror: \(lab.description.mirror.url), version: \(version)}"])
    }

    private func expectIs(
      _ lab: Lab, _ version: String, _ node: ControlServer.Node, _ inventory: LabInventory,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      #expect(
        try await lab.clientVersion("delta") == version, sourceLocation: sourceLocation)
      let now = try await lab.node("delta")
      #expect(
        now.id == node.id && now.nodeKey == node.nodeKey && now.online, "\(now)",
        sourceLocation: sourceLocation)
      try await expectSettled(lab, inventory, sourceLocation: sourceLocation)
      let compared = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(compared.exit == 0, "\(compared.all)", sourceLocation: sourceLocation)
    }
  }
}
