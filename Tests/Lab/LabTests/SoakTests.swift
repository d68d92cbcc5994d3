import Foundation
import Testing

/// Fifty runs as cron would start them, at a fast pace, while the mesh is disturbed between them.
///
/// Five acts of ten runs. Each stands alone, so that one can be run by itself; what grows over all of them
/// is looked at in the last one.
extension LabTests {
  @Suite("Soak: fifty runs that nobody watches") struct SoakTests {
    enum Act: CaseIterable { case server, hosts, outages, state, everything }

    @Test(arguments: Act.allCases) func `Ten runs`(act: Act) async throws {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let cron = Cron(lab: lab, inventory: inventory)
      try await cron.begin()
      switch act {
      case .server: try await changedOnTheServer(cron)
      case .hosts: try await changedOnHosts(cron)
      case .outages: try await outages(cron)
      case .state: try await disturbedState(cron)
      case .everything: try await everythingAtOnce(cron)
      }
      // Whatever came, it ends in silence.
      let rest = 10 - (await cron.count)
      try #require(rest > 0)
      for _ in 0..<rest { try await cron.silentRun() }
      try await cron.expectNoGrowth()
      await Soak.shared.add(await cron.records)
      if act == .everything { await Soak.shared.expectNoGrowth() }
    }

    // MARK: Acts

    private func changedOnTheServer(_ cron: Cron) async throws {
      let server = cron.lab.server
      try await cron.silentRun()
      try await server.setTags(["tag:db"], node: try await cron.id("alpha"))
      try await cron.repairingRun()
      try await server.approve([], node: try await cron.id("beta"))
      try await cron.repairingRun()
      try await server.rename(node: try await cron.id("gamma"), to: "somebody-else")
      try await cron.repairingRun()
      try await server.delete(node: try await cron.id("gamma"))
      try await cron.repairingRun(joins: 1)
      try await server.expire(node: try await cron.id("beta"))
      // The server's clock, as meshctl reads it, has whole seconds.
      try await Task.sleep(for: .seconds(1))
      try await cron.repairingRun(joins: 1)
    }

    private func changedOnHosts(_ cron: Cron) async throws {
      let lab = cron.lab
      try await cron.silentRun()
      let gamma = try await cron.id("gamma")
      try await lab.onHost("gamma", "systemctl stop tailscaled")
      try await lab.waitUntilOffline(gamma)
      try await cron.repairingRun()
      try await lab.onHost("beta", "tailscale set --advertise-routes=")
      try await cron.until("beta") { ($0.availableRoutes ?? []).isEmpty }
      try await cron.repairingRun()
      try await lab.onHost("alpha", "tailscale down")
      try await lab.waitUntilOffline(try await cron.id("alpha"))
      try await cron.repairingRun()
      #expect(try await cron.id("gamma") == gamma)
    }

    private func outages(_ cron: Cron) async throws {
      let lab = cron.lab
      try await cron.silentRun()
      // Drift that nobody can see: the server is away.
      try await lab.server.setTags(["tag:db"], node: try await cron.id("alpha"))
      try await lab.sh("server", "stop")
      do {
        for _ in 0..<2 { try await cron.failingRun(exit: 1, "MESH-API-UNREACHABLE") }
        try await lab.sh("server", "start")
      } catch {
        try await lab.sh("server", "start")
        throw error
      }
      // Its clients come back within seconds; the first run waits for them where it has to.
      try await cron.repairingRun()
      try await lab.sh("server", "restart")
      try await cron.run { #expect($0.exit == 0, "\($0.all)") }
      try await cron.expectRight()

      let gamma = try await cron.id("gamma")
      try await lab.sh("stop", "gamma")
      do {
        try await lab.waitUntilOffline(gamma)
        try await lab.server.setTags(["tag:db"], node: try await cron.id("alpha"))
        // One dead host holds nobody up.
        try await cron.failingRun(exit: 3, "gamma")
        #expect(try await lab.node("alpha").tags == ["tag:server"])
        try await lab.sh("start", "gamma")
      } catch {
        try await lab.sh("start", "gamma")
        throw error
      }
      try await cron.run { #expect($0.exit == 0, "\($0.all)") }
      try await cron.expectRight()
      #expect(try await cron.id("gamma") == gamma)
    }

    private func disturbedState(_ cron: Cron) async throws {
      let lab = cron.lab
      let state = lab.work("state/meshctl")
      try await cron.silentRun()
      for name in try FileManager.default.contentsOfDirectory(atPath: state + "/locks") {
        try FileManager.default.removeItem(atPath: state + "/locks/" + name)
      }
      try await cron.silentRun()
      try await lab.server.setTags(["tag:db"], node: try await cron.id("alpha"))
      try Data("\u{0}no json".utf8).write(to: URL(filePath: state + "/cache.json"))
      try await cron.repairingRun()
      try FileManager.default.removeItem(atPath: state)
      try await cron.silentRun()

      // A run that is stopped in the middle, and one that comes meanwhile.
      try await lab.server.setTags(["tag:db"], node: try await cron.id("alpha"))
      try await cron.run { running in
        try await cron.untilLocked(by: running)
        try running.send(.pause)
        do {
          let started = ContinuousClock.now
          let second = try await lab.meshctl(
            "apply", cron.inventory, "--auto-approve", "--quiet")
          #expect(second.exit == 5, "\(second.all)")
          #expect(second.error.contains("process \(running.pid) since "), "\(second.all)")
          #expect(second.output.isEmpty)
          #expect(ContinuousClock.now - started < .seconds(30), "it waited")
        } catch {
          try running.send(.goOn)
          throw error
        }
        try running.send(.goOn)
      } _: {
        #expect($0.exit == 0, "\($0.all)")
      }
      try await cron.expectRight()
    }

    private func everythingAtOnce(_ cron: Cron) async throws {
      let lab = cron.lab
      try await cron.silentRun()
      for number in 0..<2 {
        let ids = try await lab.ids()
        let alpha = try #require(ids["alpha"])
        try await lab.server.setTags(["tag:db"], node: alpha)
        try await lab.server.approve(["10.99.0.0/24"], node: try #require(ids["beta"]))
        try await lab.onHost("beta", "systemctl stop tailscaled")
        try await lab.waitUntilOffline(try #require(ids["beta"]))
        if number == 0 {
          try await lab.server.rename(node: try #require(ids["gamma"]), to: "somebody-else")
        } else {
          try await lab.server.delete(node: try #require(ids["gamma"]))
        }
        try await cron.repairingRun(joins: number)
      }
    }
  }
}
