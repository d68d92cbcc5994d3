/// An `http://` or `https://` URL of a control server, kept as written and compared normalised.
///
/// Tailscale compares its `ControlURL` as an exact string (reference tailscale-client.md §2.3), so
/// meshctl always sends one spelling, `normalized`, and compares through it.
package struct ServerURL: Sendable, Hashable {
  package enum Scheme: String, Sendable { case http, https }

  package let scheme: Scheme
  /// Lower case, without the brackets of an IPv6 address.
  package let host: String
  package let port: Int
  /// Without a final slash; empty for the root.
  package let path: String

  /// Parses an absolute URL without user, query or fragment; nil where it is not one.
  package init?(_ text: String) {
    let scheme: Scheme
    let rest: Substring
    let lower = text.lowercased()
    if lower.hasPrefix("https://") {
      scheme = .https
      rest = text.dropFirst(8)
    } else if lower.hasPrefix("http://") {
      scheme = .http
      rest = text.dropFirst(7)
    } else {
      return nil
    }
    guard rest.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value < 127 }),
      !rest.contains(where: { "?#@\\\"'<>`{}|^ ".contains($0) })
    else { return nil }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let (host, port) = ServerURL.authority(rest[..<slash]) else { return nil }
    var path = String(rest[slash...])
    while path.hasSuffix("/") { path.removeLast() }
    self.scheme = scheme
    self.host = host
    self.port = port ?? (scheme == .https ? 443 : 80)
    self.path = path
  }

  /// The one spelling meshctl sends and compares: lower-case host, no default port, no final slash.
  package var normalized: String { origin + path }

  /// Scheme, host and port only: what a redirect may not leave.
  package var origin: String {
    let standard = scheme == .https ? 443 : 80
    let shownHost = host.contains(":") ? "[\(host)]" : host
    return "\(scheme.rawValue)://\(shownHost)" + (port == standard ? "" : ":\(port)")
  }

  package static func == (left: ServerURL, right: ServerURL) -> Bool {
    left.normalized == right.normalized
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(normalized) }

  private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      let host = text[text.index(after: text.startIndex)..<close].lowercased()
      guard AddressRules.isIPv6(host[...]) else { return nil }
      let tail = text[text.index(after: close)...]
      if tail.isEmpty { return (host, nil) }
      guard tail.hasPrefix(":"), let port = validPort(tail.dropFirst()) else { return nil }
      return (host, port)
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let host = parts[0].lowercased()
    guard AddressRules.isHostName(host[...]) else { return nil }
    if parts.count == 1 { return (host, nil) }
    guard let port = validPort(parts[1]) else { return nil }
    return (host, port)
  }

  private static func validPort(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.count <= 5, text.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = Int(text), (1...65_535).contains(port)
    else { return nil }
    return port
  }
}
