import YAMLReader

extension DecodingContext {
  /// A node name: Headscale's rule for givenName (reference headscale-api.md §5.6).
  mutating func nodeName(_ field: Field) -> Located<String>? {
    guard let text = text(field.key, field.node) else { return nil }
    let place = Located(text, at: field.node)
    guard !NameRules.isNodeName(text) else { return place }
    report(
      .invNodeName, .error,
      "`name`: expected \(field.key.type.words), found \(field.node.inWords)",
      hint: NameRules.nodeName(from: text).map { "write `name: \($0)`" }, at: field.node)
    return place
  }

  /// A Headscale user, by name or email.
  mutating func owner(_ field: Field) -> Located<String>? {
    guard let text = word(field.key, field.node) else { return nil }
    if let problem = NameRules.ownerProblem(text) {
      let isTag = text.hasPrefix("tag:")
      report(
        .invOwner, .error, "`\(field.key.name)`: `\(YAMLNode.cut(text))` \(problem)",
        hint: isTag && field.key.section == .host ? "write `tags: [\(text)]`" : nil,
        at: field.node)
      return nil
    }
    return Located(text, at: field.node)
  }

  /// One tag of a list.
  mutating func tag(_ key: InventoryKey, _ node: YAMLNode) -> String? {
    guard let text = word(key, node, blanksAllowed: true) else { return nil }
    guard let problem = NameRules.tagProblem(text) else { return text }
    report(
      .invTag, .error, "`\(YAMLNode.cut(text))` is no tag: \(problem)",
      hint: NameRules.tag(from: text).map { "write `\($0)`" }, at: node)
    return nil
  }

  mutating func machineKey(_ field: Field) -> Located<String>? {
    guard let text = text(field.key, field.node) else { return nil }
    let digits = text.utf8.dropFirst(5)
    guard text.hasPrefix("mkey:"), digits.count == 64, digits.allSatisfy(NameRules.isLowerHex)
    else {
      let isNodeKey = text.hasPrefix("nodekey:")
      report(
        .invMachineKey, .error,
        "`machine_key`: expected \(field.key.type.words), found \(field.node.inWords)",
        detail: isNodeKey ? "A node key changes with every login; the machine key stays." : nil,
        hint: "`headscale nodes list -o json` prints the machine keys of the nodes", at: field.node)
      return nil
    }
    guard digits.contains(where: { $0 != UInt8(ascii: "0") }) else {
      report(
        .invMachineKey, .error, "`machine_key` is all zero, which is no machine's key",
        hint: "remove the line, or take the key that `headscale nodes list -o json` prints",
        at: field.node)
      return nil
    }
    return Located(text, at: field.node)
  }

  /// A name the node may have now; anything a client can call itself on one line.
  mutating func alias(_ key: InventoryKey, _ node: YAMLNode) -> Located<String>? {
    guard let text = word(key, node) else { return nil }
    return Located(text, at: node)
  }

  /// The login on the host, or another user's name there.
  mutating func user(_ field: Field) -> String? {
    guard let text = word(field.key, field.node) else { return nil }
    let refused: Set<Character> = [
      ":", "'", "\"", "`", "$", ";", "&", "|", "<", ">", "(", ")", "*",
    ]
    guard let wrong = text.first(where: { refused.contains($0) }) else { return text }
    report(
      .invUser, .error, "`\(field.key.name)`: a user name cannot hold `\(wrong)`", at: field.node)
    return nil
  }

  /// A key under `hosts:` or `groups:`.
  mutating func entryName(_ pair: YAMLPair, what: String) -> Bool {
    let name = pair.key
    if name != "all", NameRules.isPlainName(name) { return true }
    var problem: String?
    if name.isEmpty {
      problem = "the name of a \(what) is empty"
    } else if name == "all" {
      problem = "`all` cannot name a \(what): in --limit it means every host"
    } else if let first = name.first, "-!".contains(first) {
      problem = "the name of a \(what) cannot begin with `\(first)`"
    } else if let wrong = name.unicodeScalars.first(where: {
      $0.properties.isWhitespace || VisibleText.isHidden($0)
    }) {
      problem =
        "the name of a \(what) cannot hold "
        + (wrong == " " ? "a blank" : "the character U+\(String(wrong.value, radix: 16))")
    } else if let wrong = name.first(where: { ",*?[]\"'`\\".contains($0) }) {
      problem = "the name of a \(what) cannot hold `\(wrong)`"
    }
    guard let problem else { return true }
    report(
      .invHostKey, .error, problem,
      detail: "Names are what --limit takes and every line of output begins with.",
      from: pair.keyMark, to: pair.keyEnd)
    return false
  }
}
