#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore

/// Finds the JSON in what a command printed.
///
/// `-o json` prints nothing else, but what stands in front of the command (docker, a login script)
/// may: a warning before the JSON is stepped over, and only a line that begins a value counts.
struct CLIOutput {
  /// Lines that may stand before the value.
  private static let lines = 50

  let whole: Data
  /// Where a value may begin, the whole text first.
  private let candidates: [Data]

  init(_ text: String) {
    let data = Data(text.utf8)
    var candidates = [data]
    var start = data.startIndex
    for _ in 0..<Self.lines where start < data.endIndex {
      let rest = data[start...]
      if start > data.startIndex, Self.beginsValue(rest) { candidates.append(Data(rest)) }
      guard let end = rest.firstIndex(of: 0x0A) else { break }
      start = data.index(after: end)
    }
    whole = data
    self.candidates = candidates
  }

  private static func beginsValue(_ data: Data) -> Bool {
    data.first == UInt8(ascii: "{") || data.first == UInt8(ascii: "[")
      || data.starts(with: Data("null".utf8))
  }

  /// The beginning, for an error's evidence; never of what may hold a key.
  var excerpt: String { String(decoding: whole.prefix(600), as: UTF8.self) }

  var isEmpty: Bool { whole.allSatisfy { $0 <= 0x20 } }

  /// Whether there is any JSON at all.
  var isJSON: Bool {
    candidates.contains { candidate in
      let start = candidate.first { $0 > 0x20 }
      let begins = start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
      return (begins || Self.beginsValue(candidate)) && JSONSyntax.trouble(in: candidate) == nil
    }
  }

  /// Decodes the first value that is one.
  ///
  /// - Throws: what the decoder says of the whole text.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let decoder = JSONDecoder()
    do {
      return try decoder.decode(type, from: whole)
    } catch {
      for candidate in candidates.dropFirst() {
        if let value = try? decoder.decode(type, from: candidate) { return value }
      }
      throw error
    }
  }
}
