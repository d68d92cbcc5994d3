import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// The matrix as people see it, at widths of terminals.
@Suite struct ReachTextTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Cases/reach")

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var make: @Sendable () throws -> ReachReport
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "three-direct") {
      let mesh = try ReachMesh(names: ["web-1", "db-1", "desk"])
      return mesh.report(mesh.plan()) { a, b in
        ReachMesh.pong("198.51.100.\(b):41641", "\(a * b)ms")
      }
    },
    Case(name: "mixed") {
      var mesh = try ReachMesh(
        """
        hosts:
          web-1: {owner: alice, expect: ["db-1:5432", "10.0.0.5"]}
          db-1: {owner: alice}
          nas: {owner: alice}
          laptop: {owner: alice, offline: ignore}
          old-1: {owner: alice}
          new-1: {owner: alice}
          dead-1: {owner: alice}
        """)
      mesh.nodes[3].online = false
      mesh.nodes[4].online = false
      mesh.nodes.remove(at: 5)
      let lost = Diagnostic(
        .sshUnreachable, .error, "dead-1 does not answer at dead-1:22", hint: "ssh dead-1",
        host: "dead-1")
      return mesh.report(mesh.plan(), refusing: ["dead-1": lost]) { a, b in
        switch (a, b) {
        case (1, 2): (1, "pong from db-1 (100.64.0.2) via DERP(fra) in 42ms")
        case (2, 3): (1, "ping \"100.64.0.3\" timed out\nno reply")
        case (3, 2): (1, "no matching peer")
        default: ReachMesh.pong("198.51.100.\(b):41641", "1.25s")
        }
      }
    },
    Case(name: "forty-long-names") {
      let names = (1...40).map { number in
        "n\(number)-" + String(repeating: "x", count: 63 - "n\(number)-".count)
      }
      let mesh = try ReachMesh(names: names)
      return mesh.report(mesh.plan()) { a, b in
        if b == 7 { return (1, "no reply") }
        if a == 9 { return (1, "no matching peer") }
        if a == 3, b == 4 { return (1, "pong from n4 (100.64.0.4) via DERP(fra) in 99ms") }
        return ReachMesh.pong("198.51.100.\(b):41641", "\(a)ms")
      }
    },
    Case(name: "hundred") {
      let mesh = try ReachMesh(names: (1...100).map { "host-\($0)" })
      return mesh.report(mesh.plan(sample: 6)) { a, b in
        a == 5 || b == 5 ? (1, "no reply") : ReachMesh.pong("198.51.100.\(b):41641", "\(a)ms")
      }
    },
    Case(name: "nobody") {
      let mesh = try ReachMesh(names: ["only"])
      return mesh.report(mesh.plan()) { _, _ in (1, "") }
    },
    Case(name: "hostile") {
      var mesh = try ReachMesh(names: ["web-1", "db-1"])
      mesh.nodes[1].givenName = "db-1"
      return mesh.report(mesh.plan()) { a, _ in
        a == 1
          ? (1, "\u{1B}[2J\u{202E}forged\r\u{7}")
          : (1, "pong from \u{1B}[31mx (1) via DERP(\u{1B}[0m\u{202E}) in 3ms")
      }
    },
  ]

  @Test(arguments: cases, [60, 80, 120, 200, nil])
  func looksLikeThis(matrix: Case, width: Int?) throws {
    let text = ReachText(try matrix.make(), style: TextStyle(width: width)).rendered
    let name = matrix.name + (width.map { "-\($0)" } ?? "") + ".txt"
    GoldenFile(url: Self.folder.appendingPathComponent(name)).expect(text)
    for line in text.split(separator: "\n") {
      for scalar in line.unicodeScalars { #expect(!VisibleText.isHidden(scalar)) }
      guard let width else { continue }
      // A word that is longer than the line stays whole: names of 63 characters do.
      let isLong = line.split(separator: " ").contains { $0.count > width / 2 }
      #expect(line.count <= width || isLong, "\(line)")
    }
  }

  @Test(arguments: cases) func jsonIsAContract(matrix: Case) throws {
    let report = try matrix.make()
    guard report.members.count < 40 else { return }
    GoldenFile(url: Self.folder.appendingPathComponent(matrix.name + ".json"))
      .expect(ReachDocument.json(report) + "\n")
  }

  @Test func colourOnlyWhereItIsAskedFor() throws {
    let report = try Self.cases[1].make()
    #expect(!ReachText(report, style: TextStyle(width: 80)).rendered.contains("\u{1B}"))
    let painted = ReachText(report, style: TextStyle(color: true, width: 80)).rendered
    #expect(painted.contains("\u{1B}[31m") && painted.contains("\u{1B}[32m"))
    #expect(
      painted.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        == ReachText(report, style: TextStyle(width: 80)).rendered)
  }

  @Test func sayingMoreSaysWhy() throws {
    let text = ReachText(
      try Self.cases[1].make(), style: TextStyle(width: 100, verbose: true)
    ).rendered
    #expect(text.contains("evidence: no reply") && text.contains("+ web-1 → db-1:5432"))
  }

  /// Everything is counted once, and the exit follows from the counts.
  @Test(arguments: cases) func countsAddUp(matrix: Case) throws {
    let report = try matrix.make()
    let counts = report.counts
    #expect(
      counts.direct + counts.relayed + counts.unreachable + counts.notAsked == report.pairs.count)
    #expect(
      counts.endpointsReached + counts.endpointsFailed == report.expectations.count)
    #expect(report.isComplete == ["three-direct", "nobody"].contains(matrix.name))
  }
}
