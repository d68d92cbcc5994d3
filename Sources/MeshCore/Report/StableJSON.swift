#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One way to write JSON, so that goldens and hashes are stable.
package enum StableJSON {
  /// Encodes with sorted keys; every value of this program is encodable, so a failure is a
  /// programming error and shows as a JSON string that says so.
  ///
  /// Characters that act on a terminal or on the eye are written as JSON escapes, so that a person
  /// may look at the output too; a parser reads the same text.
  package static func encode(_ value: some Encodable, indented: Bool = true) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      indented
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      : [.sortedKeys, .withoutEscapingSlashes]
    do {
      return visible(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      return "\"cannot be encoded: \(type(of: value))\""
    }
  }

  /// The encoder escapes what JSON requires (below U+0020); hidden characters above it stand in
  /// strings only, so an escape is the same text.
  private static func visible(_ json: String) -> String {
    if json.utf8.allSatisfy({ $0 < 0x7F }) { return json }
    var result = ""
    result.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      if scalar.value >= 0x7F, VisibleText.isHidden(scalar) {
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
