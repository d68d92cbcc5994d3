/// What Headscale takes as names, and the nearest name it would take.
package enum NameRules {
  /// True for `^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$` with at least two characters.
  package static func isNodeName(_ text: String) -> Bool {
    let bytes = text.utf8
    guard (2...63).contains(bytes.count),
      bytes.allSatisfy({ isLowerAlphanumeric($0) || $0 == 0x2D })
    else { return false }
    return bytes.first != 0x2D && bytes.last != 0x2D
  }

  /// The node name that a text most likely stands for: its first label, lower case, other signs as
  /// `-`; nil where that makes no name.
  package static func nodeName(from text: String) -> String? {
    // The first label of an IPv4 address says nothing.
    let isAddress = IPPrefix.addressBytes(text) != nil
    let label = isAddress ? text[...] : text.prefix { $0 != "." }
    guard label.utf8.count <= 63, label.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var bytes: [UInt8] = []
    for byte in label.lowercased().utf8 {
      let kept = isLowerAlphanumeric(byte) ? byte : UInt8(ascii: "-")
      if kept == 0x2D, bytes.isEmpty || bytes.last == 0x2D { continue }
      bytes.append(kept)
    }
    while bytes.last == 0x2D { bytes.removeLast() }
    let name = String(decoding: bytes, as: UTF8.self)
    return isNodeName(name) ? name : nil
  }

  /// What is wrong with a Headscale user name; nil where nothing is.
  ///
  /// At least two characters, first a letter, then letters, digits and `-._`, at most one `@`
  /// (reference headscale-api.md §4). Users from OIDC are also found by email, so `+` is taken
  /// before an `@`.
  static func ownerProblem(_ text: String) -> String? {
    guard text.utf8.count >= 2 else { return "is too short for a Headscale user name" }
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic else {
      return "is no Headscale user name: it must begin with a letter"
    }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "@") }) <= 1 else {
      return "is no Headscale user name: it holds more than one `@`"
    }
    let isEmail = text.utf8.contains(UInt8(ascii: "@"))
    let wrong = text.unicodeScalars.first {
      !($0.properties.isAlphabetic || $0.properties.numericType == .decimal
        || "-._@".unicodeScalars.contains($0) || (isEmail && $0 == "+"))
    }
    return wrong.map {
      "is no Headscale user name: it cannot hold `\(VisibleText.escaped($0))`"
    }
  }

  /// What is wrong with a tag; nil where nothing is.
  static func tagProblem(_ text: String) -> String? {
    guard text.hasPrefix("tag:") else { return "it must begin with `tag:`" }
    let name = text.dropFirst(4)
    if !name.isEmpty, name.utf8.allSatisfy({ isLowerAlphanumeric($0) || $0 == 0x2D }) { return nil }
    guard !name.isEmpty else { return "nothing stands after `tag:`" }
    guard !name.unicodeScalars.contains(where: \.properties.isWhitespace) else {
      return "it cannot hold a blank"
    }
    guard name.lowercased() == name else { return "Headscale takes lower case only" }
    guard let wrong = name.unicodeScalars.first(where: { !isTagScalar($0) }) else { return nil }
    return "it cannot hold `\(VisibleText.escaped(wrong))`"
  }

  /// The tag that a text most likely stands for; nil where none does.
  static func tag(from text: String) -> String? {
    let lower = text.lowercased()
    let name = lower.hasPrefix("tag:") ? String(lower.dropFirst(4)) : lower
    let joined = String(name.map { $0 == " " ? "-" : $0 })
    guard !joined.isEmpty, joined.unicodeScalars.allSatisfy(isTagScalar) else { return nil }
    return "tag:" + joined
  }

  /// True for letters, digits, `.`, `_` and `-`, not beginning with `-`: nearly every name there is.
  static func isPlainName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != 0x2D else { return false }
    return text.utf8.allSatisfy {
      isLowerAlphanumeric($0) || (0x41...0x5A).contains($0) || (0x2D...0x2E).contains($0)
        || $0 == 0x5F
    }
  }

  static func isLowerHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  /// Headscale only refuses upper case and blanks; signs that end a tag elsewhere are refused too.
  private static func isTagScalar(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.isASCII else { return scalar.properties.isAlphabetic }
    return isLowerAlphanumeric(UInt8(scalar.value)) || "-._:/@+".unicodeScalars.contains(scalar)
  }

  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
