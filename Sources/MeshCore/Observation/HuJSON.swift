/// Turns HuJSON, the language of Headscale policies, into strict JSON.
///
/// HuJSON is JSON with `//` and `/* */` comments and with trailing commas in objects and arrays.
/// Comments become spaces and trailing commas vanish; text inside strings is never touched. Whether
/// the rest is valid JSON is for the JSON decoder to say. Policies are only read, never written.
package enum HuJSON {
  /// Why a text is not even lexically HuJSON.
  package enum Problem: Error, Sendable, Equatable {
    /// A string that begins at this byte offset has no end.
    case unterminatedString(Int)
    /// A `/*` at this byte offset has no `*/`.
    case unterminatedComment(Int)
  }

  /// Returns strict JSON of the same length in lines, so that a decoder's line numbers stay right.
  ///
  /// - Parameter text: UTF-8 bytes, with or without a byte order mark.
  /// - Returns: UTF-8 bytes for a JSON decoder.
  /// - Throws: `Problem` where a string or a comment never ends.
  package static func strictJSON(_ text: some Sequence<UInt8>) throws(Problem) -> [UInt8] {
    var scanner = Scanner(input: Array(text))
    return try scanner.run()
  }
}

/// One pass over the bytes; remembers the last comma until it is known whether something follows.
private struct Scanner {
  let input: [UInt8]
  var output: [UInt8] = []
  var position = 0
  /// Index in `output` of a comma after which only blanks and comments came.
  var openComma: Int?

  init(input: [UInt8]) {
    self.input = input
    output.reserveCapacity(input.count)
    if input.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func run() throws(HuJSON.Problem) -> [UInt8] {
    while position < input.count {
      let byte = input[position]
      switch byte {
      case UInt8(ascii: "\""):
        openComma = nil
        try copyString()
      case UInt8(ascii: "/") where peek == UInt8(ascii: "/"):
        skipLineComment()
      case UInt8(ascii: "/") where peek == UInt8(ascii: "*"):
        try skipBlockComment()
      case UInt8(ascii: ","):
        openComma = output.count
        copy(byte)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if let comma = openComma { output[comma] = UInt8(ascii: " ") }
        openComma = nil
        copy(byte)
      case 0x09, 0x0A, 0x0D, 0x20:
        copy(byte)
      default:
        openComma = nil
        copy(byte)
      }
    }
    return output
  }

  private var peek: UInt8? { position + 1 < input.count ? input[position + 1] : nil }

  private mutating func copy(_ byte: UInt8) {
    output.append(byte)
    position += 1
  }

  private mutating func copyString() throws(HuJSON.Problem) {
    let start = position
    copy(input[position])
    while position < input.count {
      let byte = input[position]
      copy(byte)
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\"), position < input.count { copy(input[position]) }
    }
    throw .unterminatedString(start)
  }

  private mutating func skipLineComment() {
    while position < input.count, input[position] != 0x0A { position += 1 }
    output.append(UInt8(ascii: " "))
  }

  private mutating func skipBlockComment() throws(HuJSON.Problem) {
    let start = position
    position += 2
    output.append(UInt8(ascii: " "))
    while position + 1 < input.count {
      if input[position] == UInt8(ascii: "*"), input[position + 1] == UInt8(ascii: "/") {
        position += 2
        return
      }
      if input[position] == 0x0A { output.append(0x0A) }
      position += 1
    }
    throw .unterminatedComment(start)
  }
}
