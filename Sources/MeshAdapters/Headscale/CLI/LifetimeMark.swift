import MeshCore

/// Tells a key that the command made from all others.
///
/// The command takes a lifetime and no instant, so an expiration cannot be chosen to the nanosecond
/// as over REST. Instead the lifetime is odd to the millisecond, and the expiration that is written
/// down beforehand carries it in its microseconds: a listed key is ours when it lives exactly that
/// long and ends about then.
enum LifetimeMark {
  /// About `lifetime` seconds from now (at most 900), with the exact lifetime in its fraction.
  static func expiration(from now: Timestamp, lifetime: Int) -> Timestamp {
    let most = min(max(lifetime, 2), 900) * 1000
    // Up to a fifth less than asked for: nobody else's key lives 8 minutes and 38.217 seconds.
    let milliseconds = most - Int.random(in: 1...max(1, most / 5))
    return Timestamp(
      seconds: now.seconds + Int64(milliseconds / 1000), nanoseconds: Int32(milliseconds) * 1000)
  }

  /// The lifetime that an expiration from above carries.
  static func milliseconds(of expiration: Timestamp) -> Int { Int(expiration.nanoseconds) / 1000 }

  /// Whether a listed key is the one.
  ///
  /// The command counts from its own start and the server stamps the key a moment later; the two
  /// share a clock. A key whose answer is lost because that moment was longer ends by itself.
  static func fits(_ key: WirePreAuthKey, _ expiration: Timestamp) -> Bool {
    guard let end = key.expiration, let start = key.createdAt else { return false }
    let lived =
      (end.seconds - start.seconds) * 1000 + Int64(end.nanoseconds - start.nanoseconds) / 1_000_000
    let short = Int64(milliseconds(of: expiration)) - lived
    return (-20...1000).contains(short) && abs(end.seconds - expiration.seconds) <= 60
  }
}
