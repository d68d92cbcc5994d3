import YAMLReader

extension DecodingContext {
  /// The entries of a list; a single value where a list is wanted is explained.
  mutating func entries(_ field: Field) -> [YAMLNode]? {
    if case .sequence(let entries) = field.node.content { return entries }
    var hint: String?
    if let scalar = field.node.scalar, !field.node.isNull {
      let words = scalar.text.split { $0 == "," || $0 == " " }.map(String.init)
      if !words.isEmpty, words.count <= 4, scalar.text.utf8.count <= 60 {
        hint = "write `[\(words.joined(separator: ", "))]`"
      }
    } else if field.node.isNull {
      hint = "write `[]` for none, or remove the line"
    }
    if field.node.isNull {
      report(
        .invType, .error, "`\(field.key.name)` has no value, expected \(field.key.type.words)",
        hint: hint, at: field.node)
    } else {
      wrongType(field.key, field.node, hint: hint)
    }
    return nil
  }

  /// The list of what `read` makes of each entry; wrong entries are left out, repeated ones warned of.
  mutating func list<Element: Hashable>(
    _ field: Field, _ read: (inout DecodingContext, InventoryKey, YAMLNode) -> Element?
  ) -> [Element]? {
    guard let entries = entries(field) else { return nil }
    if entries.count == 1 {
      guard isEntry(entries[0], of: field) else { return [] }
      return read(&self, field.key, entries[0]).map { [$0] } ?? []
    }
    var seen: Set<Element> = []
    var result: [Element] = []
    for entry in entries {
      guard isEntry(entry, of: field), let element = read(&self, field.key, entry) else { continue }
      guard seen.insert(element).inserted else {
        repeated(entry, in: field)
        continue
      }
      result.append(element)
    }
    return result
  }

  /// Like `list`, and keeps the place of each entry.
  mutating func locatedList<Element: Hashable>(
    _ field: Field, _ read: (inout DecodingContext, InventoryKey, YAMLNode) -> Located<Element>?
  ) -> [Located<Element>]? {
    guard let entries = entries(field) else { return nil }
    if entries.count == 1 {
      guard isEntry(entries[0], of: field) else { return [] }
      return read(&self, field.key, entries[0]).map { [$0] } ?? []
    }
    var seen: Set<Element> = []
    var result: [Located<Element>] = []
    for entry in entries {
      guard isEntry(entry, of: field), let element = read(&self, field.key, entry) else { continue }
      guard seen.insert(element.value).inserted else {
        repeated(entry, in: field)
        continue
      }
      result.append(element)
    }
    return result
  }

  /// Program and arguments.
  mutating func command(_ field: Field) -> [String]? {
    guard let entries = entries(field) else { return nil }
    var words: [String] = []
    for entry in entries {
      guard let scalar = entry.scalar, case .string(let text) = scalar.value else {
        report(
          .invType, .error,
          "`\(field.key.name)`: expected a list of words, found \(entry.inWords) in it",
          hint: entry.quotingHint(for: .text), at: entry)
        continue
      }
      guard !text.utf8.contains(0) else {
        report(.invUnsafe, .error, "`\(field.key.name)`: a word holds a NUL character", at: entry)
        continue
      }
      words.append(text)
    }
    guard words.count == entries.count else { return nil }
    guard let program = words.first, !program.isEmpty else {
      report(
        .invEmpty, .error, "`\(field.key.name)` names no program", at: entries.first ?? field.node)
      return nil
    }
    guard isSafe(program, field.key, entries[0], blanksAllowed: true) else { return nil }
    return words
  }

  /// A pattern over names, or a tag.
  mutating func pattern(_ key: InventoryKey, _ node: YAMLNode) -> String? {
    guard let text = text(key, node), isSafe(text, key, node, blanksAllowed: false) else {
      return nil
    }
    return text
  }

  private mutating func isEntry(_ entry: YAMLNode, of field: Field) -> Bool {
    if let scalar = entry.scalar, case .string = scalar.value { return true }
    let wanted = field.key.type.elementWords
    var hint: String?
    if case .mapping(let pairs) = entry.content, pairs.count == 1, pairs[0].value.scalar != nil,
      field.key.name == "tags"
    {
      // `- tag: server` and `[tag: server]` are mappings in YAML.
      let tag = "\(pairs[0].key):\(pairs[0].value.scalar?.text ?? "")"
      hint = "no blank after the colon: `\(YAMLNode.cut(tag))`"
    } else {
      hint = entry.isNull ? "remove the empty entry" : entry.quotingHint(for: .text)
    }
    report(
      .invType, .error, "`\(field.key.name)`: expected \(wanted), found \(entry.inWords)",
      hint: hint,
      at: entry)
    return false
  }

  private mutating func repeated(_ entry: YAMLNode, in field: Field) {
    let text = entry.scalar?.text ?? ""
    report(
      .invRepeated, .warning, "`\(YAMLNode.cut(text))` stands twice in `\(field.key.name)`",
      hint: "remove one of them", at: entry)
  }
}
