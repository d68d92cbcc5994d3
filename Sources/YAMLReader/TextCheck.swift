/// The check of the bytes before libyaml sees them: one pass, so that errors come in our words.
enum TextCheck {
  /// Checks that bytes are a UTF-8 text that cannot mislead its reader or stall libyaml.
  ///
  /// Line separators that only YAML 1.1 knows (NEL, U+2028, U+2029) are refused: in an editor they
  /// stand inside a line, for libyaml they end a comment.
  ///
  /// - Parameter bytes: The whole file.
  /// - Returns: Where the text starts, which is behind a byte-order mark.
  /// - Throws: The first problem.
  static func check(_ bytes: [UInt8]) throws(YAMLError) -> Int {
    try checkSignature(bytes)
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var index = start
    var blanks = 0
    var breaks = 0
    var directives = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x26...0x7E, 0x21...0x24:
        (blanks, breaks) = (0, 0)
      case 0x20, 0x09:
        blanks += 1
      case 0x0A, 0x0D:
        breaks += 1
        blanks = 0
      case UInt8(ascii: "%"):
        (blanks, breaks) = (0, 0)
        if index == start || bytes[index - 1] == 0x0A || bytes[index - 1] == 0x0D {
          directives += 1
        }
      case 0x80...:
        (blanks, breaks) = (0, 0)
        index += try sequenceLength(bytes, at: index, start: start) - 1
      default:
        throw control(UInt32(byte), bytes, at: index, start: start)
      }
      index += 1
      if max(blanks, breaks) > YAMLLimits.blankRun {
        throw stalling(
          "\(YAMLLimits.blankRun) blanks or line ends in a row", at: mark(bytes, index - 1, start))
      }
      if directives > YAMLLimits.directiveLines {
        throw stalling(
          "\(YAMLLimits.directiveLines) lines that begin with `%`",
          at: mark(bytes, index - 1, start))
      }
    }
    return start
  }

  /// Refuses what is another encoding by its first bytes.
  private static func checkSignature(_ bytes: [UInt8]) throws(YAMLError) {
    let name: String
    switch (bytes.first, bytes.dropFirst().first) {
    case (0xFF, 0xFE):
      name = bytes.dropFirst(2).starts(with: [0, 0]) ? "UTF-32" : "UTF-16"
    case (0xFE, 0xFF): name = "UTF-16"
    case (0, 0) where bytes.starts(with: [0, 0, 0xFE, 0xFF]): name = "UTF-32"
    case (0?, let second?) where second != 0, (let second?, 0?) where second != 0: name = "UTF-16"
    default: return
    }
    throw YAMLError(
      .encoding, "the file is \(name), not UTF-8",
      hint: "save it as UTF-8 (in Windows PowerShell: Set-Content -Encoding utf8)",
      at: SourceMark(line: 1, column: 1))
  }

  private static func sequenceLength(
    _ bytes: [UInt8], at index: Int, start: Int
  ) throws(YAMLError) -> Int {
    guard let (value, length) = decode(bytes, at: index) else {
      let hex = String(bytes[index], radix: 16, uppercase: true)
      throw YAMLError(
        .encoding, "byte 0x\(hex) is not UTF-8", hint: "save the file as UTF-8",
        at: mark(bytes, index, start))
    }
    switch value {
    case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
      throw control(value, bytes, at: index, start: start)
    default: return length
    }
  }

  /// Decodes one sequence of two bytes and more; nil for what RFC 3629 does not allow.
  private static func decode(_ bytes: [UInt8], at index: Int) -> (value: UInt32, length: Int)? {
    let lead = bytes[index]
    let (length, least): (Int, UInt32)
    switch lead {
    case 0xC2...0xDF: (length, least) = (2, 0x80)
    case 0xE0...0xEF: (length, least) = (3, 0x800)
    case 0xF0...0xF4: (length, least) = (4, 0x10000)
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for byte in bytes[index + 1..<index + length] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    return (value, length)
  }

  private static func control(
    _ value: UInt32, _ bytes: [UInt8], at index: Int, start: Int
  ) -> YAMLError {
    let mark = mark(bytes, index, start)
    let digits = String(value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    switch value {
    case 0:
      return YAMLError(.binary, "this looks like a binary file: it has a NUL byte", at: mark)
    case 0xFEFF:
      return YAMLError(
        .controlCharacter, "a byte-order mark (U+FEFF) stands inside the text",
        hint: "delete this invisible character; joining files leaves it behind", at: mark)
    case 0x85, 0x2028, 0x2029:
      return YAMLError(
        .controlCharacter, "the invisible line separator \(name) stands in the text",
        hint: "delete it, or write it as an escape in double quotes", at: mark)
    default:
      return YAMLError(
        .controlCharacter, "the control character \(name) stands in the text",
        hint: "delete it, or write it as an escape in double quotes", at: mark)
    }
  }

  private static func stalling(_ what: String, at mark: SourceMark) -> YAMLError {
    YAMLError(.blanks, "more than \(what)", at: mark)
  }

  private static func mark(_ bytes: [UInt8], _ index: Int, _ start: Int) -> SourceMark {
    SourceText(bytes: bytes, start: start).mark(ofByte: index)
  }
}
