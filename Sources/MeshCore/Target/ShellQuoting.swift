/// Quoting for POSIX shells.
package enum ShellQuoting {
  /// The text as one shell word: single quotes, with every single quote inside as `'\''`.
  ///
  /// Nothing is special inside single quotes, line feeds included, in any POSIX shell. A NUL has no
  /// place in a shell at all; `ScriptRendering` refuses it before it gets here.
  package static func quoted(_ text: String) -> String {
    // By scalar: a combining mark after the quote would hide it inside one Character.
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "'"
  }

  /// As a person would type it: plain words stay bare.
  package static func word(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "-_./:=@,+%".unicodeScalars.contains($0)
    }
    return isPlain && !text.isEmpty ? text : quoted(text)
  }
}
