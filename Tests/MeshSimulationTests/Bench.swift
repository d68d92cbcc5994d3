import MeshCore
import MeshEngine
import MeshSimulation
import Testing

/// A world with its ports and short ways to use them.
struct Bench {
  let world: SimulatedWorld
  let hosts: SimulatedHosts
  let control: SimulatedControlPlane
  private let inventory: [String: Host]

  init(_ inventory: [Host], world stored: World? = nil, seed: WorldSeed? = nil) throws {
    let url = try #require(ServerURL("https://mesh.example.com"))
    world = SimulatedWorld(inventoryHosts: inventory, serverURL: url, world: stored, seed: seed)
    hosts = SimulatedHosts(world, parser: { LinuxTarget.facts(in: $0, of: $1) })
    control = SimulatedControlPlane(world)
    self.inventory = Dictionary(inventory.map { ($0.key, $0) }) { first, _ in first }
  }

  private func host(_ key: String) throws -> Host { try #require(inventory[key]) }

  func user(_ name: String) async throws { try await control.createUser(name: name) }

  /// What the live parser makes of the simulated probe.
  func facts(_ key: String) async throws -> HostFacts {
    switch await hosts.probe(try host(key)) {
    case .facts(let facts): return facts
    case .failed(let diagnostic): throw Failure(diagnostic)
    }
  }

  func run(
    _ script: ScriptName, on key: String, _ parameters: [RemoteCall.Parameter] = [],
    authKey: Secret? = nil, elevation: Elevation = .sudo
  ) async throws -> ScriptReport {
    let call = RemoteCall(
      script, parameters: parameters,
      secretFiles: authKey == nil ? [] : [.init("AUTH_KEY_FILE", .preAuthKey)],
      elevated: true, timeout: 60)
    let secrets: [SecretSlot: Secret] = authKey.map { [.preAuthKey: $0] } ?? [:]
    return try await hosts.run(
      call, secrets: secrets, elevation: elevation, on: try host(key)
    ).report
  }

  func install(_ key: String) async throws {
    let report = try await run(
      .installApt, on: key,
      [
        .init("MIRROR", "https://pkgs.tailscale.com/stable"), .init("REPO_OS", "debian"),
        .init("CODENAME", "bookworm"), .init("VERSION", "present"),
      ])
    #expect(report.status("stage") == 0)
    #expect(report.text("version") == "1.102.3")
  }

  /// Joins with a fresh key of the user `ops`.
  func join(
    _ key: String, _ flags: [String], url: String = "https://mesh.example.com",
    authKey: Secret? = nil
  ) async throws -> ScriptReport {
    var secret = authKey
    if secret == nil {
      secret = try await control.createPreAuthKey(KeyRequest(owner: .user("ops"))).key
    }
    let flags = ["--reset", "--login-server=\(url)"] + flags
    return try await run(
      .join, on: key,
      [.init("ARGS", flags.joined(separator: "\n")), .init("TIMEOUT", "60")], authKey: secret)
  }
}
