/// Picks the one line of another program's output that says why.
package enum TextEvidence {
  /// Longer lines are cut, since evidence is one line of a message.
  private static let limit = 300

  /// The first line that holds the needle.
  package static func line(containing needle: String, in text: String) -> String? {
    lines(text).first { $0.contains(needle) }.map(shortened)
  }

  /// The first line that is not empty.
  package static func firstLine(of text: String) -> String? {
    lines(text).first.map(shortened)
  }

  /// The last line that is not empty: where most programs put the reason.
  package static func lastLine(of text: String) -> String? {
    lines(text).last.map(shortened)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { trimmed(String($0)) }.filter { !$0.isEmpty }
  }

  private static func shortened(_ line: String) -> String {
    line.count > limit ? line.prefix(limit) + "…" : line
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
