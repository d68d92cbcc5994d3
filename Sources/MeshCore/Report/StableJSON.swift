#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One way to write JSON, so that goldens and hashes are stable.
package enum StableJSON {
  /// Encodes with sorted keys; every value of this program is encodable, so a failure is a
  /// programming error and shows as a JSON string that says so.
  package static func encode(_ value: some Encodable, indented: Bool = true) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      indented
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      : [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      return "\"cannot be encoded: \(type(of: value))\""
    }
  }
}
