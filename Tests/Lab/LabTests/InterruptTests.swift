import Foundation
import Testing

/// Design laws 3 and 7: killed at any instant, the next run converges, and no key outlives it.
extension LabTests {
  @Suite("Interrupts") struct InterruptTests {
    @Test func `Ctrl-C in the middle of a join cleans up`() async throws {
      let lab = try LabTests.lab()
      try await lab.emptyTailnet(fresh: ["alpha", "gamma"])
      let inventory = try LabInventory.standard(lab).only("alpha", "gamma")
      let server = try lab.serverProcess()
      let known = try await lab.server.keys().count
      let terminal = try Terminal()

      let ending = try await lab.meshctl(
        "apply", inventory, "--auto-approve", terminal: terminal
      ) { running in
        try await waitForKey(lab, after: known)
        // The client now waits for a server that does not answer.
        try Processes.send(.pause, to: server)
        do {
          try await Task.sleep(for: .seconds(1))
          try terminal.type("\u{3}")
          try await running.wait(for: "Stopping", within: 10)
          try await Task.sleep(for: .seconds(1))
        } catch {
          try Processes.send(.goOn, to: server)
          throw error
        }
        try Processes.send(.goOn, to: server)
      }
      #expect(ending.exit == 130, "\(ending.all)")
      #expect(lab.leftProcesses().isEmpty)
      #expect(try lab.leftFiles().isEmpty)
      for host in ["alpha", "gamma"] { try await expectQuiet(lab, host) }
      try await expectConverges(lab, inventory)
      // A key that the server made after it was let go, and after meshctl had looked for it, is
      // expired by the run that follows.
      try await expectNoUsableKey(lab, ending)
    }

    @Test func `A second Ctrl-C ends at once, and the next run expires the key`() async throws {
      let lab = try LabTests.lab()
      try await lab.emptyTailnet(fresh: ["gamma"])
      let inventory = try LabInventory.standard(lab).only("gamma")
      let server = try lab.serverProcess()
      let known = try await lab.server.keys().count
      let terminal = try Terminal()
      let ending = try await lab.meshctl(
        "apply", inventory, "--auto-approve", terminal: terminal
      ) { running in
        try await waitForKey(lab, after: known)
        // Long enough for the id to stand in the lock file.
        try await Task.sleep(for: .milliseconds(300))
        try Processes.send(.pause, to: server)
        do {
          try terminal.type("\u{3}")
          try await running.wait(for: "Stopping", within: 10)
          // By now it waits for the server, to expire the key.
          try await Task.sleep(for: .seconds(3))
          try terminal.type("\u{3}")
          try #require(try await eventually(within: 5) { !Processes.isAlive(running.pid) })
        } catch {
          try Processes.send(.goOn, to: server)
          throw error
        }
        try Processes.send(.goOn, to: server)
      }
      #expect(ending.exit == 130, "\(ending.all)")
      try await expectConverges(lab, inventory)
      try await expectNoUsableKey(lab, ending)
      try await expectQuiet(lab, "gamma")
      try lab.sweep()
    }

    enum Moment: CaseIterable {
      /// Somewhere in the probe, the check of the server or the installation.
      case early
      /// As soon as the server lists a new key.
      case atTheKey
      /// While the key travels or is used.
      case late
    }

    /// Kills an apply on fresh hosts, milliseconds after its moment has come.
    private func kill(
      _ lab: Lab, _ inventory: LabInventory, _ hosts: [String], _ moment: Moment, after delay: Int
    ) async throws -> Ending {
      try await lab.emptyTailnet(fresh: hosts)
      let known = try await lab.server.keys().count
      return try await lab.meshctl("apply", inventory, "--auto-approve") { running in
        if moment != .early { try await waitForKey(lab, after: known) }
        if moment != .atTheKey { try await Task.sleep(for: .milliseconds(delay)) }
        // One that has ended meanwhile is told by its exit status.
        try? running.send(.kill)
      }
    }

    @Test(arguments: Moment.allCases)
    func `After a SIGKILL the next run converges without twins`(moment: Moment) async throws {
      let lab = try LabTests.lab()
      let hosts = moment == .atTheKey ? ["alpha", "beta"] : ["alpha"]
      var inventory = try LabInventory.standard(lab)
      inventory.hosts.removeAll { !hosts.contains($0.name) }
      var delay = moment == .early ? Int.random(in: 0...2500) : Int.random(in: 20...400)
      var ending = try await kill(lab, inventory, hosts, moment, after: delay)
      // It was done before the kill came: sooner, then.
      while ending.exit == 0, delay > 20 {
        delay /= 4
        ending = try await kill(lab, inventory, hosts, moment, after: delay)
      }
      let comment = Comment(rawValue: "killed \(moment), \(delay) ms: \(ending.all)")
      #expect(ending.exit == 137, comment)
      if moment == .atTheKey {
        let inFlight = try await lab.server.keys().filter { $0.isUsable() }
        #expect(!inFlight.isEmpty, comment)
      }
      try await expectConverges(lab, inventory)
      try await expectNoUsableKey(lab, ending)
      for host in hosts { try await expectQuiet(lab, host) }
      try lab.sweep()
    }

    private func waitForKey(_ lab: Lab, after known: Int) async throws {
      let minted = try await eventually(within: 60, every: 0.01) {
        try await lab.server.keys().count > known
      }
      try #require(minted, "no key was minted")
    }

    private func expectNoUsableKey(_ lab: Lab, _ ending: Ending) async throws {
      let keys = try await lab.server.keys().filter { $0.isUsable() }
      #expect(keys.isEmpty, "usable keys remain: \(keys); \(ending.all)")
    }

    /// What runs on a host ends by itself a moment after its connection.
    private func expectQuiet(_ lab: Lab, _ host: String) async throws {
      _ = try await eventually(within: 5, every: 0.5) {
        try await lab.exec(host, "ls -d /tmp/meshctl*").exit != 0
      }
      try await SecretSearch(lab: lab).expectNothing(on: host)
    }

    /// The very next run makes everything right; one more finds nothing to do.
    private func expectConverges(_ lab: Lab, _ inventory: LabInventory) async throws {
      let next = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(next.exit == 0, "the next run: \(next.all)")
      let names = try await lab.server.nodes().map(\.givenName).sorted()
      #expect(names == inventory.hosts.map(\.name).sorted(), "\(next.all)")
      try await expectNoChanges(lab, inventory)
    }
  }
}
