import YAMLReader

/// A line or a pair of a mapping that is to be written.
enum YAMLItem: Equatable {
  case blank
  /// One line of comment; characters that a reader refuses or that act on the eye are escaped.
  case comment(String)
  /// `note` becomes a comment behind the key or the value.
  case pair(String, YAMLValue, note: String? = nil)
  /// Written as comments, so that taking the `# ` away makes them part of the file.
  case disabled([YAMLItem])
}

/// What stands behind a key that is to be written.
enum YAMLValue: Equatable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([String])
  case mapping([YAMLItem])
}

/// Writes block-style YAML that every reader understands alike.
///
/// Small on purpose: mappings, lists of texts, and scalars are all that an inventory needs.
enum YAMLWriting {
  /// Lists are broken before this column where they can be.
  static let width = 100

  static func text(_ items: [YAMLItem], indent: Int = 0) -> String {
    lines(items, indent: indent).map { $0 + "\n" }.joined()
  }

  static func lines(_ items: [YAMLItem], indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for item in items {
      switch item {
      case .blank: lines.append("")
      case .comment(let text):
        lines.append(margin + (text.isEmpty ? "#" : "# " + CommentText.escaped(text)))
      case .disabled(let items):
        lines += YAMLWriting.lines(items, indent: 0).map {
          $0.isEmpty ? margin + "#" : margin + "# " + $0
        }
      case .pair(let key, let value, let note):
        lines += pair(key, value, note: note.map { "  # " + CommentText.escaped($0) }, indent)
      }
    }
    return lines
  }

  private static func pair(
    _ key: String, _ value: YAMLValue, note: String?, _ indent: Int
  ) -> [String] {
    let head = String(repeating: " ", count: indent) + ScalarText.of(key) + ":"
    let note = note ?? ""
    switch value {
    case .text(let text): return [head + " " + ScalarText.of(text) + note]
    case .number(let number): return [head + " \(number)" + note]
    case .flag(let flag): return [head + (flag ? " true" : " false") + note]
    case .list(let texts): return list(head, texts, note: note, indent)
    case .mapping(let items):
      if items.isEmpty { return [head + " {}" + note] }
      return [head + note] + lines(items, indent: indent + 2)
    }
  }

  private static func list(
    _ head: String, _ texts: [String], note: String, _ indent: Int
  ) -> [String] {
    let margin = String(repeating: " ", count: indent + 2)
    var lines: [String] = []
    var line = head + " ["
    for (index, text) in texts.enumerated() {
      let word = ScalarText.of(text) + (index == texts.count - 1 ? "]" : ",")
      if line.hasSuffix("[") || line == margin {
        line += word
      } else if line.utf8.count + word.utf8.count + 1 > width {
        lines.append(line)
        line = margin + word
      } else {
        line += " " + word
      }
    }
    if texts.isEmpty { line += "]" }
    return lines + [line + note]
  }
}

/// A scalar as YAML text: plain where every reader of YAML 1.1 and 1.2 takes it for the same text,
/// else in double quotes.
enum ScalarText {
  static func of(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// Narrow on purpose: what is in doubt is quoted.
  static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last,
      text.utf8.allSatisfy({ isWordByte($0) || "./@:-".utf8.contains($0) }),
      isWordByte(first) || first == UInt8(ascii: "/"), first != UInt8(ascii: "_"),
      last != UInt8(ascii: ":"), !text.contains("::")
    else { return false }
    // Numbers have many spellings (1e3, 0x1f, 1_000, 12:30, 2001-12-14); only addresses have none.
    if isDigit(first) {
      return IPPrefix.addressBytes(text) != nil || (try? IPPrefix.parse(text)) != nil
    }
    guard !words.contains(text.lowercased()) else { return false }
    return YAMLScalar(text: text, isPlain: true).value == .string(text)
  }

  /// What YAML 1.1 takes for something else than a text, in any case.
  private static let words: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where CommentText.isUnwritable(scalar): result += escape(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (letter, width) =
      scalar.value > 0xFFFF ? ("U", 8) : scalar.value > 0xFF ? ("u", 4) : ("x", 2)
    return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
  }
}

/// Text from outside inside a comment: one line, nothing that a reader refuses or an eye misses.
enum CommentText {
  /// How much of a text from outside a comment shows.
  static let limit = 80

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnwritable(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Somebody else's word in quotes, cut.
  static func quoted(_ text: String) -> String {
    "\"" + VisibleText.escaped(text, limit: limit) + "\""
  }

  /// Hidden characters, and the two that YAML has no way to write but an escape.
  static func isUnwritable(_ scalar: Unicode.Scalar) -> Bool {
    VisibleText.isHidden(scalar) || scalar.value & 0xFFFE == 0xFFFE
  }
}
