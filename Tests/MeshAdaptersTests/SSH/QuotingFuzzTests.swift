import Foundation
import MeshCore
import Testing

/// 100,000 strings through the quoting that everything which reaches a shell goes through, in every shell.
@Suite(.timeLimit(.minutes(4))) struct QuotingFuzzTests {
  /// SplitMix64: the same strings everywhere.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }

  static let count = 100_000
  private static let batch = 5_000

  private static let pieces: [String] = [
    "'", "''", "'\\''", "\"", "\\", "\\\\", "\\'", "$", "$'x'", "$(id)", "${x}", "$((1))", "`",
    "`id`",
    "!", "!!", "!$", "\n", "\r", "\r\n", "\t", " ", "*", "?", "[a-z]", "{a,b}", "~", "~root", ";",
    "&",
    "&&", "|", "<", ">", "<<EOF", "EOF", "#", "%", "%s", "%n", "-", "--", "-n", "-e", "=", ":", "/",
    "..", "a", "é", "e\u{301}", "'\u{301}", "漢", "🙂", "\u{FFFD}", "\u{FEFF}", "\u{202E}", "\u{85}",
    "\u{1}", "\u{2}", "\u{4}", "\u{7}", "\u{8}", "\u{1B}[2J", "\u{1B}]0;x\u{7}", "\u{7F}",
    "\u{9B}31m",
    "\u{2018}", "\u{2019}",
  ]

  /// Everything but NUL, which no shell can hold; some are long, and every kind of beginning occurs.
  private static let texts: [String] = {
    var random = Seeded(state: 20_261_128)
    return (0..<count).map { index in
      if index % 5_000 == 17 {
        return String(repeating: pieces.randomElement(using: &random) ?? "'", count: 20_000)
      }
      var text = ""
      for _ in 0..<Int.random(in: 0...10, using: &random) {
        if Int.random(in: 0..<4, using: &random) == 0 {
          let number = UInt32.random(in: 1...0x10FFFF, using: &random)
          text.unicodeScalars.append(Unicode.Scalar(number) ?? "'")
        } else {
          text += pieces.randomElement(using: &random) ?? ""
        }
      }
      return text
    }
  }()

  /// One script a batch.
  ///
  /// A word is quoted as an argument, as the value of a variable, or twice, as what
  /// a login shell hands to another shell.
  private static let scripts: [String] = stride(from: 0, to: count, by: batch).map { start in
    var script = ""
    for index in start..<min(start + batch, count) {
      let word = ShellQuoting.quoted(texts[index])
      switch index % 3 {
      case 0: script += "printf '%s\\000' \(word)\n"
      case 1: script += "unset VALUE\nVALUE=\(word)\nprintf '%s\\000' \"$VALUE\"\n"
      default: script += "eval \(ShellQuoting.quoted("printf '%s\\000' \(word)"))\n"
      }
    }
    return script
  }

  @Test(
    "A hundred thousand strings arrive unchanged",
    arguments: ["C", "C.UTF-8"], [["sh"], ["dash"], ["bash"], ["busybox", "sh"]])
  func arriveUnchanged(locale: String, shell: [String]) async throws {
    // A locale changes how bash reads; the others read bytes, so once is enough.
    guard locale == "C" || shell == ["bash"] else { return }
    guard ShellRun.isComplete || ShellRun.find(shell[0]) != nil else { return }
    var arrived = 0
    for (number, script) in Self.scripts.enumerated() {
      let said = Array(
        try await ShellRun.output(
          shell, script, environment: ["LC_ALL": locale], limit: 64 << 20
        ).utf8
      ).split(separator: 0, omittingEmptySubsequences: false)
      let expected = Self.texts[(number * Self.batch)..<min((number + 1) * Self.batch, Self.count)]
      try #require(said.count == expected.count + 1, "\(shell) cut batch \(number)")
      let wrong = zip(expected, said).first { !$0.utf8.elementsEqual($1) }
      try #require(wrong == nil, "\(shell): \(wrong?.0.debugDescription ?? "")")
      arrived += expected.count
    }
    #expect(arrived == 100_000)
  }
}
