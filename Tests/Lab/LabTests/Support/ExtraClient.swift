import Testing

/// A second, third, … client on a host, with a daemon and a node of its own: somebody's laptop.
struct ExtraClient: Sendable {
  let lab: Lab
  let host: String
  let name: String

  private var folder: String { "/run/extra-\(name)" }

  /// Installs nothing: the host has to have the package.
  func start() async throws {
    try await lab.onHost(
      host,
      """
      mkdir -p \(folder)
      systemd-run --quiet --collect --unit=extra-\(name) --setenv=TS_DEBUG_USE_DERP_HTTP=true \
        --setenv=TS_NO_LOGS_NO_SUPPORT=true --setenv=TS_DISABLE_PORTMAPPER=1 \
        tailscaled --state=\(folder)/state --statedir=\(folder) --socket=\(folder)/socket --port=0 \
        --tun=userspace-networking
      for wait in $(seq 100); do
        [ ! -S \(folder)/socket ] || exit 0
        sleep 0.1
      done
      exit 1
      """)
  }

  /// - Returns: the id of its node, which is online.
  func join() async throws -> String {
    try await start()
    let key = try await lab.server.mintKey(user: lab.description.server.user)
    try await lab.onHost(
      host,
      """
      umask 077
      cat >\(folder)/key <<'END'
      \(key)
      END
      tailscale --socket=\(folder)/socket up --reset --login-server='\(lab.server.url)' \
        --hostname='\(name)' --auth-key=file:\(folder)/key --timeout=30s
      code=$?
      rm -f \(folder)/key
      exit $code
      """)
    try await waitUntilOnline()
    return try await lab.node(name).id
  }

  func waitUntilOnline() async throws {
    try #require(
      try await eventually(within: 15) { try await lab.server.node(name)?.online == true },
      "\(name) does not come online")
  }

  func stop() async throws {
    try await lab.onHost(host, "systemctl stop extra-\(name)")
  }
}
