import Foundation
import MeshCore
import Testing

/// What meshctl renders for Windows, read by a real grammar.
@Suite(
  .timeLimit(.minutes(2)),
  .enabled(
    if: PowerShellGrammar.isThere || ShellRun.isComplete,
    "needs the grammar: bash Tests/Scripts/deps.sh"))
struct PowerShellGrammarTests {
  /// A fixed seed: the same texts in every run.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64 = 20_261_128

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var value = state
      value ^= value >> 33
      value = value &* 0xFF51_AFD7_ED55_8CCD
      return value ^ (value >> 33)
    }
  }

  private func folder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-test-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  /// Every text is one string node of the parse tree that stands for exactly that text.
  @Test func twelveThousandHostileLiterals() async throws {
    let pieces = [
      "'", "''", "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}", "\u{201C}", "\"", "`", "`'", "$",
      "$x", "${x}", "$(id)", "@'", "'@", "@\"", "\n", "\r\n", "\r", " ", "\t", ";", "|", "&", "{",
      "}", "(", ")", "[", "]", "#", "<#", "#>", "%", "\\", "--", "\u{2013}", "=", ",", "é",
      "e\u{301}", "'\u{301}", "\u{2019}\u{301}", "漢", "🙂", "\u{7F}", "\u{1}", "\u{85}",
      "\u{2028}", "\u{FEFF}", "a", "Invoke-Expression", "'; Remove-Item x; '",
    ]
    var numbers = Numbers()
    let texts = (0..<12_000).map { _ in
      (0..<Int.random(in: 0...14, using: &numbers)).map { _ in
        pieces.randomElement(using: &numbers) ?? ""
      }.joined()
    }
    #expect(Set(texts).count > 10_000)
    func encoded(_ text: String) -> String {
      text.isEmpty ? "-" : Data(text.utf8).base64EncodedString()
    }
    let lines = texts.map { "\(encoded($0)) \(encoded(PowerShellQuoting.quoted($0)))\n" }
    try await folder { folder in
      let file = folder.appending(path: "literals")
      try Data(lines.joined().utf8).write(to: file)
      let (ok, said) = try await PowerShellGrammar.check(["--literals", file.path])
      #expect(ok && said == "12000 literals\n", "\(said.prefix(2000))")
    }
  }

  /// Prelude, parameters, secrets and script of every call as one whole.
  @Test func everyRenderedScriptParses() async throws {
    try await folder { folder in
      var files: [String] = []
      for script in ScriptName.allCases {
        let call = RemoteCall(
          script,
          parameters: [
            .init("ARGS", "--hostname=it's\n--x=\"$(y)\"`\u{2019}"), .init("URL", "http://x:1"),
          ],
          secretFiles: script == .join ? [.init("AUTH_KEY_FILE", .preAuthKey)] : [],
          elevated: true, timeout: 1)
        // What is not for Windows has no script there.
        guard let text = try? PowerShellRendering.script(of: call, mark: "mark-1") else { continue }
        let file = folder.appending(path: script.rawValue + ".ps1")
        try Data(text.utf8).write(to: file)
        files.append(file.path)
      }
      let (ok, said) = try await PowerShellGrammar.check(["--parse"] + files)
      #expect(ok, "\(said.prefix(2000))")
      #expect(files.count >= 10)
    }
  }
}
