import Foundation
import Testing

extension LabTests {
  @Suite("Fresh hosts") struct FreshHostsTests {
    @Test func `Three fresh hosts join an empty tailnet, and then nothing is left to do`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.emptyTailnet()
      let inventory = try LabInventory.standard(lab)

      // Plan: three to join, and nothing written anywhere.
      let before = try await lab.server.everything()
      let plan = try await lab.meshctl("plan", inventory, "--detailed-exitcode")
      #expect(plan.exit == 2, "\(plan.all)")
      #expect(plan.output.contains("Plan: 3 to join, 0 to change"), "\(plan.all)")
      let probed = try await lab.meshctl("plan", inventory, "--detailed-exitcode", "--probe")
      #expect(probed.exit == 2, "\(probed.all)")
      #expect(probed.output.contains("Plan: 3 to join, 0 to change"), "\(probed.all)")
      #expect(try await lab.server.everything() == before)
      for host in Lab.hosts { #expect(!lab.hasClient(host)) }

      // Apply: one connection a host.
      let logins = try await allLogins(lab)
      let apply = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(apply.exit == 0, "\(apply.all)")
      let after = try await allLogins(lab)
      for host in inventory.hosts.map(\.name) {
        #expect(after[host] == (logins[host] ?? 0) + 1, "connections to \(host): \(apply.all)")
      }
      try await expectStandardNodes(lab)
      for host in inventory.hosts.map(\.name) {
        try await SecretSearch(lab: lab).expectNothing(on: host)
      }

      // Nothing is left: no change, no connection, no key.
      try await expectNoChanges(lab, inventory)
      let keys = try await lab.server.keys()
      #expect(keys.allSatisfy { !$0.isUsable() }, "\(keys)")
      let quiet = try await allLogins(lab)
      let again = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(again.exit == 0, "\(again.all)")
      #expect(again.output.contains("No changes. 3 hosts in sync"), "\(again.all)")
      #expect(try await allLogins(lab) == quiet)
      #expect(try await lab.server.keys() == keys)
      let compared = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(compared.exit == 0, "\(compared.all)")
      #expect(compared.output.contains("No changes."), "\(compared.all)")
    }

    @Test func `Secrets from the environment reach no other process`() async throws {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged()
      inventory.server["api"] = nil
      inventory["alpha"]["become"] = "{password: {env: LAB_SUDO}}"
      let stopped = try await lab.exec("alpha", "systemctl stop tailscaled")
      #expect(stopped.exit == 0, "\(stopped.all)")
      // The sampler of every run does the looking; here it allows meshctl itself to have them.
      let ending = try await lab.meshctl(
        "apply", inventory, "--auto-approve",
        environment: ["HEADSCALE_API_KEY": lab.server.key, "LAB_SUDO": lab.password])
      #expect(ending.exit == 0, "\(ending.all)")
      try await expectNoChanges(lab, inventory, environment: ["HEADSCALE_API_KEY": lab.server.key])
    }

    private func allLogins(_ lab: Lab) async throws -> [String: Int] {
      var all: [String: Int] = [:]
      for host in Lab.hosts { all[host] = try await lab.logins(host) }
      return all
    }
  }
}

/// `plan` finds nothing to do.
func expectNoChanges(
  _ lab: Lab, _ inventory: LabInventory, environment: [String: String] = [:],
  sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let plan = try await lab.meshctl(
    "plan", inventory, "--detailed-exitcode", environment: environment)
  #expect(
    plan.exit == 0 && plan.output.contains("No changes."), "\(plan.all)",
    sourceLocation: sourceLocation)
}

/// The server lists exactly what the standard inventory says, and these nodes besides.
func expectStandardNodes(
  _ lab: Lab, besides others: Set<String> = [], sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let listed = try await lab.server.nodes()
  #expect(
    others.isSubset(of: listed.map(\.givenName)), "\(listed)", sourceLocation: sourceLocation)
  let nodes = listed.filter { !others.contains($0.givenName) }
    .sorted { $0.givenName < $1.givenName }
  #expect(
    nodes.map(\.givenName) == ["alpha", "beta", "gamma"], sourceLocation: sourceLocation)
  let wanted: [String: (tags: [String], owner: String?, routes: [String])] = [
    "alpha": (["tag:server"], nil, ["10.77.0.0/24"]), "beta": ([], "lab", ["10.78.0.0/24"]),
    "gamma": ([], "lab", []),
  ]
  for node in nodes {
    guard let want = wanted[node.givenName] else { continue }
    #expect(node.online, sourceLocation: sourceLocation)
    #expect(node.tags ?? [] == want.tags, sourceLocation: sourceLocation)
    #expect(node.routes == want.routes, sourceLocation: sourceLocation)
    #expect((node.availableRoutes ?? []).sorted() == want.routes, sourceLocation: sourceLocation)
    if let owner = want.owner {
      #expect(node.user?.name == owner, sourceLocation: sourceLocation)
    }
  }
}
