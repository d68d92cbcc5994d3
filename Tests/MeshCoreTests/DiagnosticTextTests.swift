import MeshCore
import Testing
import YAMLReader

@Suite struct DiagnosticTextTests {
  private static let code = DiagnosticCode(rawValue: "MESH-TEST")

  private static func at(_ line: Int, _ column: Int, _ length: Int = 1) -> SourcePosition {
    SourcePosition(file: "f.yaml", mark: SourceMark(line: line, column: column), length: length)
  }

  private static func render(_ diagnostic: Diagnostic, _ text: String) -> String {
    DiagnosticText.render([diagnostic], source: { _ in Array(text.utf8) })
  }

  @Test func aHostFindingHasNoPlace() {
    let finding = Diagnostic(
      Self.code, .error, "sudo asks for a password", detail: "One.\nTwo.",
      evidence: "sudo: a password\nis required\u{1B}[0m", hint: "meshctl prepare mail-1",
      host: "mail-1")
    #expect(
      DiagnosticText.render([finding]) == """
        mail-1: error[MESH-TEST]: sudo asks for a password
          One.
          Two.
          evidence: sudo: a password\\u{A}is required\\u{1B}[0m
          hint: meshctl prepare mail-1
        1 error

        """)
  }

  @Test func nothingSaysNothing() { #expect(DiagnosticText.render([]) == "") }

  @Test func sortsByPlaceThenCode() {
    let findings = [
      Diagnostic(DiagnosticCode(rawValue: "B"), .warning, "last", host: "h"),
      Diagnostic(DiagnosticCode(rawValue: "B"), .error, "third", position: Self.at(2, 1)),
      Diagnostic(DiagnosticCode(rawValue: "Z"), .error, "first", position: Self.at(1, 9)),
      Diagnostic(DiagnosticCode(rawValue: "A"), .error, "second", position: Self.at(2, 1)),
    ]
    #expect(DiagnosticText.sorted(findings).map(\.message) == ["first", "second", "third", "last"])
    #expect(DiagnosticText.render(findings).hasSuffix("3 errors, 1 warning\n"))
  }

  @Test func aFileThatIsNotAtHandShowsNoLine() {
    let finding = Diagnostic(Self.code, .note, "x", position: Self.at(3, 4))
    #expect(DiagnosticText.render([finding]) == "f.yaml:3:4: note[MESH-TEST]: x\n")
    #expect(Self.render(finding, "one\n") == "f.yaml:3:4: note[MESH-TEST]: x\n")
  }

  /// The line and the caret of one finding.
  private static func snippet(
    _ text: String, _ position: SourcePosition, secrets: [SecretSpan] = []
  ) -> [String] {
    var finding = Diagnostic(code, .error, "x", position: position)
    finding.secrets = secrets
    return render(finding, text).split(separator: "\n").dropFirst().prefix(2).map(String.init)
  }

  @Test func theCaretStandsUnderWideTabbedAndEscapedText() {
    #expect(Self.snippet("日本: x", Self.at(1, 5)) == ["  1 | 日本: x", "    |       ^"])
    #expect(Self.snippet("a\tb", Self.at(1, 3)) == ["  1 | a   b", "    |     ^"])
    #expect(Self.snippet("e\u{301}x", Self.at(1, 3)) == ["  1 | e\u{301}x", "    |  ^"])
    #expect(
      Self.snippet("\u{1B}[2Jx", Self.at(1, 5)) == ["  1 | \\u{1B}[2Jx", "    |          ^"])
    #expect(Self.snippet("ab", Self.at(1, 3, 9)) == ["  1 | ab", "    |   ^"])
    #expect(Self.snippet("ab", Self.at(1, 2, 99)) == ["  1 | ab", "    |  ^"])
  }

  @Test func linesEndWithAnyBreak() {
    let text = "\u{FEFF}one\r\ntwo\rthree\nfour"
    #expect(Self.snippet(text, Self.at(1, 1, 3)) == ["  1 | one", "    | ^^^"])
    #expect(Self.snippet(text, Self.at(2, 1, 3)) == ["  2 | two", "    | ^^^"])
    #expect(Self.snippet(text, Self.at(3, 1)) == ["  3 | three", "    | ^"])
    #expect(Self.snippet(text, Self.at(4, 1)) == ["  4 | four", "    | ^"])
  }

  @Test(arguments: [1, 2, 30, 60, 99, 100, 101, 150, 299, 300, 301])
  func longLinesAreCutAroundTheCaret(column: Int) {
    var line = Array(repeating: Character("."), count: 300)
    if column <= 300 { line[column - 1] = "X" }
    let lines = Self.snippet(String(line), Self.at(1, column))
    #expect(lines.count == 2)
    let shown = Array(lines[0].dropFirst(6))
    let caret = lines[1].dropFirst(6).count - 1
    #expect(shown.count <= 100)
    if column <= 300 { #expect(shown[caret] == "X") }
  }

  @Test func aSecretIsNotShownInAnyFinding() {
    let span = SecretSpan(
      file: "f.yaml", start: SourceMark(line: 1, column: 4), end: SourceMark(line: 2, column: 5))
    let text = "p: hunter2\n  xyz # rest\nlast"
    #expect(
      Self.snippet(text, Self.at(1, 1), secrets: [span]) == ["  1 | p: (secret)", "    | ^"])
    #expect(
      Self.snippet(text, Self.at(2, 7), secrets: [span])
        == ["  2 | (secret)z # rest", "    |           ^"])
    var first = Diagnostic(Self.code, .error, "a", position: Self.at(1, 1))
    first.secrets = [span]
    let second = Diagnostic(Self.code, .error, "b", position: Self.at(1, 3))
    let all = DiagnosticText.render([second, first], source: { _ in Array(text.utf8) })
    #expect(!all.contains("hunter2"))
  }

  @Test func coloursOnlyWhereAsked() {
    let finding = Diagnostic(Self.code, .warning, "x", host: "h")
    let plain = DiagnosticText.render([finding])
    let colored = DiagnosticText.render([finding], color: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[1;33mwarning[MESH-TEST]:\u{1B}[0m"))
  }
}
