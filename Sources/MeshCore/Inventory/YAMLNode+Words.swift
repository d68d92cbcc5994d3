import YAMLReader

/// How messages speak about a node.
extension YAMLNode {
  var pairs: [YAMLPair]? {
    if case .mapping(let pairs) = content { return pairs }
    return nil
  }

  var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { return scalar }
    return nil
  }

  var isNull: Bool { scalar?.value == .null }

  /// What the node is, for "found …"; long texts are cut.
  var inWords: String {
    switch content {
    case .sequence(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .mapping(let pairs): pairs.isEmpty ? "an empty mapping" : "a mapping"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: "nothing"
      case .bool: "the boolean `\(scalar.text)`"
      case .integer, .float: "the number `\(YAMLNode.cut(scalar.text))`"
      case .string(""): "an empty text"
      case .string(let text): "the text `\(YAMLNode.cut(text))`"
      }
    }
  }

  /// Says that quotes are too many or missing, where that is all that is wrong.
  func quotingHint(for type: InventoryType) -> String? {
    guard let scalar else { return nil }
    switch (type, scalar.value) {
    case (.boolean, .string(let text)):
      switch text.lowercased() {
      case "yes", "y", "on": return "YAML 1.2 knows only true and false: write `true`"
      case "no", "n", "off": return "YAML 1.2 knows only true and false: write `false`"
      case "true", "false": return "remove the quotes"
      default: return nil
      }
    case (.boolean, .integer(1)): return "write `true`"
    case (.boolean, .integer(0)): return "write `false`"
    case (.port, .string(let text)), (.formatVersion, .string(let text)):
      return !scalar.isPlain && Int(text) != nil ? "remove the quotes" : nil
    case (.text, let value), (.label, let value), (.user, let value), (.owner, let value),
      (.pattern, let value), (.existing, let value), (.path, let value), (.nodeName, let value):
      if case .string = value { return nil }
      return "put it in quotes to make it a text: `\"\(YAMLNode.cut(scalar.text))\"`"
    default: return nil
    }
  }

  /// At most forty characters of a text, for messages.
  static func cut(_ text: String) -> String {
    let head = text.prefix(41)
    return head.count > 40 ? head.prefix(39) + "…" : String(head)
  }
}
