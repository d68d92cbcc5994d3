/// Which peers a host asks where asking all would take too long.
///
/// The hosts stand in a ring, ordered by a hash of their names so that neighbours in the file are not
/// neighbours there. A host asks the `size` hosts that stand a few places further; how many is decided
/// by a hash of the time, the same for all. So every host asks and is asked exactly `size` times, the
/// same minute gives the same pairs, and runs at whatever interval come to every offset, and with it
/// to every pair in both directions.
package struct ReachSampling: Sendable, Equatable {
  package let size: Int
  /// Host keys around the ring.
  let ring: [String]
  private let places: [String: Int]
  /// The first offset, from 1.
  let start: Int

  /// - Parameters:
  ///   - hosts: who takes part; every one once.
  ///   - size: how many peers each asks, at least 1.
  ///   - now: runs within one minute ask the same pairs.
  package init(_ hosts: [String], size: Int, now: Timestamp) {
    ring = hosts.map { (ReachSampling.hash($0), $0) }.sorted { $0 < $1 }.map(\.1)
    places = Dictionary(
      ring.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    self.size = max(1, size)
    let minute = ReachSampling.mixed(UInt64(bitPattern: now.seconds / 60))
    // The high word of the product spreads it evenly over the offsets.
    start = 1 + Int(minute.multipliedFullWidth(by: UInt64(max(1, ring.count - 1))).high)
  }

  /// False where everybody asks everybody anyway.
  package var leavesOut: Bool { size < ring.count - 1 }

  /// Whom a host asks, nearest in the ring first.
  package func peers(of host: String) -> [String] { around(host, by: 1) }

  /// Who asks a host.
  package func askers(of host: String) -> [String] { around(host, by: -1) }

  private func around(_ host: String, by direction: Int) -> [String] {
    guard let place = places[host], ring.count > 1 else { return [] }
    let offsets = ring.count - 1
    return (0..<min(size, offsets)).map { step in
      let offset = 1 + (start - 1 + step) % offsets
      return ring[(place + direction * offset + ring.count) % ring.count]
    }
  }

  /// FNV-1a, finished by a mix, since close names give close hashes without it.
  private static func hash(_ text: String) -> UInt64 {
    mixed(
      text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }

  /// The finisher of SplitMix64.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
