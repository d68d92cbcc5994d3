/// One of several parts of the hosts, as `--shard I/N` selects it, so that several runs share a mesh.
///
/// A host belongs to the shard whose weight for its inventory key is the highest (rendezvous
/// hashing): it stays there whatever other hosts come and go, and with one shard more only about one
/// host in N + 1 moves. The weight is the I-th output of SplitMix64 seeded with the key's FNV-1a
/// hash. Both are a few lines of public domain arithmetic, the same on every platform; a SHA-256 would
/// have to come from outside MeshCore and adds nothing, since whoever could choose host keys to
/// unbalance the shards writes the inventory anyway. The tests pin vectors: another function would
/// hand hosts from one running shard to another.
package struct Shard: Sendable, Hashable {
  /// More are a mistake: each costs a list call of the whole mesh.
  package static let maxCount = 1000

  /// Counted from 0.
  package let index: Int
  package let count: Int

  /// Nil where there is no such shard.
  package init?(index: Int, count: Int) {
    guard (1...Shard.maxCount).contains(count), (0..<count).contains(index) else { return nil }
    self.index = index
    self.count = count
  }

  /// As on the command line.
  package var text: String { "\(index)/\(count)" }

  /// Work that belongs to no host is done by the first shard alone.
  package var isFirst: Bool { index == 0 }

  /// Whether a host belongs to this shard.
  package func contains(_ key: String) -> Bool { Shard.index(of: key, count: count) == index }

  /// The shard of a host; of equal weights the first one.
  package static func index(of key: String, count: Int) -> Int {
    let seed = FNV1a.hash(key)
    var best = 0
    var highest = weight(seed, of: 0)
    for index in 1..<max(1, count) {
      let other = weight(seed, of: index)
      guard other > highest else { continue }
      best = index
      highest = other
    }
    return best
  }

  /// The output of SplitMix64 number `index`, counted from 0.
  static func weight(_ seed: UInt64, of index: Int) -> UInt64 {
    var word = seed &+ (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
