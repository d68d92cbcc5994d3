import Testing

/// Hosts that lose their identity, as a reinstallation does it.
extension Lab {
  enum Wipe: String, CaseIterable {
    /// The client is there and runs, and knows nothing.
    case running
    /// The client is there, knows nothing, and nobody started it.
    case stopped
    /// The package is gone too.
    case purged
  }

  /// Wipes a host's client; its node stays on the server, offline.
  func reinstall(_ host: String, _ wipe: Wipe) async throws {
    let id = try await node(host).id
    let rest =
      switch wipe {
      case .running: "systemctl start tailscaled"
      case .stopped: ":"
      case .purged: "apt-get -q -y purge tailscale"
      }
    try await onHost(
      host, "set -e; systemctl stop tailscaled; rm -rf /var/lib/tailscale/*; \(rest)")
    try await waitUntilOffline(id)
  }
}
