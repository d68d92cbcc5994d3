/// What can stand where SSH or a check goes.
enum AddressRules {
  /// Why a text is no host name and no IP address.
  struct Problem {
    var hint: String?
  }

  /// Nil for a host name (or an alias of the ssh configuration), an IPv4 or an IPv6 address.
  static func problem(_ text: String) -> Problem? {
    if isHostName(text[...]) { return nil }
    if text.utf8.contains(UInt8(ascii: ":")) {
      if isIPv6(text[...]) { return nil }
      if text.contains("://") { return Problem(hint: "write the host only, without the URL") }
      if text.hasPrefix("["), text.hasSuffix("]"), isIPv6(text.dropFirst().dropLast()) {
        return Problem(hint: "write it without brackets: `\(text.dropFirst().dropLast())`")
      }
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      if parts.count == 2, isHostName(parts[0]), isPort(parts[1]) {
        return Problem(hint: "write `address: \(parts[0])` and `port: \(parts[1])`")
      }
      return Problem(hint: nil)
    }
    if let at = text.firstIndex(of: "@"), isHostName(text[text.index(after: at)...]) {
      return Problem(
        hint: "write `address: \(text[text.index(after: at)...])` and "
          + "`ssh: {user: \(text[..<at])}`")
    }
    if text.contains("/") {
      return Problem(hint: "an address is one host, not a network: `routes` takes networks")
    }
    return Problem(hint: nil)
  }

  /// Letters, digits, `-`, `_` and dots; four numbers must be an IPv4 address.
  static func isHostName(_ text: Substring) -> Bool {
    let bytes = text.utf8
    guard (1...253).contains(bytes.count), bytes.first != 0x2D, bytes.first != 0x2E,
      bytes.allSatisfy({
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
      })
    else { return false }
    // Numbers and dots alone are an address to every resolver, so they must be a right one.
    if bytes.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) {
      return IPPrefix.addressBytes(text) != nil
    }
    return !zip(bytes, bytes.dropFirst()).contains { $0 == 0x2E && $1 == 0x2E }
  }

  /// An IPv6 address, with a zone where it has one.
  static func isIPv6(_ text: Substring) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].contains(":"), IPPrefix.addressBytes(parts[0]) != nil else { return false }
    return parts.count == 1 || (isHostName(parts[1]) && !parts[1].isEmpty)
  }

  static func isPort(_ text: Substring) -> Bool {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(text)
    else { return false }
    return (1...65_535).contains(port)
  }

  /// `host`, `host:port`, `[ipv6]`, `[ipv6]:port` or a bare IPv6 address.
  static func isEndpoint(_ text: String) -> Bool { isEndpoint(text[...]) }

  static func isEndpoint(_ text: Substring) -> Bool {
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]"), isIPv6(text[..<close].dropFirst()) else {
        return false
      }
      let tail = text[text.index(after: close)...]
      return tail.isEmpty || (tail.hasPrefix(":") && isPort(tail.dropFirst()))
    }
    if isIPv6(text) { return true }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let host = parts.first, isHostName(host) else { return false }
    return parts.count == 1 || (parts.count == 2 && isPort(parts[1]))
  }

  /// `[user@]host[:port]`; neither half may look like an option.
  static func isLogin(_ text: Substring) -> Bool {
    guard let at = text.lastIndex(of: "@") else { return isEndpoint(text) }
    let user = text[..<at]
    return !user.isEmpty && !user.hasPrefix("-")
      && user.allSatisfy { $0.isLetter || $0.isNumber || "-._@\\+".contains($0) }
      && isEndpoint(text[text.index(after: at)...])
  }
}
