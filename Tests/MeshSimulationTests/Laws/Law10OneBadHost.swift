import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

@Suite("Law 10: one bad host never stops the others")
struct OneBadHost {
  struct Fault: Sendable {
    var code: String
    var result: HostOutcome.Result
    var harm: @Sendable (inout SimulatedHost) -> Void
  }

  static let faults: [Fault] = [
    Fault(code: "MESH-SSH-UNREACHABLE", result: .blocked) { $0.faults.unreachable = true },
    Fault(code: "MESH-ELEVATE-PASSWORD", result: .waiting) { $0.privilege = .sudoPassword },
    Fault(code: "MESH-ELEVATE-WRONG-PASSWORD", result: .failed) {
      $0.privilege = .sudoPassword
      $0.faults.wrongSudoPassword = true
    },
    Fault(code: "MESH-ELEVATE-REFUSED", result: .blocked) { $0.privilege = .refused },
    Fault(code: "MESH-ELEVATE-UNAVAILABLE", result: .blocked) { $0.privilege = .unavailable },
    Fault(code: "MESH-SERVER-RESOLVE", result: .failed) {
      $0.faults.unresolvable = ["mesh.example.com"]
    },
    Fault(code: "MESH-SERVER-CONNECT", result: .failed) {
      $0.faults.refused = ["mesh.example.com:443"]
    },
    Fault(code: "MESH-INSTALL-DOWNLOAD", result: .failed) { $0.faults.installFailsAt = "download" },
    Fault(code: "MESH-INSTALL-KEY", result: .failed) { $0.faults.installFailsAt = "key" },
    Fault(code: "MESH-INSTALL-UPDATE", result: .failed) { $0.faults.installFailsAt = "update" },
    Fault(code: "MESH-INSTALL-PACKAGE", result: .failed) { $0.faults.installFailsAt = "install" },
    Fault(code: "MESH-JOIN-TIMEOUT", result: .failed) { $0.faults.joinTimesOut = true },
    Fault(code: "MESH-SSH-LOST", result: .failed) { $0.faults.diesDuring = .elevate },
    Fault(code: "MESH-SSH-LOST", result: .failed) { $0.faults.diesDuring = .checkServer },
    Fault(code: "MESH-SSH-LOST", result: .failed) { $0.faults.diesDuring = .installApt },
    Fault(code: "MESH-SSH-LOST", result: .failed) { $0.faults.diesDuring = .join },
  ]

  @Test func theHealthyOnesConverge() async throws {
    var text = "hosts:\n"
    for index in 1...20 {
      let password = index == 3 ? ", become: {password: {env: PASSWORD}}" : ""
      text += "  host-\(index): {owner: ops\(password)}\n"
    }
    var mesh = try Mesh(text)
    mesh.passwords = ["host-3": Secret("wrong-password")]
    for (index, fault) in OneBadHost.faults.enumerated() {
      await mesh.change("host-\(index + 1)", fault.harm)
    }

    let summary = try await mesh.apply()

    #expect(summary.outcomes.map(\.host) == (1...20).map { "host-\($0)" })
    for (outcome, fault) in zip(summary.outcomes, OneBadHost.faults) {
      #expect(outcome.result == fault.result, "\(outcome)")
      let finding = try #require(outcome.diagnostics.first, "\(outcome)")
      #expect(finding.code.rawValue == fault.code, "\(outcome)")
      #expect(!finding.message.isEmpty)
      #expect(finding.host == outcome.host)
      #expect(finding.hint?.isEmpty == false, "\(finding)")
      #expect((finding.evidence ?? finding.detail)?.isEmpty == false, "\(finding)")
    }
    let healthy = summary.outcomes.dropFirst(OneBadHost.faults.count)
    #expect(healthy.map(\.result) == [.changed, .changed, .changed, .changed])
    for outcome in healthy {
      #expect(await mesh.node(outcome.host)?.isOnline(at: mesh.world.clock.now()) == true)
    }
    #expect(await mesh.validKeys() == [])
  }

  @Test func aUserThatCannotBeCreatedFailsOnlyItsHosts() async throws {
    let mesh = try Mesh("hosts: {one: {owner: office}, two: {owner: ops}, three: {owner: office}}")
    await mesh.world.plan(FaultPlan(.fail, atEffect: 1))
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.failed, .changed, .failed])
    #expect(summary.outcomes[0].diagnostics.map(\.code.rawValue) == ["MESH-API-TIMEOUT"])
    #expect(try await mesh.apply().outcomes.map(\.result) == [.changed, .inSync, .changed])
  }
}
