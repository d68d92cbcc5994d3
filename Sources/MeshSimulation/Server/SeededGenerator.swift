/// A small random generator with a seed (SplitMix64), so that the same seed gives the same world.
///
/// For simulation only: what it makes looks like keys and protects nothing.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Lower-case hex digits.
  package mutating func hex(_ count: Int) -> String { text(count, from: "0123456789abcdef") }

  /// Lower-case letters and digits, as in Headscale's collision suffixes.
  package mutating func lowerAlphanumeric(_ count: Int) -> String {
    text(count, from: "abcdefghijklmnopqrstuvwxyz0123456789")
  }

  /// The alphabet of base64url, as in Headscale's keys up to 0.29.
  package mutating func base64URL(_ count: Int) -> String {
    text(count, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
  }

  private mutating func text(_ count: Int, from alphabet: String) -> String {
    let letters = Array(alphabet)
    return String((0..<count).map { _ in letters[Int(next() % UInt64(letters.count))] })
  }
}
