import Foundation
import Synchronization
import Testing

extension LabTests {
  @Suite("Routes") struct RouteTests {
    @Test func `A route that goes from one host to another is served all the time`() async throws {
      let lab = try LabTests.lab()
      let standard = try await lab.converged()
      var inventory = standard
      inventory["alpha"]["routes"] = "[]"
      inventory["beta"]["routes"] = "[10.78.0.0/24, 10.77.0.0/24]"
      try await handOver(lab, inventory, "10.77.0.0/24")
      let alpha = try await lab.node("alpha")
      let beta = try await lab.node("beta")
      #expect(alpha.routes.isEmpty && beta.routes == ["10.77.0.0/24", "10.78.0.0/24"])
      try await expectSettled(lab, inventory)

      // And back, where the first host has to wait for the second one.
      try await handOver(lab, standard, "10.77.0.0/24")
      try await expectStandardNodes(lab)
      try await expectSettled(lab, standard)
    }

    private func handOver(_ lab: Lab, _ inventory: LabInventory, _ route: String) async throws {
      let gaps = Mutex<[String]>([])
      let looks = Mutex(0)
      let watch = Task {
        while !Task.isCancelled {
          let nodes = try await lab.server.nodes()
          let serving = nodes.filter { $0.online && ($0.subnetRoutes ?? []).contains(route) }
          looks.withLock { $0 += 1 }
          if serving.isEmpty { gaps.withLock { $0.append("\(nodes)") } }
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      let apply = try await lab.meshctl("apply", inventory, "--auto-approve")
      watch.cancel()
      do {
        try await watch.value
      } catch is CancellationError {
        // The end of the watch.
      }
      #expect(apply.exit == 0, "\(apply.all)")
      let found = gaps.withLock { $0 }
      #expect(found.isEmpty, "nobody serves \(route): \(found.prefix(1)); \(apply.all)")
      #expect(looks.withLock { $0 } > 10)
    }
  }
}
