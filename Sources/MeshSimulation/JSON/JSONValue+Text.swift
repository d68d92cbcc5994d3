extension JSONValue {
  /// The value on one line without spaces, as `encoding/json` and protojson write it.
  package var compact: String {
    var text = ""
    write(to: &text, indent: nil, depth: 0)
    return text
  }

  /// The value with one member a line, each level indented by `indent`.
  package func indented(by indent: String) -> String {
    var text = ""
    write(to: &text, indent: indent, depth: 0)
    return text
  }

  private func write(to text: inout String, indent: String?, depth: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let value): JSONValue.quote(value, to: &text)
    case .array(let values):
      JSONValue.list(values, "[", "]", to: &text, indent: indent, depth: depth) {
        $0.write(to: &$1, indent: indent, depth: depth + 1)
      }
    case .object(let members):
      JSONValue.list(members, "{", "}", to: &text, indent: indent, depth: depth) {
        JSONValue.quote($0.name, to: &$1)
        $1 += indent == nil ? ":" : ": "
        $0.value.write(to: &$1, indent: indent, depth: depth + 1)
      }
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: String?,
    depth: Int, each: (Item, inout String) -> Void
  ) {
    text += open
    guard !items.isEmpty else {
      text += close
      return
    }
    func line(_ depth: Int, _ text: inout String) {
      guard let indent else { return }
      text += "\n" + String(repeating: indent, count: depth)
    }
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      line(depth + 1, &text)
      each(item, &text)
    }
    line(depth, &text)
    text += close
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
