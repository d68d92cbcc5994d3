import MeshCore
import Testing

/// What somebody writes into names, versions and errors who wants to act on whoever reads them.
enum HostileText {
  /// Screen control, titles, links and the clipboard; C1; reading direction; forged lines; markup.
  static let pieces: [String] = [
    "\u{1B}[2J\u{1B}[1;1H", "\u{1B}]0;title\u{7}", "\u{1B}]8;;http://evil.example\u{1B}\\x",
    "\u{1B}]52;c;cm0gLXJm\u{7}", "\u{7}\u{8}\u{7F}", "\u{9B}31m\u{9D}0;x\u{9C}",
    "\u{202E}gnp.exe\u{2066}\u{2069}", "\u{200B}\u{FEFF}\u{2028}", "x\r\nPlan: 0 to change.\n",
    "</td></pre><script>alert(1)</script>", "| x |`**[y](http://evil.example)", "@octocat #1",
    "$(touch /tmp/meshctl-hostile-text)`id`", "-oProxyCommand=x",
  ]

  static let all = pieces.joined(separator: "-")

  /// Characters in program output that act instead of being seen.
  static func acting(in text: String) -> [String] {
    text.unicodeScalars.filter { $0 != "\n" && VisibleText.isHidden($0) }
      .map { "U+" + String($0.value, radix: 16) }
  }

  /// Fails where program output acts on a terminal or holds markup that is not ours.
  static func expectHarmless(_ ending: MeshctlProgram.Ending, _ about: String) {
    for text in [ending.output, ending.errors] {
      let found = acting(in: text)
      #expect(found == [], "\(about): \(text.debugDescription.prefix(2_000))")
    }
    #expect(!ending.errors.contains("Fatal error"), "\(about)")
  }
}
