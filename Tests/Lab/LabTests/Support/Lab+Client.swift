import Foundation
import Testing

/// The client's package on a host, and connections that break in the middle of installing it.
extension Lab {
  /// Of real programs (MESHCTL_LAB_TAILSCALE_DIR) the mirror has the one version that is given.
  static var hasTwoVersions: Bool {
    ProcessInfo.processInfo.environment["MESHCTL_LAB_TAILSCALE_DIR"] == nil
  }

  /// What `tailscale version` and the running daemon say; they have to agree.
  func clientVersion(
    _ host: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let said = try await onHost(
      host, "tailscale version --daemon", sourceLocation: sourceLocation)
    let lines = said.split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
    #expect(
      lines.count == 2 && lines.first == lines.last, "\(said)", sourceLocation: sourceLocation)
    return String(lines.first?.prefix { $0 != "-" } ?? "")
  }

  /// Makes every dpkg of a host take its time, and say when it runs.
  func slowDpkg(_ host: String) async throws {
    try await onHost(
      host,
      """
      rm -f /var/tmp/lab-dpkg
      cat >/usr/local/sbin/lab-slow-dpkg <<'END'
      #!/bin/sh
      touch /var/tmp/lab-dpkg
      sleep 3
      END
      chmod 0755 /usr/local/sbin/lab-slow-dpkg
      echo 'pre-invoke=/usr/local/sbin/lab-slow-dpkg' >/etc/dpkg/dpkg.cfg.d/lab
      """)
  }

  func usualDpkg(_ host: String) async throws {
    try await onHost(
      host,
      "rm -f /etc/dpkg/dpkg.cfg.d/lab /usr/local/sbin/lab-slow-dpkg /var/tmp/lab-dpkg")
  }

  /// Whether a slow dpkg runs, seen from outside.
  func dpkgRuns(_ host: String) -> Bool {
    FileManager.default.fileExists(atPath: file("/var/tmp/lab-dpkg", on: host))
  }

  /// Ends every SSH connection of meshctl's, as a network that fails does it for both ends.
  func cutConnections() throws {
    let clients = leftPids.filter { Processes.program($0)?.hasSuffix("/ssh") == true }
    try #require(!clients.isEmpty, "meshctl has no connection")
    for pid in clients {
      // A client may end because its master did.
      try? Processes.send(.kill, to: pid)
    }
  }
}
