/// What one host is to ask, as its script takes it.
package struct ReachTargets: Sendable, Equatable {
  /// Mesh addresses, pinged at the mesh's own layer.
  package var peers: [String]
  package var endpoints: [ReachEndpoint]

  package init(peers: [String], endpoints: [ReachEndpoint] = []) {
    self.peers = peers
    self.endpoints = endpoints
  }

  package var isEmpty: Bool { peers.isEmpty && endpoints.isEmpty }
}

/// One entry of `expect`, as it is asked from a host.
package struct ReachEndpoint: Sendable, Hashable {
  /// As the inventory writes it.
  package var label: String
  /// A name or an address, without brackets; of a host of the inventory its mesh address.
  package var address: String
  /// Nil asks for an answer to an ICMP echo.
  package var port: Int?
  /// The host of the inventory that it is; nil for anything else.
  package var host: String?

  package init(label: String, address: String, port: Int?, host: String? = nil) {
    self.label = label
    self.address = address
    self.port = port
    self.host = host
  }

  /// The two halves of `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address, which the
  /// inventory's decoder has checked.
  static func parts(of text: String) -> (host: String, port: Int?) {
    if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
      let host = text[text.index(after: text.startIndex)..<close]
      return (String(host), Int(text[text.index(after: close)...].dropFirst()))
    }
    guard !AddressRules.isIPv6(text[...]), let colon = text.lastIndex(of: ":") else {
      return (text, nil)
    }
    return (String(text[..<colon]), Int(text[text.index(after: colon)...]))
  }

  /// `host:port`, as people write it.
  package var place: String {
    let shown = address.contains(":") ? "[\(address)]" : address
    return port.map { "\(shown):\($0)" } ?? address
  }
}
