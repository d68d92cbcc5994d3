import Foundation
import Testing

/// The field report's own proof of success: everybody pings everybody.
extension LabTests {
  @Suite("Verify") struct VerifyTests {
    @Test func `The matrix is right when a pair is cut off, and right again afterwards`()
      async throws
    {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      let server = try lab.serverAddress
      // Nothing listens on the second one.
      inventory["gamma"]["expect"] = "[\"\(server):8080\", \"\(server):9\"]"
      let before = try await lab.server.everything()
      let all = ["alpha", "beta", "gamma"]
      let whole = pairs(all, "direct")
      try await expect(lab, inventory, whole, exit: 3)
      inventory["gamma"]["expect"] = "[\"\(server):8080\"]"

      let hosts = ["alpha", "gamma"]
      do {
        try await filter(lab, "OUTPUT -d \(try address("gamma", lab))", on: "alpha")
        try await filter(lab, "INPUT -s \(try address("gamma", lab))", on: "alpha")
        let relayed = whole.merging(pairs(hosts, "relayed")) { $1 }
        try await expect(lab, inventory, relayed, exit: 0)
        // The same for people.
        let text = try await lab.meshctl("verify", inventory)
        let words = "6 of 6 directions reached, 4 direct, 2 relayed; 0 unreachable"
        #expect(text.exit == 0 && text.output.contains(words), "\(text.all)")

        // Real clients keep their connection to the relay, so that a filter comes too late for them.
        if ProcessInfo.processInfo.environment["MESHCTL_LAB_HEADSCALE"] == nil {
          for host in hosts {
            try await filter(
              lab, "OUTPUT -p tcp -m string --algo bm --string 'GET /derp'", on: host)
          }
          let cut = whole.merging(pairs(hosts, "unreachable")) { $1 }
          let verify = try await expect(lab, inventory, cut, exit: 3)
          #expect(verify.output.contains("MESH-REACH-NO-ANSWER"), "\(verify.all)")
        }
      } catch {
        for host in hosts { try await lab.onHost(host, "iptables -F") }
        throw error
      }
      for host in hosts { try await lab.onHost(host, "iptables -F") }
      try await expect(lab, inventory, whole, exit: 0)
      #expect(try await lab.server.everything() == before)
      for host in all { try await SecretSearch(lab: lab).expectNothing(on: host) }
    }

    private struct Document: Decodable {
      struct Pair: Decodable {
        var from: String
        var to: String
        var result: String
      }
      struct Endpoint: Decodable { var result: String }
      var pairs: [Pair]
      var expect: [Endpoint]
    }

    /// Both directions of every pair.
    private func pairs(_ hosts: [String], _ result: String) -> [String: String] {
      var all: [String: String] = [:]
      for from in hosts { for to in hosts where to != from { all["\(from) → \(to)"] = result } }
      return all
    }

    @discardableResult
    private func expect(
      _ lab: Lab, _ inventory: LabInventory, _ wanted: [String: String], exit: Int32,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Ending {
      let json = try await lab.meshctl("verify", inventory, "--format", "json")
      #expect(json.exit == exit, "\(json.all)", sourceLocation: sourceLocation)
      let document = try JSONDecoder().decode(Document.self, from: Data(json.output.utf8))
      let found = Dictionary(
        document.pairs.map { ("\($0.from) → \($0.to)", $0.result) }, uniquingKeysWith: { $1 })
      #expect(found == wanted, sourceLocation: sourceLocation)
      #expect(
        document.expect.filter { $0.result == "reached" }.count == 1, "\(json.all)",
        sourceLocation: sourceLocation)
      return json
    }

    private func address(_ host: String, _ lab: Lab) throws -> String {
      try #require(lab.description.hosts[host]).address
    }

    private func filter(_ lab: Lab, _ rule: String, on host: String) async throws {
      try await lab.onHost(host, "iptables -A \(rule) -j DROP")
    }
  }
}
