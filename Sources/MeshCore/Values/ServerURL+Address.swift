extension ServerURL {
  /// True where an IP address stands in place of a name.
  package var isByAddress: Bool { IPPrefix.addressBytes(host) != nil }

  /// The same server by one of its addresses; nil where the text is no address.
  func at(address: String) -> ServerURL? {
    guard IPPrefix.addressBytes(address) != nil else { return nil }
    let shown = address.contains(":") ? "[\(address)]" : address
    return ServerURL("\(scheme.rawValue)://\(shown):\(port)\(path)")
  }

  /// True where this may be `named` written by address: same scheme, port and path, and never https,
  /// whose certificate is for the name.
  func isAddressForm(of named: ServerURL) -> Bool {
    scheme == .http && named.scheme == .http && isByAddress && !named.isByAddress
      && port == named.port && path == named.path
  }

  /// Where a target may look for an http:// server whose name it does not resolve.
  ///
  /// Addresses that mean another machine there, or none, are left out: loopback, link-local,
  /// unspecified, multicast, and the mesh's own, which a host has only once it joined. IPv4 comes
  /// first, and four are enough.
  ///
  /// - Parameter addresses: what the controller resolved the name to.
  /// - Returns: nothing for https:// and for a URL that has no name.
  package func candidates(at addresses: [String]) -> [ServerURL] {
    guard scheme == .http, !isByAddress else { return [] }
    var seen: Set<String> = []
    let usable = addresses.filter {
      ServerURL.isReachableFromElsewhere($0) && seen.insert($0).inserted
    }
    let isOld = { (address: String) in !address.contains(":") }
    let ordered = usable.filter(isOld) + usable.filter { !isOld($0) }
    return ordered.prefix(4).compactMap(at(address:))
  }

  private static func isReachableFromElsewhere(_ text: String) -> Bool {
    guard let bytes = IPPrefix.addressBytes(text), MeshPath.peer(text) == nil else { return false }
    let address = IPPrefix(bytes: bytes, length: bytes.count * 8)
    return !nowhere.contains { $0.overlaps(address) }
  }

  private static let nowhere: [IPPrefix] = [
    IPPrefix(bytes: [0, 0, 0, 0], length: 8), IPPrefix(bytes: [127, 0, 0, 0], length: 8),
    IPPrefix(bytes: [169, 254, 0, 0], length: 16), IPPrefix(bytes: [224, 0, 0, 0], length: 3),
    // ::/96 holds `::` and `::1`; the next are the mapped IPv4 addresses.
    IPPrefix(bytes: [UInt8](repeating: 0, count: 16), length: 96),
    IPPrefix(
      bytes: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 0, 0, 0, 0], length: 96),
    IPPrefix(bytes: [0xFE, 0x80] + [UInt8](repeating: 0, count: 14), length: 10),
    IPPrefix(bytes: [0xFF] + [UInt8](repeating: 0, count: 15), length: 8),
  ]
}

extension Host {
  /// True where this host may join an http:// server by its address (`server_fallback: ip`).
  package func mayJoinByAddress(_ server: ServerURL) -> Bool {
    serverFallback == .ip && server.scheme == .http && !server.isByAddress
  }

  /// True where a client that uses `present` is where the inventory wants it, so that plans do not
  /// flap between a name and the address that stood in for it.
  ///
  /// Only for clients whose node the wanted server lists: another server may have the same port.
  package func isServed(by present: ServerURL, wanting wanted: ServerURL) -> Bool {
    present == wanted || (mayJoinByAddress(wanted) && present.isAddressForm(of: wanted))
  }
}
