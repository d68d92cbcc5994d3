extension YAMLScalar {
  /// What the YAML 1.2 core schema makes of the scalar.
  ///
  /// Computed at each call. An integer that does not fit `Int` becomes a float. Scalars that are not
  /// plain are strings.
  package var value: Value {
    guard isPlain else { return .string(text) }
    return CoreSchema.value(of: text) ?? .string(text)
  }
}

/// The YAML 1.2 core schema: which plain scalars are not strings.
enum CoreSchema {
  /// Resolves the text of a plain scalar; nil for a string.
  static func value(of text: String) -> YAMLScalar.Value? {
    // The first byte decides for nearly all scalars.
    guard let first = text.utf8.first else { return .null }
    return switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"):
      number(text)
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
      word(text)
    default: nil
    }
  }

  private static func word(_ text: String) -> YAMLScalar.Value? {
    switch text {
    case "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: nil
    }
  }

  private static func number(_ text: String) -> YAMLScalar.Value? {
    let bytes = text.utf8
    if bytes.starts(with: "0o".utf8) { return digits(bytes.dropFirst(2), base: 8, negative: false) }
    if bytes.starts(with: "0x".utf8) {
      return digits(bytes.dropFirst(2), base: 16, negative: false)
    }
    let sign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
    let unsigned = sign ? bytes.dropFirst() : bytes[...]
    switch Shape(unsigned) {
    case .integer: return digits(unsigned, base: 10, negative: bytes.first == UInt8(ascii: "-"))
    case .float: return Double(text).map { .float($0) }
    case .other: return special(text, unsigned: Substring(unsigned), signed: sign)
    }
  }

  private static func special(
    _ text: String, unsigned: Substring, signed: Bool
  ) -> YAMLScalar.Value? {
    switch unsigned {
    case ".inf", ".Inf", ".INF": .float(text.hasPrefix("-") ? -.infinity : .infinity)
    case ".nan", ".NaN", ".NAN": signed ? nil : .float(.nan)
    default: nil
    }
  }

  /// Reads digits; the integer where it fits, else the nearest float, nil where something is no digit.
  private static func digits(
    _ digits: Substring.UTF8View, base: Int, negative: Bool
  ) -> YAMLScalar.Value? {
    guard !digits.isEmpty else { return nil }
    var value: Int? = 0
    var float = 0.0
    for byte in digits {
      guard let digit = digitValue(byte), digit < base else { return nil }
      float = float * Double(base) + Double(digit)
      value = value.flatMap { appending($0, base: base, digit: negative ? -digit : digit) }
    }
    if let value { return .integer(value) }
    // Base ten goes through the exact conversion; the powers of two above are exact to rounding.
    if base == 10 { float = Double(Substring(digits)) ?? float }
    return .float(negative ? -float : float)
  }

  private static func appending(_ value: Int, base: Int, digit: Int) -> Int? {
    let (product, overflow) = value.multipliedReportingOverflow(by: base)
    let (sum, carry) = product.addingReportingOverflow(digit)
    return overflow || carry ? nil : sum
  }

  private static func digitValue(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// What a number without its sign looks like.
  private enum Shape {
    case integer, float, other

    /// Matches `[0-9]+` and `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
    init(_ text: Substring.UTF8View) {
      var rest = text
      let whole = Self.dropDigits(&rest)
      self = .other
      if rest.isEmpty {
        if whole > 0 { self = .integer }
        return
      }
      var fraction = 0
      if rest.first == UInt8(ascii: ".") {
        rest.removeFirst()
        fraction = Self.dropDigits(&rest)
      }
      guard whole + fraction > 0 else { return }
      if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
        rest.removeFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard Self.dropDigits(&rest) > 0 else { return }
      }
      if rest.isEmpty { self = .float }
    }

    private static func dropDigits(_ text: inout Substring.UTF8View) -> Int {
      let rest = text.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      defer { text = rest }
      return text.distance(from: text.startIndex, to: rest.startIndex)
    }
  }
}
