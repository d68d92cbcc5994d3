/// Turns what libyaml says about a text that is no YAML into words that name the likely cause.
///
/// libyaml's own words stay in the message, in parentheses, because people search for them.
struct SyntaxExplanation {
  private let failure: ParserFailure
  private let source: SourceText
  private let openBracket: OpenBracket?
  /// Where the text ends.
  private let end: SourceMark

  /// Prepares the explanation.
  ///
  /// At the end of a text without a last line end, libyaml is on a line that is not there; its marks
  /// are brought back into the text.
  init(failure: ParserFailure, source: SourceText, openBracket: OpenBracket?) {
    let end = source.mark(ofByte: source.bytes.count)
    self.failure = ParserFailure(
      problem: failure.problem, mark: failure.mark.map { min($0, end) }, context: failure.context,
      contextMark: failure.contextMark.map { min($0, end) },
      isOutOfMemory: failure.isOutOfMemory)
    self.source = source
    self.openBracket = openBracket
    self.end = end
  }

  /// The error to throw.
  var error: YAMLError {
    if failure.isOutOfMemory { return YAMLError(.memory, "the YAML parser got no memory") }
    return tab ?? quote ?? bracket ?? tagHandle ?? colon ?? indentation ?? start ?? escape
      ?? finish("this is no YAML")
  }

  // MARK: Causes, the surest first

  private var tab: YAMLError? {
    guard let mark = failure.mark, !isInside("quoted scalar") else { return nil }
    let line = source.line(mark.line)
    guard
      let column = line.prefix(while: isBlankOrBreak).firstIndex(of: UInt8(ascii: "\t")),
      problem("start any token") || problem("tab character") || mark.column <= column + 1
    else { return nil }
    return finish(
      "a TAB is used for indentation", hint: "YAML wants spaces there",
      at: SourceMark(line: mark.line, column: column + 1))
  }

  private var quote: YAMLError? {
    guard isInside("quoted scalar"), problem("end of stream") || problem("document indicator")
    else { return nil }
    return finish(
      "the quote that opens here is never closed", at: failure.contextMark, isContextShown: false)
  }

  private var bracket: YAMLError? {
    guard isInside("flow"), let opened = openBracket, let mark = failure.mark else { return nil }
    let (open, close) = opened.isBrace ? ("{", "}") : ("[", "]")
    guard mark < end else {
      return finish(
        "the `\(open)` that opens here is never closed", at: opened.mark, isContextShown: false)
    }
    let isValue = isInside("flow node")
    return finish(
      isValue ? "a value is missing here" : "`,` or `\(close)` is missing", at: mark,
      related: .init(message: "the `\(open)` opens here", mark: opened.mark))
  }

  private var tagHandle: YAMLError? {
    guard problem("tag handle") || isInside("a tag") else { return nil }
    return finish(
      "this tag is not known or not whole", kind: .tag,
      hint: "a text that begins with `!` needs quotes", at: failure.contextMark,
      isContextShown: false)
  }

  private var colon: YAMLError? {
    if problem("mapping values are not allowed"), let mark = failure.mark {
      if let glued = gluedColon(near: mark.line - 1) { return missingSpace(glued) }
      return finish(
        "a `:` stands where no key can be",
        hint: "a text with `: ` in it needs quotes; or this line is indented deeper than the key "
          + "it belongs beside")
    }
    guard problem("could not find expected ':'"), let start = failure.contextMark else {
      return nil
    }
    if let glued = gluedColon(near: start.line) { return missingSpace(glued) }
    return finish(
      "a key without `:`", hint: "an entry of a mapping is written `key: value`", at: start,
      isContextShown: false)
  }

  private var indentation: YAMLError? {
    guard problem("did not find expected key") || problem("'-' indicator"),
      let mark = failure.mark
    else { return nil }
    let line = source.line(mark.line)
    if let before = line.prefix(mark.column - 1).last(where: { !isBlankOrBreak($0) }) {
      let isQuote = before == UInt8(ascii: "\"") || before == UInt8(ascii: "'")
      return finish(
        isQuote ? "text follows a closing quote" : "this does not continue what stands before it",
        hint: isQuote ? "is a quote missing on this line or before it?" : nil)
    }
    return finish(
      "the indentation fits no line before it",
      hint: "entries of one mapping or sequence begin in the same column")
  }

  private var start: YAMLError? {
    guard problem("start any token"), let mark = failure.mark else { return nil }
    let rest = String(decoding: source.line(mark.line), as: UTF8.self).unicodeScalars
      .dropFirst(mark.column - 1)
    guard let character = rest.first else { return nil }
    return finish(
      "a text cannot begin with `\(character)`", hint: "put the text in quotes",
      isContextShown: false)
  }

  private var escape: YAMLError? {
    guard isInside("quoted scalar"), problem("escape") || problem("hexdecimal") else { return nil }
    return finish(
      "an unknown escape in double quotes",
      hint: "in single quotes, as for Windows paths, `\\` has no meaning of its own")
  }

  // MARK: Parts

  private func problem(_ words: String) -> Bool { failure.problem.contains(words) }

  private func isInside(_ words: String) -> Bool { (failure.context ?? "").contains(words) }

  private func missingSpace(_ mark: SourceMark) -> YAMLError {
    finish(
      "a space is missing after this `:`", hint: "write `key: value`", at: mark,
      isContextShown: false)
  }

  /// Finds a `:` with no blank behind it that looks like the one after a key: `os:linux`.
  private func gluedColon(near line: Int) -> SourceMark? {
    guard line > 0 else { return nil }
    let text = source.line(line)
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon + 1 < text.count,
      !isBlankOrBreak(text[colon + 1]), !text[..<colon].contains(UInt8(ascii: "#")),
      !text[..<colon].contains(UInt8(ascii: "\"")), text[..<colon].contains(where: isWord)
    else { return nil }
    let column = text[..<colon].count { $0 & 0xC0 != 0x80 } + 1
    return SourceMark(line: line, column: column)
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || Unicode.Scalar(byte).properties.isAlphabetic
  }

  private func finish(
    _ message: String, kind: YAMLError.Kind = .syntax, hint: String? = nil,
    at mark: SourceMark? = nil, isContextShown: Bool = true, related: YAMLError.Related? = nil
  ) -> YAMLError {
    var words = failure.problem
    var related = related
    if let context = failure.context {
      words = "\(context): \(words)"
      if isContextShown, related == nil, let contextMark = failure.contextMark {
        related = .init(message: "\(context), which begins here", mark: contextMark)
      }
    }
    return YAMLError(
      kind, "\(message) (\(words))", hint: hint, at: mark ?? failure.mark ?? failure.contextMark,
      related: related)
  }
}

/// A bracket that has not been closed.
struct OpenBracket {
  /// True for `{`, false for `[`.
  var isBrace: Bool
  var mark: SourceMark
}
