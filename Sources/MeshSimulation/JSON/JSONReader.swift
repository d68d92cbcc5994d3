/// Reads JSON, or HuJSON (comments and trailing commas) as Headscale's policy files are written.
///
/// The messages are those of the Go libraries behind Headscale where they were recorded
/// (`unexpected EOF`; `hujson: line 1, column 11: invalid literal: nope`).
package struct JSONReader {
  /// What is wrong with the text, and where.
  package struct Problem: Error, Sendable, Equatable {
    package var message: String
    package var line: Int
    package var column: Int
  }

  private static let maximumDepth = 200

  private let scalars: [Unicode.Scalar]
  private let isHuJSON: Bool
  private var index = 0
  private var line = 1
  private var column = 1

  private init(_ text: String, isHuJSON: Bool) {
    scalars = Array(text.unicodeScalars)
    self.isHuJSON = isHuJSON
  }

  /// Reads one whole text.
  ///
  /// - Throws: The first problem in reading order.
  package static func read(_ text: String, huJSON: Bool = false) throws(Problem) -> JSONValue {
    var reader = JSONReader(text, isHuJSON: huJSON)
    try reader.skipBlanks()
    let value = try reader.value(depth: 0)
    try reader.skipBlanks()
    guard reader.index == reader.scalars.count else {
      throw reader.problem("unexpected character after the value")
    }
    return value
  }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func problem(_ message: String) -> Problem {
    Problem(message: index < scalars.count ? message : "unexpected EOF", line: line, column: column)
  }

  private mutating func advance() {
    if scalars[index] == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    index += 1
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    advance()
    return true
  }

  private mutating func skipBlanks() throws(Problem) {
    while let scalar = current {
      switch scalar {
      case " ", "\t", "\n", "\r": advance()
      case "/" where isHuJSON: try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws(Problem) {
    advance()
    if take("/") {
      while current != nil, current != "\n" { advance() }
    } else if take("*") {
      while !(current == "*" && index + 1 < scalars.count && scalars[index + 1] == "/") {
        guard current != nil else { throw problem("unexpected EOF") }
        advance()
      }
      advance()
      advance()
    } else {
      throw problem("invalid character '/'")
    }
  }

  private mutating func value(depth: Int) throws(Problem) -> JSONValue {
    guard depth < JSONReader.maximumDepth else { throw problem("exceeded max depth") }
    switch current {
    case "{": return try object(depth: depth)
    case "[": return try array(depth: depth)
    case "\"": return .string(try string())
    default: return try literal()
    }
  }

  private mutating func object(depth: Int) throws(Problem) -> JSONValue {
    advance()
    var members: [JSONValue.Member] = []
    while true {
      try skipBlanks()
      if take("}") { return .object(members) }
      guard current == "\"" else { throw problem("invalid character in an object, want a name") }
      let name = try string()
      try skipBlanks()
      guard take(":") else { throw problem("invalid character after a name, want ':'") }
      try skipBlanks()
      let (line, column) = (line, column)
      let value = try value(depth: depth + 1)
      members.append(.init(name, value, line: line, column: column))
      if try endsAfterComma("}") { return .object(members) }
    }
  }

  private mutating func array(depth: Int) throws(Problem) -> JSONValue {
    advance()
    var values: [JSONValue] = []
    while true {
      try skipBlanks()
      if take("]") { return .array(values) }
      values.append(try value(depth: depth + 1))
      if try endsAfterComma("]") { return .array(values) }
    }
  }

  /// True when the list ended; false after a comma that something has to follow.
  private mutating func endsAfterComma(_ close: Unicode.Scalar) throws(Problem) -> Bool {
    try skipBlanks()
    if take(close) { return true }
    guard take(",") else { throw problem("invalid character in a list, want ','") }
    try skipBlanks()
    if current == close {
      guard isHuJSON else { throw problem("invalid trailing ','") }
      advance()
      return true
    }
    return false
  }

  private mutating func literal() throws(Problem) -> JSONValue {
    let start = self
    var word = ""
    while let scalar = current, scalar.isASCII,
      scalar.properties.isAlphabetic
        || (scalar.value >= 48 && scalar.value <= 57) || "+-.".unicodeScalars.contains(scalar)
    {
      word.unicodeScalars.append(scalar)
      advance()
    }
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "": throw start.problem("invalid character")
    default:
      guard word.first.map({ $0 == "-" || $0.isNumber }) == true, Double(word) != nil else {
        throw Problem(
          message: "invalid literal: \(word)", line: start.line, column: start.column)
      }
      return .number(word)
    }
  }

  private mutating func string() throws(Problem) -> String {
    advance()
    var text = String.UnicodeScalarView()
    while let scalar = current {
      advance()
      switch scalar {
      case "\"": return String(text)
      case "\\": text.append(try escaped())
      case _ where scalar.value < 0x20: throw problem("invalid character in a string")
      default: text.append(scalar)
      }
    }
    throw problem("unexpected EOF")
  }

  private mutating func escaped() throws(Problem) -> Unicode.Scalar {
    guard let scalar = current else { throw problem("unexpected EOF") }
    advance()
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "\"", "\\", "/": return scalar
    case "u":
      let unit = try unit()
      guard (0xD800..<0xDC00).contains(unit), current == "\\" else {
        return Unicode.Scalar(unit) ?? "\u{FFFD}"
      }
      let beforePair = self
      advance()
      guard take("u") else {
        self = beforePair
        return "\u{FFFD}"
      }
      let low = try self.unit()
      guard (0xDC00..<0xE000).contains(low) else { return "\u{FFFD}" }
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    default: throw problem("invalid escape sequence")
    }
  }

  private mutating func unit() throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let scalar = current, let digit = Character(scalar).hexDigitValue else {
        throw problem("invalid escape sequence")
      }
      value = value << 4 + UInt32(digit)
      advance()
    }
    return value
  }
}
