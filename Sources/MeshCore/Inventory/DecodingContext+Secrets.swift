import YAMLReader

/// Nothing here repeats what stands in the file: it may be a secret that someone wrote there.
extension DecodingContext {
  /// Where a secret comes from: exactly one of `env`, `file` and `command`.
  mutating func secret(_ field: Field) -> SecretSource? {
    let name = field.key.name
    guard let pairs = field.node.pairs else {
      if field.node.isNull {
        wrongType(field.key, field.node)
        return nil
      }
      report(
        .invSecret, .error, "`\(name)` holds the secret itself",
        detail: "An inventory is read by everybody who reviews it, so it only says where a secret "
          + "comes from. Consider what was written here as no longer secret.",
        hint: "write `\(name): {env: \(name == "key" ? "HEADSCALE_API_KEY" : "SOME_VARIABLE")}`, "
          + "`{file: path}` or `{command: [program, argument]}`",
        at: field.node)
      hide(field.node)
      return nil
    }
    guard
      let sources = fields(of: field.node, in: [.secret], title: "`\(name)`"),
      sources.count == pairs.count
    else {
      hide(field.node)
      return nil
    }
    guard sources.count == 1 else {
      let names = Suggestion.alternatives(InventoryKey.keys(of: .secret).map(\.name))
      report(
        .invSecret, .error,
        sources.isEmpty
          ? "`\(name)` names no source" : "`\(name)` has \(sources.count) sources, expected one",
        hint: "write exactly one of \(names)", at: field.node)
      return nil
    }
    return source(sources[0])
  }

  private mutating func source(_ field: Field) -> SecretSource? {
    switch field.key.name {
    case "file": return filePath(field.key, field.node).map(SecretSource.file)
    case "command": return command(field).map(SecretSource.command)
    default:
      guard let scalar = field.node.scalar, case .string(let text) = scalar.value,
        DecodingContext.isVariable(text)
      else {
        report(
          .invSecret, .error, "`env`: expected the name of an environment variable",
          detail: "A name holds letters, digits and `_`, and does not begin with a digit.",
          at: field.node, isSecret: true)
        return nil
      }
      return .environment(text)
    }
  }

  private static func isVariable(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, !(0x30...0x39).contains(first), bytes.count <= 255 else {
      return false
    }
    return bytes.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x5F
    }
  }
}
