/// Outside text inside markdown and HTML, so that it stays text.
enum MarkupText {
  /// For the content of an HTML element: hidden characters visible, `&`, `<`, `>` and quotes as
  /// entities.
  static func html(_ text: String) -> String {
    replaced(VisibleText.escaped(text)) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: nil
      }
    }
  }

  /// For inline code in a markdown table, written as `<code>`: every ASCII punctuation mark becomes an
  /// entity, because markdown gives a meaning to most of them and none to an entity.
  ///
  /// Inside `<code>` forges also leave `@names` and `#numbers` alone, which they would turn into
  /// mentions and links elsewhere.
  static func code(_ text: String) -> String {
    let shown = replaced(VisibleText.escaped(text)) { scalar in
      switch scalar {
      case "-", ".", ",", "/", "(", ")", "+", "=", " ": nil
      default: isPunctuation(scalar) ? "&#\(scalar.value);" : nil
      }
    }
    return "<code>\(shown)</code>"
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  private static func replaced(
    _ text: String, _ entity: (Unicode.Scalar) -> String?
  ) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if let entity = entity(scalar) {
        result += entity
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
