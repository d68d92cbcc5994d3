/// One finding without a source position, as lines: what, why, evidence, next command.
package enum DiagnosticLines {
  /// The lines of one finding; the host is named with `withHost` only, since mostly it stands beside
  /// the lines already.
  package static func of(
    _ diagnostic: Diagnostic, indent: Int = 0, paint: Paint, withHost: Bool = false
  ) -> [String] {
    var shown = diagnostic
    if !withHost { shown.host = nil }
    let space = String(repeating: " ", count: indent)
    return DiagnosticText.block(shown, nil, paint).split(separator: "\n").map { space + $0 }
  }
}

/// Numbers with their noun.
package enum Count {
  package static func of(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }
}
