/// An IPv4 or IPv6 prefix in canonical form, for example `10.0.0.0/24` or `fd00::/8`.
///
/// Headscale stores what it is sent, unmasked, and an unmasked prefix never matches (reference
/// headscale-api.md §5.4), so only canonical prefixes leave this program.
package struct IPPrefix: Sendable, Hashable, Comparable {
  /// 4 bytes or 16 bytes, host bits zero.
  package let bytes: [UInt8]
  package let length: Int

  package init(bytes: [UInt8], length: Int) {
    self.bytes = IPPrefix.masked(bytes, length)
    self.length = length
  }

  /// What can be wrong with the text of a prefix.
  package enum ParseError: Error, Sendable, Equatable {
    case notAPrefix
    /// Host bits are set; carries the canonical form to suggest.
    case hostBits(IPPrefix)
  }

  /// Parses `address/length`; a bare address is not a prefix.
  ///
  /// - Throws: `ParseError`, with the canonical prefix where only host bits are wrong.
  package static func parse(_ text: String) throws(ParseError) -> IPPrefix {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")),
      let bytes = addressBytes(text[..<slash]),
      let length = prefixLength(text.utf8[text.utf8.index(after: slash)...]),
      length <= bytes.count * 8
    else { throw .notAPrefix }
    let prefix = IPPrefix(bytes: bytes, length: length)
    guard prefix.bytes == bytes else { throw .hostBits(prefix) }
    return prefix
  }

  /// One to three digits without a leading zero.
  private static func prefixLength(_ digits: Substring.UTF8View) -> Int? {
    guard (1...3).contains(digits.count), digits.count == 1 || digits.first != 0x30 else {
      return nil
    }
    var number = 0
    for byte in digits {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  /// The canonical spelling of any prefix text; the text itself where it is not a prefix.
  package static func canonical(_ text: String) -> String {
    do { return try parse(text).description } catch .hostBits(let prefix) {
      return prefix.description
    } catch { return text }
  }

  package var isIPv4: Bool { bytes.count == 4 }
  package var isDefaultRoute: Bool { length == 0 }

  /// True when the two share an address.
  package func overlaps(_ other: IPPrefix) -> Bool {
    guard bytes.count == other.bytes.count else { return false }
    let shorter = min(length, other.length)
    return IPPrefix.masked(bytes, shorter) == IPPrefix.masked(other.bytes, shorter)
  }

  /// The two routes of an exit node; Headscale approves both when either is sent.
  package static let exitRoutes = ["0.0.0.0/0", "::/0"]

  package static func < (left: IPPrefix, right: IPPrefix) -> Bool {
    if left.bytes.count != right.bytes.count { return left.bytes.count < right.bytes.count }
    if left.bytes != right.bytes { return left.bytes.lexicographicallyPrecedes(right.bytes) }
    return left.length < right.length
  }

  private static func masked(_ bytes: [UInt8], _ length: Int) -> [UInt8] {
    var result = bytes
    for index in result.indices {
      let kept = min(8, max(0, length - index * 8))
      result[index] &= kept == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
    }
    return result
  }
}

extension IPPrefix: CustomStringConvertible {
  package var description: String { IPPrefix.addressText(bytes) + "/\(length)" }

  /// The bytes of an IPv4 or IPv6 address without zone; nil where it is not one.
  package static func addressBytes(_ text: some StringProtocol) -> [UInt8]? {
    text.utf8.contains(UInt8(ascii: ":")) ? ipv6Bytes(text) : ipv4Bytes(text)
  }

  private static func ipv4Bytes(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4)
    var number = 0
    var digits = 0
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39:
        // A leading zero would be octal to some programs.
        guard digits < 3, digits == 0 || number > 0 else { return nil }
        number = number * 10 + Int(byte - 0x30)
        digits += 1
      case UInt8(ascii: "."):
        guard digits > 0, number <= 255, bytes.count < 3 else { return nil }
        bytes.append(UInt8(number))
        number = 0
        digits = 0
      default: return nil
      }
    }
    guard digits > 0, number <= 255, bytes.count == 3 else { return nil }
    bytes.append(UInt8(number))
    return bytes
  }

  private static func ipv6Bytes(_ text: some StringProtocol) -> [UInt8]? {
    let text = String(text)
    let halves: [String]
    if let gap = text.firstRange(of: "::") {
      halves = [String(text[..<gap.lowerBound]), String(text[gap.upperBound...])]
      guard !halves[1].contains("::"), !halves[1].hasPrefix(":") else { return nil }
    } else {
      halves = [text]
    }
    // Only the last 32 bits may be written as an IPv4 address, so never what stands before `::`.
    let isSplit = halves.count == 2
    guard let head = groups(halves[0], mayEndAsIPv4: !isSplit),
      let tail = isSplit ? groups(halves[1], mayEndAsIPv4: true) : []
    else { return nil }
    let missing = 16 - head.count - tail.count
    guard halves.count == 2 ? missing >= 2 : missing == 0 else { return nil }
    return head + [UInt8](repeating: 0, count: missing) + tail
  }

  private static func groups(_ text: String, mayEndAsIPv4: Bool) -> [UInt8]? {
    guard !text.isEmpty else { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndAsIPv4, part.contains("."), index == parts.count - 1 {
        guard let four = ipv4Bytes(part) else { return nil }
        bytes += four
        continue
      }
      guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit), part.allSatisfy(\.isASCII),
        let group = UInt16(part, radix: 16)
      else { return nil }
      bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
    }
    return bytes.count <= 16 ? bytes : nil
  }

  private static func addressText(_ bytes: [UInt8]) -> String {
    if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: 16, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    // The longest run of at least two zero groups becomes `::` (RFC 5952).
    var best = 0..<0
    var start = 0
    for index in 0...8 {
      if index < 8, groups[index] == "0" { continue }
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    guard best.count >= 2 else { return groups.joined(separator: ":") }
    return groups[..<best.lowerBound].joined(separator: ":") + "::"
      + groups[best.upperBound...].joined(separator: ":")
  }
}
