/// The tags that are accepted: none, `!`, and those of the core schema.
enum Tags {
  private static let prefix = "tag:yaml.org,2002:"

  /// Applies a tag to a scalar.
  ///
  /// `!!str` and `!` make a string of it. The other core tags want a text that the core schema reads
  /// as that type, quoted or not, and make the scalar plain; `!!float` takes integers too.
  ///
  /// - Throws: `tag`.
  static func apply(
    _ tag: String, to scalar: YAMLScalar, at mark: SourceMark
  ) throws(YAMLError) -> YAMLScalar {
    let plain = YAMLScalar(text: scalar.text, isPlain: true)
    let fits: Bool
    switch (coreName(tag), plain.value) {
    case ("!", _), ("str", _): return YAMLScalar(text: scalar.text, isPlain: false)
    case ("null", .null), ("bool", .bool), ("int", .integer), ("float", .integer),
      ("float", .float):
      fits = true
    case ("null", _), ("bool", _), ("int", _), ("float", _): fits = false
    case ("seq", _), ("map", _): throw wrongKind(tag, "a scalar", at: mark)
    default: throw custom(tag, at: mark)
    }
    guard fits else {
      throw YAMLError(
        .tag, "`\(short(scalar.text))` does not fit its tag `\(display(tag))`", at: mark)
    }
    return plain
  }

  /// Checks the tag of a sequence or mapping.
  ///
  /// - Throws: `tag`.
  static func check(_ tag: String, isMapping: Bool, at mark: SourceMark) throws(YAMLError) {
    switch (coreName(tag), isMapping) {
    case ("!", _), ("seq", false), ("map", true): return
    case ("seq", _), ("str", _), ("null", _), ("bool", _), ("int", _), ("float", _), ("map", _):
      throw wrongKind(tag, isMapping ? "a mapping" : "a sequence", at: mark)
    default: throw custom(tag, at: mark)
    }
  }

  /// The name of a core tag, else the tag itself (which then begins with `!` or holds a colon).
  private static func coreName(_ tag: String) -> Substring {
    tag.hasPrefix(prefix) ? tag.dropFirst(prefix.count) : tag == "!" ? "!" : "tag:"
  }

  private static func display(_ tag: String) -> String {
    if tag.hasPrefix(prefix) { return "!!" + tag.dropFirst(prefix.count) }
    return tag.hasPrefix("!") ? short(tag) : "!<\(short(tag))>"
  }

  private static func wrongKind(_ tag: String, _ what: String, at mark: SourceMark) -> YAMLError {
    YAMLError(.tag, "the tag `\(display(tag))` stands on \(what)", at: mark)
  }

  private static func custom(_ tag: String, at mark: SourceMark) -> YAMLError {
    YAMLError(
      .tag, "the tag `\(display(tag))` is not accepted",
      hint: "delete it; a text that begins with `!` needs quotes", at: mark)
  }
}

/// Cuts a text for a message.
func short(_ text: String) -> String {
  text.unicodeScalars.count <= 40 ? text : String(text.unicodeScalars.prefix(39)) + "…"
}
