/// FNV-1a with 64 bits: the same on every platform and in every run, and no protection against
/// whoever chooses what is hashed.
package enum FNV1a {
  /// The hash of a text's UTF-8.
  package static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
