import YAMLReader

/// Diagnostics as people read them: place, severity, code, message, the line with a caret, and what
/// to do.
package enum DiagnosticText {
  /// All diagnostics, sorted by position then code, with a closing count; empty for none.
  ///
  /// Everything from outside is made visible (`VisibleText`), and secrets that stand in the file are
  /// left out of the lines that are shown.
  ///
  /// - Parameters:
  ///   - diagnostics: In any order; those without a position follow, in the order given.
  ///   - source: The bytes of a file by the path that positions name; nil where they are not at hand.
  ///   - color: Whether to colour for a terminal.
  /// - Returns: The text, each line ended.
  package static func render(
    _ diagnostics: [Diagnostic], source: (String) -> [UInt8]? = { _ in nil }, color: Bool = false
  ) -> String {
    let secrets = Dictionary(grouping: diagnostics.flatMap(\.secrets), by: \.file)
    var sources: [String: SourceText] = [:]
    let paint = Paint(isOn: color)
    var text = ""
    for diagnostic in sorted(diagnostics) {
      var snippet: SourceSnippet?
      if let position = diagnostic.position {
        if sources[position.file] == nil {
          sources[position.file] = source(position.file).map(SourceText.init)
        }
        snippet = sources[position.file].flatMap {
          DiagnosticText.snippet(position, $0, secrets[position.file] ?? [])
        }
      }
      text += block(diagnostic, snippet, paint)
    }
    return text + closing(diagnostics)
  }

  /// By file, line, column, then the graver, then the code; without a position after those with one.
  package static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
      switch (left.element.position, right.element.position) {
      case (let one?, let other?):
        if one.file != other.file { return one.file < other.file }
        if one.mark != other.mark { return one.mark < other.mark }
        if left.element.severity != right.element.severity {
          return left.element.severity > right.element.severity
        }
        if left.element.code != right.element.code {
          return left.element.code.rawValue < right.element.code.rawValue
        }
        return left.offset < right.offset
      case (.some, nil): return true
      case (nil, .some): return false
      case (nil, nil): return left.offset < right.offset
      }
    }.map(\.element)
  }

  /// "2 errors, 1 warning" with a line end; empty where there is neither.
  private static func closing(_ diagnostics: [Diagnostic]) -> String {
    let counts = [(Severity.error, "error"), (.warning, "warning")].compactMap {
      (severity, word) -> String? in
      let count = diagnostics.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
    }
    return counts.isEmpty ? "" : counts.joined(separator: ", ") + "\n"
  }

  private static func snippet(
    _ position: SourcePosition, _ source: SourceText, _ secrets: [SecretSpan]
  ) -> SourceSnippet? {
    let number = position.mark.line
    guard let scalars = source.line(number), !scalars.isEmpty else { return nil }
    let hidden = secrets.compactMap { span -> Range<Int>? in
      guard span.start.line <= number, number <= span.end.line else { return nil }
      let from = span.start.line == number ? span.start.column - 1 : 0
      let to = span.end.line == number ? span.end.column - 1 : scalars.count
      let first = max(0, min(from, scalars.count))
      return first < to ? first..<min(to, scalars.count) : nil
    }
    return SourceSnippet(
      scalars: scalars, column: position.mark.column, length: position.length, hidden: hidden)
  }

  static func block(
    _ diagnostic: Diagnostic, _ snippet: SourceSnippet?, _ paint: Paint
  ) -> String {
    var head = ""
    if let position = diagnostic.position {
      let place =
        "\(VisibleText.escaped(position.file)):\(position.mark.line):\(position.mark.column)"
      head = paint.strong(place + ":") + " "
    } else if let host = diagnostic.host {
      head = paint.strong(VisibleText.escaped(host) + ":") + " "
    }
    // A saved plan brings codes from outside.
    let code = VisibleText.escaped(diagnostic.code.rawValue, limit: 80)
    let label = "\(diagnostic.severity.rawValue)[\(code)]:"
    head +=
      paint.severity(label, diagnostic.severity) + " " + VisibleText.escaped(diagnostic.message)
    var lines = [head]
    if let snippet, let position = diagnostic.position {
      let number = String(position.mark.line)
      let gutter = String(repeating: " ", count: number.utf8.count)
      lines.append("  \(number) | \(snippet.line)")
      lines.append("  \(gutter) | " + paint.severity(snippet.caret, diagnostic.severity))
    }
    lines += notes(diagnostic)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func notes(_ diagnostic: Diagnostic) -> [String] {
    var lines: [String] = []
    for line in (diagnostic.detail ?? "").split(separator: "\n") {
      lines.append("  " + VisibleText.escaped(String(line)))
    }
    if let evidence = diagnostic.evidence, !evidence.isEmpty {
      lines.append("  evidence: " + VisibleText.escaped(evidence, limit: 400))
    }
    for (index, line) in (diagnostic.hint ?? "").split(separator: "\n").enumerated() {
      lines.append((index == 0 ? "  hint: " : "        ") + VisibleText.escaped(String(line)))
    }
    return lines
  }
}
