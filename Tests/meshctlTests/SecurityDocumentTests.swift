import Foundation
import Testing

/// SECURITY.md names who attacks, what stops him and which test tries it; the tests have to be there.
@Suite struct SecurityDocumentTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func document() throws -> String {
    try String(contentsOf: root.appending(path: "SECURITY.md"), encoding: .utf8)
  }

  /// Every test source by its name and text.
  private static func sources() throws -> [String] {
    let folder = root.appending(path: "Tests")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try names.filter { $0.hasSuffix(".swift") }.map {
      try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
    }
  }

  @Test func everyNamedTestExists() throws {
    let sources = try Self.sources()
    var seen: Set<String> = []
    for match in try Self.document().matches(of: #/`([A-Z][A-Za-z0-9]+)\.([a-zA-Z0-9 `]+?)`/#) {
      let (suite, name) = (String(match.1), String(match.2))
      // The document's own word for how tests are named.
      if match.output.0 == "`Suite.test`" { continue }
      seen.insert("\(suite).\(name)")
      let files = sources.filter { text in
        text.contains("struct \(suite)") || text.contains("extension \(suite)")
      }
      let isThere = files.contains { text in
        text.contains("func \(name)(") || text.contains("func `\(name)`(")
      }
      #expect(isThere, "SECURITY.md names \(suite).\(name), and there is no such test")
    }
    #expect(seen.count >= 40, "\(seen.count) tests are named")
  }

  @Test func everyAttackerIsTried() throws {
    let text = try Self.document()
    for attacker in [
      "hostile node", "hostile host", "hostile pull request", "hostile server answer",
      "local user on the target", "local user on the controller",
    ] {
      let heading = try #require(
        text.range(of: "### A \(attacker)", options: .caseInsensitive), "\(attacker)")
      let section = text[heading.upperBound...].prefix { $0 != "#" }
      let rows = section.split(separator: "\n").filter {
        $0.hasPrefix("|") && $0.contains(#/`[A-Z][A-Za-z0-9]+\.[a-z]/#)
      }
      #expect(rows.count >= 3, "\(attacker): \(rows.count) rows name a test")
      // Every attempt has its test; the first two lines are the table's head.
      let all = section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
      #expect(all.count == rows.count, "\(attacker) has a row without a test")
    }
  }
}
