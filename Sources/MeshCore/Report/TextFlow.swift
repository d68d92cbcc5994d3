/// Puts phrases beside a head, on one line where they fit, else one below the other.
enum TextFlow {
  static func flow(head: String, parts: [String], width: Int?) -> [String] {
    let oneLine = head + parts.joined(separator: "    ")
    guard let width, oneLine.count > width, parts.count > 1 || oneLine.count > width else {
      return [oneLine]
    }
    let indent = String(repeating: " ", count: min(head.count, max(6, width / 2)))
    var lines: [String] = []
    for (index, part) in parts.enumerated() {
      let wrapped = wrap(part, room: max(20, width - indent.count))
      for (line, text) in wrapped.enumerated() {
        lines.append(index == 0 && line == 0 ? head + text : indent + text)
      }
    }
    return lines
  }

  /// Breaks at spaces; a word that is longer than the room stays whole.
  static func wrap(_ text: String, room: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(line)
        line = String(word)
      } else {
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    lines.append(line)
    return lines
  }
}
