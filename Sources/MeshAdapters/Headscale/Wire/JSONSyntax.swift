/// Finds where a text stops being JSON, for the error message only.
///
/// FoundationEssentials says no more than "not valid JSON"; a person with a 10 MB file needs the
/// place. Run only after the decoder has refused the text.
struct JSONSyntax {
  private let bytes: [UInt8]
  private var position = 0

  /// The first byte that does not fit, in words: `line 3, column 7 (byte 41): "}"`; nil where the
  /// text is well-formed as far as this looks.
  static func trouble(in bytes: some Sequence<UInt8>) -> String? {
    var scanner = JSONSyntax(bytes: Array(bytes))
    guard !scanner.isDocument() else { return nil }
    return scanner.place
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var place: String {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    var what = "the end of the text"
    if position < bytes.count {
      let byte = bytes[position]
      what =
        (0x21...0x7E).contains(byte)
        ? "\"\(Unicode.Scalar(byte))\"" : "byte 0x" + String(byte, radix: 16)
    }
    return "line \(line), column \(column) (byte \(position)): \(what) does not fit"
  }

  private mutating func isDocument() -> Bool {
    guard isValue(depth: 0) else { return false }
    skipBlanks()
    return position == bytes.count
  }

  private mutating func isValue(depth: Int) -> Bool {
    skipBlanks()
    guard position < bytes.count, depth < 512 else { return false }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      return isList(closedBy: UInt8(ascii: "}")) { scanner in
        scanner.skipBlanks()
        guard scanner.isString() else { return false }
        scanner.skipBlanks()
        return scanner.take(UInt8(ascii: ":")) && scanner.isValue(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      return isList(closedBy: UInt8(ascii: "]")) { $0.isValue(depth: depth + 1) }
    case UInt8(ascii: "\""):
      return isString()
    default:
      return isWord()
    }
  }

  private mutating func isList(
    closedBy end: UInt8, _ isItem: (inout JSONSyntax) -> Bool
  ) -> Bool {
    position += 1
    skipBlanks()
    if take(end) { return true }
    while true {
      guard isItem(&self) else { return false }
      skipBlanks()
      if take(end) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  private mutating func isString() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 { return false }
      position += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte == UInt8(ascii: "\\") { position += 1 }
    }
    position = bytes.count
    return false
  }

  /// A number or one of the three words; a malformed number is left to the decoder.
  private mutating func isWord() -> Bool {
    for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return true
    }
    let start = position
    while position < bytes.count, "0123456789+-.eE".utf8.contains(bytes[position]) {
      position += 1
    }
    return position > start
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}
