#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore

/// The few liberties Headscale's JSON needs (reference headscale-api.md §2 and §7).
extension KeyedDecodingContainer {
  /// An id as a string or a number; absent, null, empty and zero are nil.
  ///
  /// REST writes 64-bit ids as strings, the command line as numbers or as empty strings.
  func id(_ key: Key) throws -> String? {
    let text: String
    do {
      guard let string = try decodeIfPresent(String.self, forKey: key) else { return nil }
      text = string
    } catch DecodingError.typeMismatch {
      text = String(try decode(UInt64.self, forKey: key))
    }
    if text.isEmpty || text == "0" { return nil }
    guard text.utf8.count <= 20, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "An id is a number, and this is not one.")
    }
    return text
  }

  func requiredID(_ key: Key) throws -> String {
    guard let id = try id(key) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "There is no id.")
    }
    return id
  }

  /// Text; absent and null are empty, since some clients leave empty values out.
  func text(_ key: Key) throws -> String { try decodeIfPresent(String.self, forKey: key) ?? "" }

  /// A list; absent and null are empty.
  func list(_ key: Key) throws -> [String] {
    try decodeIfPresent([String].self, forKey: key) ?? []
  }

  /// An instant in RFC 3339; absent, null and Go's zero time are nil.
  func instant(_ key: Key) throws -> Timestamp? {
    guard let text = try decodeIfPresent(String.self, forKey: key), !text.isEmpty else {
      return nil
    }
    guard let instant = Timestamp(rfc3339: text) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "This is not a time as RFC 3339 writes it.")
    }
    return instant.isZeroTime ? nil : instant
  }
}
