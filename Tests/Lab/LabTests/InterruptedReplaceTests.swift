import Testing

/// Design law 3 where an identity changes: killed at any instant, the next run converges.
extension LabTests {
  @Suite("Interrupted replacements") struct InterruptedReplaceTests {
    enum Moment: CaseIterable {
      /// As soon as the old record is parked.
      case parked
      /// Somewhere behind that: while the key is made, travels, is used, or the new node gets what is its.
      case later
    }

    @Test(arguments: Moment.allCases)
    func `After a SIGKILL the next run ends the replacement`(moment: Moment) async throws {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      inventory.guards["max_deletes"] = "2"
      let old = try await lab.ids()
      let parked = "alpha-old-\(try #require(old["alpha"]))"
      try await lab.reinstall("alpha", .running)
      // An owner change beside it, which parks and deletes.
      inventory["gamma"]["owner"] = "carol"
      let delay = moment == .parked ? 0 : Int.random(in: 50...3000)
      let ending = try await lab.meshctl("apply", inventory, "--auto-approve") { running in
        let came = try await eventually(within: 60, every: 0.01) {
          try await lab.server.node(parked) != nil
        }
        try #require(came, "the twin was never parked: \(running.output)\(running.error)")
        try await Task.sleep(for: .milliseconds(delay))
        // It may have come to its end already.
        if Processes.isAlive(running.pid) { try running.send(.kill) }
      }
      let comment = Comment(rawValue: "killed \(moment), \(delay) ms: \(ending.all)")
      #expect(ending.exit == 137 || moment == .later, comment)
      try lab.sweep()
      // What still runs on a host after a kill ends by itself.
      try await Task.sleep(for: .seconds(1))

      let next = try await applied(lab, inventory)
      let wanted = ["alpha", parked, "beta", "gamma"].sorted()
      // Neither the old record of the owner change is left.
      let names = try await lab.ids().keys.sorted()
      #expect(names == wanted, "\(comment)\n\(next.all)")
      #expect(try await lab.node("gamma").user?.name == "carol")
      #expect(try await lab.node("alpha").routes == ["10.77.0.0/24"])
      try await expectSettled(lab, inventory)
      _ = try await lab.converged()
    }
  }
}
