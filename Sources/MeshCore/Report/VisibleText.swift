/// Makes text from outside safe to print on one line of a terminal.
///
/// A host name, an error text or a line of a file may hold escape sequences that recolour or rewrite
/// the screen, bidi controls that reorder what is read, or line breaks that forge a line of output.
package enum VisibleText {
  /// The text with every control, bidi, zero-width and line-separating character as `\u{…}`.
  ///
  /// What can be seen is left alone, so ordinary text comes back unchanged.
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = ""
    for scalar in text.unicodeScalars { append(scalar, to: &result) }
    return result
  }

  /// The escaped text, cut to at most `limit` characters with `…` at the end.
  package static func escaped(_ text: String, limit: Int) -> String {
    // Cut first: a megabyte of outside text must not be escaped to show forty characters.
    let head = String(text.prefix(limit + 1))
    let shown = escaped(head)
    guard head.count > limit || shown.count > limit else { return shown }
    return shown.prefix(max(0, limit - 1)) + "…"
  }

  /// The visible form of one scalar.
  static func escaped(_ scalar: Unicode.Scalar) -> String {
    var result = ""
    append(scalar, to: &result)
    return result
  }

  /// True for characters that act on the terminal or the eye instead of being seen.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: false
    case 0..<0x20, 0x7F..<0xA0: true  // C0, DEL, C1
    case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5: true
    case 0x180B...0x180F: true
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
    case 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB: true
    case 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF: true
    default: false
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    if isHidden(scalar) {
      result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
}
