/// Quoting for PowerShell.
package enum PowerShellQuoting {
  /// PowerShell ends a single-quoted string at any of these, and takes two in a row for one.
  private static let quotes: Set<Unicode.Scalar> = [
    "'", "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}",
  ]

  /// The text as one literal: single quotes, with every quote inside doubled, the typographic ones
  /// too.
  ///
  /// Nothing else is special inside: no `$`, no backtick, no line end. A NUL has no place in what a
  /// Windows program is handed; `PowerShellRendering` refuses it before it gets here.
  package static func quoted(_ text: String) -> String {
    // By scalar: a combining mark after the quote would hide it inside one Character.
    var result = "'"
    for scalar in text.unicodeScalars {
      if quotes.contains(scalar) { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + "'"
  }
}
