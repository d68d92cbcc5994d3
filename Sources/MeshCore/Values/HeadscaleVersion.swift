/// A Headscale release as its `/version` states it, for example `0.29.2`.
package struct HeadscaleVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var major: Int
  package var minor: Int
  /// Nil where it is not known, as for a server that was told by what its API offers.
  package var patch: Int?
  /// What follows the numbers, without its hyphen: `beta.1`, or empty.
  package var suffix: String

  package init(_ major: Int, _ minor: Int, _ patch: Int? = nil, suffix: String = "") {
    self.major = major
    self.minor = minor
    self.patch = patch
    self.suffix = suffix
  }

  /// Parses `v0.29.2`, `0.29`, `0.30.0-beta.1`; nil for `dev` and for Go's pseudo-versions
  /// `v0.0.0-…`, which say nothing (reference headscale-api.md §1.10).
  package init?(_ text: String) {
    var rest = text[...]
    if rest.hasPrefix("v") { rest = rest.dropFirst() }
    let cut = rest.firstIndex { $0 == "-" || $0 == "+" } ?? rest.endIndex
    let fields = rest[..<cut].split(separator: ".", omittingEmptySubsequences: false)
    let numbers = fields.compactMap { field -> Int? in
      guard (1...6).contains(field.count), field.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
      }
      return Int(field)
    }
    let tail = String(rest[cut...].dropFirst())
    guard numbers.count == fields.count, (2...3).contains(numbers.count), tail.count <= 80,
      tail.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-+".contains($0)) })
    else { return nil }
    self.init(numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : nil, suffix: tail)
    if major == 0, minor == 0 { return nil }
  }

  /// Compares the numbers only: a pre-release speaks the protocol of the release it leads to.
  package static func < (left: HeadscaleVersion, right: HeadscaleVersion) -> Bool {
    (left.major, left.minor, left.patch ?? 0) < (right.major, right.minor, right.patch ?? 0)
  }

  package var description: String {
    "\(major).\(minor)" + (patch.map { ".\($0)" } ?? "") + (suffix.isEmpty ? "" : "-" + suffix)
  }
}
