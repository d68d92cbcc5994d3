import Foundation
import Testing

/// Bringing server and hosts into the state that a test starts from.
extension Lab {
  /// No nodes and no usable keys on the server; these hosts up and without a client.
  ///
  /// A host that never had a client is as fresh as a new one, so it is left alone.
  func emptyTailnet(fresh hosts: [String] = Lab.hosts) async throws {
    try await startHosts()
    for host in hosts where hasClient(host) {
      try await keepJournal(host)
      try await sh("freshen", host, "--keep-keys")
    }
    for node in try await server.nodes() { try await server.delete(node: node.id) }
    for key in try await server.keys() where key.isUsable() {
      try await server.expire(key: key.id)
    }
  }

  /// A host without a client, whose name no node has; the others stay as they are.
  func fresh(_ host: String) async throws {
    try await startHosts()
    if hasClient(host) {
      try await keepJournal(host)
      try await sh("freshen", host, "--keep-keys")
    }
    for node in try await server.nodes() where node.givenName == host {
      try await server.delete(node: node.id)
    }
  }

  /// Boots what is off.
  func startHosts() async throws {
    let status = try await sh("status")
    for line in status.split(separator: "\n") where line.hasSuffix(" off") {
      let words = line.split(separator: " ")
      guard words.first == "host", words.count > 1 else { continue }
      try await sh("start", String(words[1]))
    }
  }

  /// The standard inventory applied; quick when it is already.
  func converged(_ inventory: LabInventory? = nil) async throws -> LabInventory {
    let inventory = try inventory ?? LabInventory.standard(self)
    var ending = try await meshctl("apply", inventory, "--auto-approve", "--probe")
    if ending.exit != 0 {
      try await emptyTailnet()
      ending = try await meshctl("apply", inventory, "--auto-approve")
    }
    try #require(ending.exit == 0, "the lab cannot be brought into its first state: \(ending.all)")
    // A stranger of an earlier test.
    let own = Set(inventory.hosts.map(\.name))
    for node in try await server.nodes() where !own.contains(node.givenName) {
      try await server.delete(node: node.id)
    }
    return inventory
  }

  /// Lets a host join by itself, without meshctl, under a hostname of its choice.
  func joinStranger(
    _ host: String, as hostname: String, on control: ControlServer? = nil
  ) async throws {
    let control = control ?? server
    if !hasClient(host) { try await installClient(host) }
    let key = try await control.mintKey(user: description.server.user)
    let joined = try await exec(
      host,
      """
      umask 077
      cat >/run/stranger.key <<'END'
      \(key)
      END
      tailscale up --reset --login-server='\(control.url)' --hostname='\(hostname)' \
        --auth-key=file:/run/stranger.key --force-reauth --timeout=30s
      code=$?
      rm -f /run/stranger.key
      exit $code
      """)
    try #require(joined.exit == 0, "\(joined.all)")
    let listed = try await eventually(within: 10) {
      try await control.nodes().contains { $0.hostname == hostname && $0.online }
    }
    try #require(listed, "the stranger is not in the node list")
  }

  private func installClient(_ host: String) async throws {
    let root = file("", on: host)
    let release = try String(contentsOfFile: root + "/etc/os-release", encoding: .utf8)
    let suite = try #require(
      release.split(separator: "\n").first { $0.hasPrefix("VERSION_CODENAME=") }
    ).dropFirst("VERSION_CODENAME=".count)
    let installed = try await exec(
      host,
      """
      set -e
      base='\(description.mirror.url)/debian'
      /usr/lib/apt/apt-helper download-file "$base/\(suite).noarmor.gpg" \
        /usr/share/keyrings/tailscale-archive-keyring.gpg
      echo "deb [signed-by=/usr/share/keyrings/tailscale-archive-keyring.gpg] $base \(suite) main" \
        >/etc/apt/sources.list.d/tailscale.list
      apt-get -q update && apt-get -q -y install tailscale
      """)
    try #require(installed.exit == 0, "\(installed.all)")
  }

  /// Keeps what a host has logged, before its disk goes.
  func keepJournal(_ host: String) async throws {
    let text = try await sh("log", host)
    try text.write(toFile: nextCapture() + ".journal-" + host, atomically: false, encoding: .utf8)
  }
}
