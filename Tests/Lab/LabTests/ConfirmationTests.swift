import Testing

/// Design law 9: what is shown is what is done.
extension LabTests {
  @Suite("Confirmation") struct ConfirmationTests {
    @Test func `Nothing is done when a touched node moved before the answer`() async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let node = try #require(try await lab.server.node("alpha"))
      let other = try #require(try await lab.server.node("beta"))
      try await lab.server.setTags(["tag:db"], node: node.id)
      try await lab.server.approve([], node: other.id)
      let terminal = try Terminal()
      let apply = try await lab.meshctl("apply", inventory, terminal: terminal) { running in
        try await running.wait(for: "Only 'yes' goes on")
        try await lab.server.setTags(["tag:db", "tag:server"], node: node.id)
        try terminal.type("yes\n")
      }
      #expect(apply.exit == 6, "\(apply.all)")
      #expect(apply.error.contains("MESH-APPLY-MOVED"), "\(apply.all)")
      #expect(try await lab.server.node("alpha")?.tags == ["tag:db", "tag:server"])
      #expect(try await lab.server.node("beta")?.routes == [])
    }

    @Test func `Only yes is a yes`() async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let node = try #require(try await lab.server.node("alpha"))
      try await lab.server.setTags(["tag:db"], node: node.id)
      for answer in ["no", "y", ""] {
        let terminal = try Terminal()
        let apply = try await lab.meshctl("apply", inventory, terminal: terminal) { running in
          try await running.wait(for: "Only 'yes' goes on")
          try terminal.type(answer + "\n")
        }
        #expect(apply.exit == 1, "\(answer): \(apply.all)")
        #expect(apply.error.contains("MESH-DECLINED"), "\(apply.all)")
        #expect(try await lab.server.node("alpha")?.tags == ["tag:db"])
      }
      let terminal = try Terminal()
      let yes = try await lab.meshctl("apply", inventory, terminal: terminal) { running in
        try await running.wait(for: "Only 'yes' goes on")
        try terminal.type("yes\n")
      }
      #expect(yes.exit == 0, "\(yes.all)")
      try await expectStandardNodes(lab)
    }

    @Test func `Without a terminal nobody is asked, and nothing is touched`() async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let logins = try await lab.logins("alpha")
      for arguments in [[], ["--ask-become-pass", "--auto-approve", "--probe"]] {
        let ending =
          arguments.isEmpty
          ? try await lab.meshctl("apply", inventory)
          : try await lab.meshctl("apply", inventory, "-K", "--auto-approve", "--probe")
        #expect(ending.exit == 1, "\(ending.all)")
        #expect(ending.error.contains("MESH-NO-TERMINAL"), "\(ending.all)")
      }
      #expect(try await lab.logins("alpha") == logins)
    }

    @Test func `A password that is typed is used and not shown`() async throws {
      let lab = try LabTests.lab()
      let whole = try await lab.converged()
      var inventory = whole.only("alpha")
      inventory["alpha"]["become"] = nil
      let stopped = try await lab.exec("alpha", "systemctl stop tailscaled")
      #expect(stopped.exit == 0, "\(stopped.all)")
      let terminal = try Terminal()
      let ending = try await lab.meshctl(
        "apply", inventory, "-K", "--auto-approve", terminal: terminal
      ) { running in
        try await running.wait(for: "sudo password:")
        try terminal.type(lab.password + "\n")
      }
      #expect(ending.exit == 0, "\(ending.all)")
      let shown = terminal.shown()
      #expect(!shown.contains(lab.password), "the terminal shows \(shown)")
      try await expectStandardNodes(lab)
    }
  }
}
