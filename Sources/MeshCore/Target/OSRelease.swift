/// The fields of `/etc/os-release` that decide which repository serves a host.
package struct OSRelease: Sendable, Equatable {
  /// Every field, with quotes removed.
  package var fields: [String: String]

  /// Parses `NAME=value` lines as a shell would, without running anything.
  package init(parsing text: String) {
    fields = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard line.first != "#", let equals = line.firstIndex(of: "=") else { continue }
      let name = String(line[..<equals])
      fields[name] = OSRelease.unquoted(line[line.index(after: equals)...])
    }
  }

  package subscript(name: String) -> String { fields[name] ?? "" }

  /// `debian`; `linux` where the file does not say (os-release(5)).
  package var id: String { self["ID"].isEmpty ? "linux" : self["ID"] }
  /// Relatives, nearest first.
  package var like: [String] { self["ID_LIKE"].split(separator: " ").map(String.init) }

  private static func unquoted(_ value: Substring) -> String {
    var value = value
    while let last = value.last, last.isWhitespace { value.removeLast() }
    guard let quote = value.first, quote == "\"" || quote == "'", value.count >= 2,
      value.last == quote
    else { return String(value) }
    var result = ""
    var escaped = false
    for character in value.dropFirst().dropLast() {
      if !escaped, character == "\\", quote == "\"" {
        escaped = true
      } else {
        result.append(character)
        escaped = false
      }
    }
    return result
  }
}
