import YAMLReader

extension DecodingContext {
  /// A text of any kind; numbers and booleans must be quoted to be one.
  mutating func text(_ key: InventoryKey, _ node: YAMLNode) -> String? {
    guard let scalar = node.scalar, case .string(let text) = scalar.value else {
      wrongType(key, node)
      return nil
    }
    return text
  }

  /// A text that is handed to other programs: not empty, no option, no control characters.
  mutating func word(
    _ key: InventoryKey, _ node: YAMLNode, blanksAllowed: Bool = false
  ) -> String? {
    guard let text = text(key, node) else { return nil }
    return isSafe(text, key, node, blanksAllowed: blanksAllowed) ? text : nil
  }

  /// Checks what `word` promises.
  mutating func isSafe(
    _ text: String, _ key: InventoryKey, _ node: YAMLNode, blanksAllowed: Bool
  ) -> Bool {
    guard !text.isEmpty else {
      report(
        .invEmpty, .error, "`\(key.name)` is empty, expected \(key.type.elementWords)",
        hint: "write the value, or remove the key", at: node)
      return false
    }
    if text.utf8.first == UInt8(ascii: "-") {
      report(
        .invUnsafe, .error, "`\(key.name)` begins with `-`",
        detail: "A program that is handed `\(YAMLNode.cut(text))` would take it for an option.",
        at: node)
      return false
    }
    if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return true }
    if let hidden = text.unicodeScalars.first(where: VisibleText.isHidden) {
      report(
        .invUnsafe, .error,
        "`\(key.name)` holds the invisible character \(VisibleText.escaped(hidden))",
        at: node)
      return false
    }
    let isBlank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
    if blanksAllowed {
      guard
        text.unicodeScalars.first.map(isBlank) ?? false
          || text.unicodeScalars.last.map(isBlank) ?? false
      else { return true }
      report(.invUnsafe, .error, "`\(key.name)` begins or ends with a blank", at: node)
      return false
    }
    guard text.utf8.contains(UInt8(ascii: " ")) || text.unicodeScalars.contains(where: isBlank)
    else { return true }
    report(
      .invUnsafe, .error, "`\(key.name)` holds a blank, expected \(key.type.elementWords)", at: node
    )
    return false
  }

  mutating func flag(_ field: Field) -> Bool? {
    if let scalar = field.node.scalar, case .bool(let flag) = scalar.value { return flag }
    wrongType(field.key, field.node)
    return nil
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ field: Field, _: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    if let scalar = field.node.scalar, let choice = Choice(rawValue: scalar.text) { return choice }
    guard let scalar = field.node.scalar, case .string(let text) = scalar.value else {
      let isOff = field.node.scalar?.value == .bool(false)
      let canBeOff = Choice.allCases.contains { $0.rawValue == "off" }
      wrongType(field.key, field.node, hint: isOff && canBeOff ? "write `off`" : nil)
      return nil
    }
    let names = Choice.allCases.map(\.rawValue)
    let lower = text.lowercased()
    let meant =
      DecodingContext.otherWords[lower].flatMap { names.contains($0) ? $0 : nil }
      ?? Suggestion.nearest(to: text, in: names)
    report(
      .invChoice, .error,
      "`\(field.key.name)`: expected \(field.key.type.words), found \(field.node.inWords)",
      hint: meant.map { "did you mean `\($0)`?" }, at: field.node)
    return nil
  }

  /// What other tools call our words.
  private static let otherWords = [
    "darwin": "macos", "osx": "macos", "mac": "macos", "win": "windows", "win32": "windows",
    "debian": "linux", "ubuntu": "linux", "fedora": "linux", "rhel": "linux", "rocky": "linux",
    "alpine": "linux", "arch": "linux", "suse": "linux", "localhost": "local", "repo": "repository",
    "false": "none", "no": "none", "removed": "absent", "deleted": "absent", "gone": "absent",
    "ipv4": "ip", "apt": "repository", "dnf": "repository", "yum": "repository",
    "distro": "package",
  ]

  mutating func number(_ field: Field, in range: ClosedRange<Int>) -> Int? {
    guard let scalar = field.node.scalar, case .integer(let number) = scalar.value else {
      wrongType(field.key, field.node)
      return nil
    }
    guard range.contains(number) else {
      report(
        .invRange, .error,
        "`\(field.key.name)`: expected \(field.key.type.words), found the number "
          + "`\(YAMLNode.cut(scalar.text))`", at: field.node)
      return nil
    }
    return number
  }

  /// A duration in seconds.
  mutating func duration(_ field: Field, atLeast least: Int64 = 0) -> Int64? {
    guard let scalar = field.node.scalar, !field.node.isNull else {
      wrongType(field.key, field.node)
      return nil
    }
    guard let seconds = DurationText.seconds(scalar.text) else {
      var hint: String?
      if case .integer(let number) = scalar.value, number > 0 {
        hint = "write the unit: `\(number)s` for seconds, `\(number)m` for minutes"
      } else if scalar.text.hasSuffix("w"), let weeks = Int(scalar.text.dropLast()), weeks < 500 {
        hint = "write it in days: `\(weeks * 7)d`"
      }
      report(
        .invDuration, .error,
        "`\(field.key.name)`: expected \(field.key.type.words), found \(field.node.inWords)",
        hint: hint, at: field.node)
      return nil
    }
    guard seconds >= least else {
      report(.invRange, .error, "`\(field.key.name)` must be at least \(least)s", at: field.node)
      return nil
    }
    return seconds
  }

  /// A number, a percentage or `off`.
  mutating func limit(_ field: Field) -> Guards.Limit? {
    guard let scalar = field.node.scalar, !field.node.isNull else {
      wrongType(field.key, field.node)
      return nil
    }
    if scalar.text == "off" { return .off }
    if case .integer(let number) = scalar.value, (0...1_000_000_000).contains(number) {
      return .count(number)
    }
    if scalar.text.hasSuffix("%"), scalar.text.utf8.count <= 4,
      let percent = Int(scalar.text.dropLast()), (0...100).contains(percent),
      scalar.text.utf8.first != UInt8(ascii: "+"), scalar.text.utf8.first != UInt8(ascii: "-")
    {
      return .percent(percent)
    }
    var hint: String?
    if ["none", "unlimited", "no", "false", "inf"].contains(scalar.text.lowercased()) {
      hint = "write `off` for no limit"
    } else if !scalar.isPlain, Int(scalar.text) != nil {
      hint = "remove the quotes"
    } else if scalar.text.hasSuffix("%") {
      hint = "a percentage is a whole number from 0% to 100%"
    }
    report(
      .invLimit, .error,
      "`\(field.key.name)`: expected \(field.key.type.words), found \(field.node.inWords)",
      hint: hint, at: field.node)
    return nil
  }
}

extension InventoryType {
  /// The words for one value: of a list, for one of its entries.
  var elementWords: String {
    if case .list(let element) = self { return element.words }
    return words
  }
}
