/// Puts phrases beside a head, on one line where they fit, else one below the other.
enum TextFlow {
  static func flow(head: String, parts: [String], width: Int?) -> [String] {
    let oneLine = head + parts.joined(separator: "    ")
    guard let width, TextWidth.columns(of: oneLine) > width else { return [trimmed(oneLine)] }
    let headWidth = TextWidth.columns(of: head)
    // Beside a long head there is no room for words, so they go below it.
    let isBeside = headWidth <= max(6, width / 2)
    let indent = String(repeating: " ", count: isBeside ? headWidth : 6)
    var lines = isBeside ? [] : [head]
    for part in parts {
      for text in wrap(part, room: max(20, width - indent.count)) {
        lines.append((lines.isEmpty ? head : indent) + text)
      }
    }
    return lines.map(trimmed)
  }

  /// One sentence, broken where a terminal would cut it inside a word.
  static func sentence(_ text: String, width: Int?) -> [String] {
    guard let width, TextWidth.columns(of: text) > width else { return [text] }
    return wrap(text, room: max(20, width))
  }

  /// Without blanks at the end.
  static func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// Breaks at spaces; a word that is longer than the room stays whole.
  static func wrap(_ text: String, room: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var columns = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, columns + 1 + TextWidth.columns(of: word) > room {
        lines.append(line)
        line = String(word)
        columns = TextWidth.columns(of: word)
      } else {
        columns += TextWidth.columns(of: word) + (line.isEmpty ? 0 : 1)
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    lines.append(line)
    return lines
  }
}
