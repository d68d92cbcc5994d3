import MeshCore

/// Checks an API key before it is put into a header.
enum APIKey {
  /// The key without one final newline, which files and commands bring along.
  ///
  /// - Throws: `Failure` for an empty key and for anything but printable ASCII, which would break
  ///   the header apart.
  static func checked(_ key: Secret, origin: String) throws(Failure) -> Secret {
    var text = Substring(key.reveal())
    // "\r\n" is one Character.
    if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
    if text.isEmpty {
      throw Failure(
        .apiKeyMissing, "the API key from \(origin) is empty", hint: APIAccess.howToGetAKey)
    }
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Failure(
        .apiKeyMalformed, "the API key from \(origin) holds blanks, line breaks or odd characters",
        detail: "A key is one word of printable ASCII.",
        hint: "pass the bare key that headscale apikeys create prints")
    }
    return Secret(String(text))
  }
}
