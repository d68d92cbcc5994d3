import Foundation
import Testing

extension LabTests {
  @Suite("Doctor") struct DoctorTests {
    @Test func `All is well on a converged mesh, and what is not is named with its code`()
      async throws
    {
      let lab = try LabTests.lab()
      let inventory = try await lab.converged()
      let before = try await lab.server.everything()
      let well = try await doctor(lab, inventory, exit: 0)
      #expect(well.hosts.map(\.name) == ["alpha", "beta", "gamma"])
      // A look sends no password, so whether alpha's is right stays open.
      let open = well.all.filter { $0.verdict != "pass" }
      #expect(open.map(\.verdict) == ["unknown"] && open.map(\.check) == ["elevation"], "\(open)")
      #expect(
        try well.host("alpha").checks.contains {
          $0.check == "elevation" && $0.verdict == "unknown"
        })
      #expect(well.server.checks.contains { $0.check == "api-key" })
      #expect(well.hosts.allSatisfy { $0.checks.contains { $0.check == "package-source" } })

      // One host is off, and one asks for a password that nobody gave.
      var one = inventory
      one["alpha"]["become"] = nil
      one["beta"]["ssh"] = LabInventory.ssh(
        user: "ops", key: try lab.hostKey("beta"), lab, "connect_timeout: 3s")
      try await lab.sh("stop", "beta", "--hard")
      let ill = try await doctor(lab, one, exit: 3)
      try await lab.sh("start", "beta")
      #expect(try ill.host("beta").failure("tcp")?.code == "MESH-SSH-UNREACHABLE", "\(ill)")
      let password = try #require(try ill.host("alpha").failure("elevation"), "\(ill)")
      #expect(password.code == "MESH-ELEVATE-PASSWORD", "\(password)")
      #expect(password.hint?.contains("meshctl prepare alpha") == true, "\(password)")
      #expect(try ill.host("gamma").checks.allSatisfy { $0.verdict == "pass" }, "\(ill)")

      try await lab.sh("server", "stop")
      let gone: Report
      do { gone = try await doctor(lab, inventory, exit: 3) } catch {
        try await lab.sh("server", "start")
        throw error
      }
      try await lab.sh("server", "start")
      let api = try #require(gone.server.failure("api"), "\(gone)")
      #expect(api.code.hasPrefix("MESH-API-") && api.hint?.isEmpty == false, "\(api)")
      for host in gone.hosts {
        #expect(host.failure("server-url")?.code == "MESH-SERVER-CONNECT", "\(host)")
      }
      let back = try await eventually(within: 20) {
        try await lab.server.nodes().allSatisfy(\.online)
      }
      #expect(back, "the clients do not come back")
      #expect(try await lab.server.everything() == before)
      try await expectSettled(lab, inventory)
    }

    private struct Report: Decodable {
      struct Finding: Decodable {
        var code: String
        var hint: String?
      }
      struct Check: Decodable {
        var check: String
        var verdict: String
        var words: String
        var diagnostic: Finding?
      }
      struct Part: Decodable {
        var name: String?
        var checks: [Check]

        func failure(_ name: String) -> Finding? {
          checks.first { $0.check == name && $0.verdict == "fail" }?.diagnostic
        }
      }
      var server: Part
      var hosts: [Part]

      var all: [Check] { server.checks + hosts.flatMap(\.checks) }

      func host(_ name: String) throws -> Part {
        try #require(hosts.first { $0.name == name })
      }
    }

    private func doctor(
      _ lab: Lab, _ inventory: LabInventory, exit: Int32,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Report {
      let ending = try await lab.meshctl("doctor", inventory, "--format", "json")
      #expect(ending.exit == exit, "\(ending.all)", sourceLocation: sourceLocation)
      return try JSONDecoder().decode(Report.self, from: Data(ending.output.utf8))
    }
  }
}
