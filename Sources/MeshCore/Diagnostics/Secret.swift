/// A value that must never be shown: an API key, a pre-auth key, a password.
///
/// It is not Codable and prints as `(secret)`; whoever needs the text calls `reveal()` at the last
/// moment and passes it on by standard input or a header, never in an argument vector.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let text: String

  package init(_ text: String) { self.text = text }

  package func reveal() -> String { text }

  package var isEmpty: Bool { text.isEmpty }

  package var description: String { "(secret)" }
  package var debugDescription: String { "(secret)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Replaces every known secret in captured text, by value.
package struct Redactor: Sendable {
  private var values: [String] = []

  package init() {}

  /// Makes a secret known; values shorter than four characters are left out, since replacing them
  /// would garble every text and hide nothing.
  package mutating func learn(_ secret: Secret) {
    let value = secret.reveal()
    guard value.count >= 4, !values.contains(value) else { return }
    values.append(value)
    values.sort { $0.count > $1.count }
  }

  package func redacted(_ text: String) -> String {
    var result = text
    for value in values where result.contains(value) {
      result = result.replacingOccurrences(of: value, with: "(secret)")
    }
    return result
  }
}

extension String {
  /// The string with every occurrence of `target` replaced (Foundation's of the same name is not
  /// available in this pure module).
  func replacingOccurrences(of target: String, with replacement: String) -> String {
    guard !target.isEmpty else { return self }
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(of: target) {
      result += rest[..<range.lowerBound]
      result += replacement
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
