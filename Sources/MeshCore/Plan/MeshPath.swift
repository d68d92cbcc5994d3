/// Whether an address belongs to the mesh itself.
enum MeshPath {
  /// The address where it is of the ranges that clients take.
  static func peer(_ peer: String) -> String? {
    guard let bytes = IPPrefix.addressBytes(peer) else { return nil }
    let address = IPPrefix(bytes: bytes, length: bytes.count * 8)
    let ranges = [
      IPPrefix(bytes: [100, 64, 0, 0], length: 10),
      IPPrefix(
        bytes: [0xFD, 0x7A, 0x11, 0x5C, 0xA1, 0xE0] + [UInt8](repeating: 0, count: 10), length: 48),
    ]
    return ranges.contains { $0.overlaps(address) } ? peer : nil
  }
}

extension PlanContext {
  /// A selected host whose SSH jumps through this one and arrives over the mesh; a login of the jump
  /// host would cut it (design law 11).
  func jumpsOverMesh(through host: Host) -> String? {
    let names: Set = [host.key, host.address, host.name]
    return inventory.hosts.first { other in
      guard other.key != host.key, selection.contains(other.key), let jump = other.ssh.jump,
        MeshPath.hops(jump).contains(where: names.contains),
        let peer = facts(other)?.sshPeer
      else { return false }
      return MeshPath.peer(peer) != nil
    }?.key
  }
}

extension MeshPath {
  /// The host names of `ssh -J user@host:port,…`.
  static func hops(_ jump: String) -> [String] {
    jump.split(separator: ",").map { hop in
      var name = hop.hasPrefix("ssh://") ? hop.dropFirst(6) : hop
      if let at = name.lastIndex(of: "@") { name = name[name.index(after: at)...] }
      if name.first == "[", let end = name.firstIndex(of: "]") {
        return String(name[name.index(after: name.startIndex)..<end])
      }
      if let colon = name.lastIndex(of: ":"), !name[..<colon].contains(":") {
        name = name[..<colon]
      }
      return String(name)
    }
  }
}
