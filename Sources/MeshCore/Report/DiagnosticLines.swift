/// One finding without a source position, as lines: what, why, evidence, next command.
package enum DiagnosticLines {
  package static func of(
    _ diagnostic: Diagnostic, indent: Int = 0, paint: Paint, withHost: Bool = false
  ) -> [String] {
    let space = String(repeating: " ", count: indent)
    let host = withHost ? diagnostic.host.map { VisibleText.escaped($0) + ": " } ?? "" : ""
    let title =
      "\(host)\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]: "
      + VisibleText.escaped(diagnostic.message)
    var lines = [
      space + (diagnostic.severity == .error ? paint.bad(title) : paint.warning(title))
    ]
    if let detail = diagnostic.detail { lines.append(space + "  " + VisibleText.escaped(detail)) }
    if let evidence = diagnostic.evidence {
      lines.append(space + "  evidence: " + VisibleText.escaped(evidence))
    }
    if let hint = diagnostic.hint { lines.append(space + "  next: " + VisibleText.escaped(hint)) }
    return lines
  }
}

/// Numbers with their noun.
package enum Count {
  package static func of(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }
}
