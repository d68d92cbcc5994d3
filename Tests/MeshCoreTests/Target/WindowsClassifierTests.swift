import Foundation
import MeshCore
import Testing

/// One row of what Windows and its installers say (reference tailscale-client.md §1.4, §2.5, §3).
struct WindowsClassifierCase: Sendable, Decodable, CustomTestStringConvertible {
  var kind: String
  var exit: Int
  var text: String
  /// Nil where nothing is wrong.
  var code: String?
  var retry: Bool?
  /// A part of the next command.
  var hint: String?
  /// A part of what is said.
  var words: String?

  var testDescription: String { "\(kind) \(exit) \(text.prefix(60))" }

  static func all() throws -> [WindowsClassifierCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Cases/windows/classifier.json")
    return try JSONDecoder().decode([WindowsClassifierCase].self, from: Data(contentsOf: file))
  }
}

@Suite struct WindowsClassifierTests {
  private static let host = HostFixture.host("win-lab") { $0.os = .windows }

  @Test func thereAreCases() throws {
    let cases = try WindowsClassifierCase.all()
    #expect(cases.count >= 100)
    #expect(Set(cases.map(\.kind)) == ["client", "msiexec", "winget", "powershell"])
  }

  @Test func everyCase() throws {
    for row in try WindowsClassifierCase.all() {
      switch row.kind {
      case "client":
        try finding(ClientClassifier.diagnostic(of: row.text, on: Self.host), row)
      case "powershell":
        try finding(PowerShellClassifier.diagnostic(of: row.text, on: Self.host), row)
      case "msiexec":
        let verdict = MsiexecClassifier.verdict(row.exit)
        #expect(verdict.code == row.exit)
        expect(verdict.problem, verdict.words, verdict.retries, verdict.hint, row)
      case "winget":
        let verdict = WingetClassifier.verdict(row.exit, text: row.text)
        expect(verdict.problem, verdict.words, verdict.retries, verdict.hint, row)
      default: Issue.record("unknown kind \(row.kind)")
      }
    }
  }

  private func finding(_ found: Diagnostic?, _ row: WindowsClassifierCase) throws {
    let found = try #require(found, "\(row.testDescription)")
    #expect(found.code.rawValue == row.code, "\(row.testDescription): \(found)")
    #expect(Cause.of(found.code)?.passes == row.retry, "\(row.testDescription)")
    #expect(found.hint?.contains(row.hint ?? "?") == true, "\(row.testDescription): \(found)")
    for said in [found.message, found.hint ?? ""] {
      #expect(!said.contains("HOST") && !said.contains("systemctl") && !said.contains("journalctl"))
    }
    #expect(found.evidence.map { row.text.contains($0.prefix(80)) } == true, "\(found)")
  }

  private func expect(
    _ problem: DiagnosticCode?, _ words: String, _ retries: Bool, _ hint: String,
    _ row: WindowsClassifierCase
  ) {
    #expect(problem?.rawValue == row.code, "\(row.testDescription): \(words)")
    #expect(words.contains(row.words ?? "?"), "\(row.testDescription): \(words)")
    #expect(retries == row.retry, "\(row.testDescription)")
    #expect(row.hint.map(hint.contains) ?? hint.isEmpty, "\(row.testDescription): \(hint)")
  }

  /// What leads to a person at the host, and what does not: the server, its name, key and tags fail for
  /// everybody.
  @Test func whatAPersonCanGetPast() {
    for code in [DiagnosticCode.clientServerMode, .clientOtherUser, .joinTimeout, .joinDropped] {
      #expect(code.leadsToPerson, "\(code)")
    }
    for code in [
      DiagnosticCode.joinResolve, .joinConnect, .joinKeySpent, .joinTags, .joinTLS, .clientTooOld,
      .clientPolicy, .joinBusy,
    ] { #expect(!code.leadsToPerson, "\(code)") }
  }
}
