import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// The status of a few plan cases, as people and scripts see it.
@Suite struct StatusTests {
  static let names = [
    "069-offline-younger-and-older", "071-offline-ignore", "072-expired-wins-over-online",
    "080-preferences-drift", "083-sudo-password", "094-hostile-names", "096-in-sync",
    "099-no-hosts",
    "100-several-blocked-and-done",
  ]

  @Test(arguments: names) func statusOfACase(name: String) throws {
    let report = try Self.report(name)
    let folder = ReportCaseTests.folder.appendingPathComponent("status")
    let text = StatusText(report, style: TextStyle()).rendered
    GoldenFile(url: folder.appendingPathComponent("\(name).txt")).expect(text)
    GoldenFile(url: folder.appendingPathComponent("\(name)-60.txt"))
      .expect(StatusText(report, style: TextStyle(width: 60)).rendered)
    GoldenFile(url: folder.appendingPathComponent("\(name).json"))
      .expect(StatusDocument.json(report) + "\n")
    GoldenFile(url: folder.appendingPathComponent("\(name)-pins.txt"))
      .expect(MachineKeyPins.text(report))
  }

  @Test(arguments: PlanCase.names) func everyHostHasOneState(name: String) throws {
    let report = try Self.report(name)
    #expect(report.rows.map(\.host) == report.plan.hosts.map(\.name))
    let counted = StatusReport.State.allCases.reduce(0) { $0 + report.count($1) }
    #expect(counted == report.rows.count)
    for (row, host) in zip(report.rows, report.plan.hosts) {
      switch host.action {
      case .wait: #expect(row.state == .waiting)
      case .blocked: #expect(row.state == .blocked)
      case .none: #expect([.inSync, .offline, .blocked].contains(row.state))
      case .join, .change, .replace, .remove:
        #expect([.drifted, .offline, .blocked].contains(row.state))
      }
    }
    let text = StatusText(report, style: TextStyle()).rendered
    for scalar in text.unicodeScalars where scalar != "\n" {
      let isHidden = VisibleText.isHidden(scalar)
      #expect(!isHidden)
    }
    let lines = text.split(separator: "\n")
    for row in report.rows {
      let shown = VisibleText.escaped(row.host, limit: 80)
      let count = lines.count { $0.hasPrefix("  \(shown) ") }
      #expect(count == 1, "\(row.host): one line")
    }
  }

  /// What is pasted is made of keys only; a server that lists something else gets no line.
  @Test func pinsArePastedOnlyWhereTheyAreKeys() throws {
    let found = try PlanCase("096-in-sync")
    let key = "mkey:" + String(repeating: "a1", count: 32)
    for (machineKey, isPrinted) in [
      (key, true), ("mkey:" + String(repeating: "g", count: 64), false), ("mkey:abc", false),
      ("mkey:\n  evil: {state: absent}", false), (key + " # x", false), ("", false),
    ] {
      var observation = found.observation
      for index in observation.nodes.indices { observation.nodes[index].machineKey = machineKey }
      var inventory = found.inventory
      for index in inventory.hosts.indices { inventory.hosts[index].machineKey = nil }
      let report = StatusReport(
        plan: found.plan, inventory: inventory, observation: observation, now: PlanCase.now)
      let text = MachineKeyPins.text(report)
      #expect(text.contains("    machine_key: ") == isPrinted)
      #expect(!text.contains("evil"))
    }
  }

  @Test func aPinnedHostIsNotPinnedAgain() throws {
    let text = MachineKeyPins.text(try Self.report("053-pinned-needs-no-ssh"))
    #expect(text.contains("pinned already"))
    #expect(!text.contains("    machine_key: "))
  }

  private static func report(_ name: String) throws -> StatusReport {
    let found = try PlanCase(name)
    return StatusReport(
      plan: found.plan, inventory: found.inventory, observation: found.observation,
      now: PlanCase.now)
  }
}
