import Foundation
import Testing

/// Design law 10: one bad host never stops the others, and its error says what to do.
extension LabTests {
  @Suite("Failures") struct FailureTests {
    @Test func `Of four hosts three fail, each with code, cause, evidence and next command`()
      async throws
    {
      let lab = try LabTests.lab()
      try await lab.emptyTailnet()
      let wrong = lab.work("files/wrong.password")
      try Data("not-the-password\n".utf8).write(to: URL(fileURLWithPath: wrong))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: wrong)
      var inventory = try LabInventory.standard(lab)
      inventory["beta"]["ssh"] = LabInventory.ssh(
        user: "ops", key: try lab.hostKey("beta"), lab, "connect_timeout: 3s")
      inventory["alpha"]["become"] = "{password: {file: \(wrong)}}"
      inventory["gamma"]["server_url"] = "http://nowhere.lab.test:8080"
      inventory.hosts.append(
        try LabInventory.host("delta", of: lab, user: "ops", ["owner": "lab"]))
      try await lab.sh("stop", "beta", "--hard")

      let apply = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--format", "json")
      #expect(apply.exit == 3, "\(apply.all)")
      let events = try ApplyEvent.all(apply)
      let expected = [
        ("alpha", "MESH-ELEVATE-WRONG-PASSWORD"), ("beta", "MESH-SSH-UNREACHABLE"),
        ("gamma", "MESH-SERVER-RESOLVE"),
      ]
      for (host, code) in expected {
        let outcome = try events.outcome(host)
        #expect(["failed", "blocked"].contains(outcome.result), "\(outcome)")
        let finding = try #require(
          outcome.diagnostics.first { $0.code == code }, "\(host): \(outcome)")
        #expect(finding.severity == "error")
        #expect(!finding.message.isEmpty, "\(finding)")
        #expect(finding.detail?.isEmpty == false, "no cause: \(finding)")
        #expect(finding.evidence?.isEmpty == false, "no evidence: \(finding)")
        #expect(finding.hint?.isEmpty == false, "no next command: \(finding)")
      }
      #expect(try events.outcome("delta").result == "changed", "\(apply.all)")
      #expect(try await lab.server.nodes().map(\.givenName) == ["delta"])
      #expect(!lab.hasClient("gamma"), "installed although the server was out of reach")
      try await expectNothingLeft(lab, on: ["alpha", "gamma", "delta"])

      // The same for people; what was done stays done.
      let again = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(again.exit == 3, "\(again.all)")
      for (_, code) in expected { #expect(again.output.contains(code), "\(again.all)") }
      #expect(again.output.contains("1 in sync"), "\(again.all)")
    }

    @Test func `A user without sudo rights is told so, before anything is done`() async throws {
      let lab = try LabTests.lab()
      try await lab.emptyTailnet(fresh: ["beta"])
      var inventory = try LabInventory.standard(lab).only("beta")
      inventory["beta"]["ssh"] = LabInventory.ssh(
        user: "nosudo", key: try lab.hostKey("beta"), lab)
      let refused = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--format", "json")
      #expect(refused.exit == 3 || refused.exit == 4, "\(refused.all)")
      let codes = try ApplyEvent.all(refused).outcome("beta").diagnostics.map(\.code)
      #expect(codes.contains { $0.hasPrefix("MESH-ELEVATE-") }, "\(refused.all)")

      // With the right password sudo itself says no.
      let given = try await lab.exec(
        "beta", "chpasswd <<'END'\nnosudo:\(lab.password)\nEND\n")
      #expect(given.exit == 0, "\(given.all)")
      inventory["beta"]["become"] = "{password: {file: \(lab.description.patPasswordFile)}}"
      let asked = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--format", "json")
      #expect(asked.exit == 3, "\(asked.all)")
      let outcome = try ApplyEvent.all(asked).outcome("beta")
      #expect(
        outcome.diagnostics.contains { $0.code == "MESH-ELEVATE-REFUSED" }, "\(asked.all)")
      #expect(!lab.hasClient("beta"))
      try await expectNothingLeft(lab, on: ["beta"])
    }

    private func expectNothingLeft(_ lab: Lab, on hosts: [String]) async throws {
      let keys = try await lab.server.keys()
      #expect(keys.allSatisfy { !$0.isUsable() }, "usable keys remain: \(keys)")
      for host in hosts { try await SecretSearch(lab: lab).expectNothing(on: host) }
      #expect(lab.leftProcesses().isEmpty)
      #expect(try lab.leftFiles().isEmpty)
    }
  }
}
