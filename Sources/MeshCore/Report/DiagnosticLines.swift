/// One finding without a source position, as lines: what, why, evidence, next command.
package enum DiagnosticLines {
  /// The lines of one finding; the host is named with `withHost` only, since mostly it stands beside
  /// the lines already.
  ///
  /// Sentences are broken at a terminal's width; commands and evidence stay whole, to be copied.
  package static func of(
    _ diagnostic: Diagnostic, indent: Int = 0, width: Int? = nil, paint: Paint,
    withHost: Bool = false
  ) -> [String] {
    var shown = diagnostic
    if let width, let detail = shown.detail {
      shown.detail = detail.split(separator: "\n").flatMap {
        TextFlow.wrap(String($0), room: max(20, width - indent - 2))
      }.joined(separator: "\n")
    }
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
