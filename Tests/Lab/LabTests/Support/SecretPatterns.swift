#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What counts as a secret: the known ones by value, pre-auth keys by their form, since each is known
/// to nobody but server, meshctl and host.
struct SecretPatterns: Sendable {
  private let values: [[UInt8]]
  private static let keyStart = Array("hskey-auth-".utf8)
  /// What stands behind the start: 12 characters, a dash, 64 characters.
  private static let keyRest = 77

  init(secrets: [String]) {
    // The API key's last part alone is as good as the whole.
    values = secrets.flatMap { secret in
      [secret, String(secret.suffix(64))].map { Array($0.utf8) }
    }
  }

  func occur(in text: [UInt8]) -> Bool {
    values.contains { SecretPatterns.find($0, in: text[...]) != nil } || hasPreAuthKey(text)
  }

  private func hasPreAuthKey(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    while let start = SecretPatterns.find(SecretPatterns.keyStart, in: rest) {
      rest = rest[(start + SecretPatterns.keyStart.count)...]
      let key = rest.prefix(SecretPatterns.keyRest)
      // A masked key ends in asterisks.
      if key.count == SecretPatterns.keyRest, key.allSatisfy(SecretPatterns.isKeyCharacter) {
        return true
      }
    }
    return false
  }

  private static func isKeyCharacter(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == 45 || byte == 95
  }

  private static func find(_ needle: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard let first = needle.first else { return nil }
    return text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var start = 0
      while bytes.count - start >= needle.count {
        guard let hit = memchr(base + start, Int32(first), bytes.count - start) else { return nil }
        let place = UnsafeRawPointer(hit) - base
        guard bytes.count - place >= needle.count else { return nil }
        if memcmp(hit, needle, needle.count) == 0 { return text.startIndex + place }
        start = place + 1
      }
      return nil
    }
  }
}
