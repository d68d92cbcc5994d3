/// PowerShell's XML on standard error, turned back into the words a person would have seen.
///
/// Windows PowerShell writes it for every `-EncodedCommand` whose standard error is no console,
/// whatever `-OutputFormat` says.
package enum CLIXML {
  /// The text with every `#< CLIXML` block replaced by its error lines; progress and the like go.
  package static func words(in text: String) -> String {
    guard text.contains("#< CLIXML") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "#< CLIXML") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      // A cut block ends with the text.
      let end = rest.firstRange(of: "</Objs>")
      result += errors(in: rest[..<(end?.lowerBound ?? rest.endIndex)])
      rest = end.map { rest[$0.upperBound...] } ?? ""
    }
    return result + rest
  }

  private static func errors(in block: Substring) -> String {
    var result = ""
    var rest = block
    while let start = rest.firstRange(of: "<S S=\"Error\">") {
      rest = rest[start.upperBound...]
      let end = rest.firstRange(of: "</S>")
      result += unescaped(rest[..<(end?.lowerBound ?? rest.endIndex)])
      rest = end.map { rest[$0.upperBound...] } ?? ""
    }
    return result
  }

  /// `_x000D_` and the entities of XML.
  private static func unescaped(_ text: Substring) -> String {
    var units: [UInt16] = []
    var rest = text.utf16[...]
    while let first = rest.first {
      if first == underscore, rest.count >= 7, rest.dropFirst().first == letterX,
        rest.dropFirst(6).first == underscore,
        let unit = UInt16(
          String(decoding: rest.dropFirst(2).prefix(4), as: UTF16.self), radix: 16)
      {
        units.append(unit)
        rest = rest.dropFirst(7)
      } else {
        units.append(first)
        rest = rest.dropFirst()
      }
    }
    var result = String(decoding: units, as: UTF16.self)
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
      result = result.replacing(entity, with: character)
    }
    return result
  }

  private static let underscore = UInt16(UInt8(ascii: "_"))
  private static let letterX = UInt16(UInt8(ascii: "x"))
}
