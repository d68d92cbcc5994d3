/// The oldest clients that a server takes (reference headscale-api.md §6, tailscale-client.md §2.1).
package enum ClientFloor {
  /// `1.80`; nil where the server's version is not known.
  package static func of(server version: String?, os: OperatingSystem) -> String? {
    guard let minor = minor(version, os) else { return nil }
    return "1.\(minor)"
  }

  /// True where the server refuses that client; nil where one of the versions is not known.
  package static func refuses(
    client: String, server version: String?, os: OperatingSystem
  ) -> Bool? {
    guard let floor = minor(version, os) else { return nil }
    let parts = client.split(separator: ".").prefix(2).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
    return (major, minor) < (1, floor)
  }

  private static func minor(_ version: String?, _ os: OperatingSystem) -> Int? {
    guard let server = version.flatMap({ HeadscaleVersion($0) }) else { return nil }
    let floor =
      switch (server.major, server.minor) {
      case (0, ...26): 62
      case (0, 27): 64
      case (0, 28): 74
      default: 80
      }
    // Below that an unattended Windows client forgets its login (#12239).
    return os == .windows ? max(74, floor) : floor
  }
}
