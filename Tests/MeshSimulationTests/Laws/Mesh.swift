import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Synchronization

/// One inventory over one simulated world, with everything a law looks at.
struct Mesh {
  let inventory: Inventory
  let world: SimulatedWorld
  /// Kept over runs, as the lock file is.
  let ledger: InMemoryKeyLedger
  /// Kept over runs, as the cache file is.
  let attempts: InMemoryAttempts
  /// True where runs leave hosts alone that keep failing.
  var backsOff = false
  let events: RecordingEvents
  let wire: Wire
  var flags = PlanFlags()
  var passwords: [String: Secret] = [:]
  var parallelism = 4

  init(_ text: String, seed: WorldSeed = Mesh.seed()) throws {
    self.init(inventory: try InventoryText.load(text), seed: seed)
  }

  init(inventory: Inventory, seed: WorldSeed) {
    self.inventory = inventory
    world = SimulatedWorld(
      inventoryHosts: inventory.hosts, serverURL: inventory.server.url, seed: seed)
    wire = Wire()
    ledger = InMemoryKeyLedger()
    attempts = InMemoryAttempts()
    events = RecordingEvents()
  }

  /// The same world, ledger and wire under another inventory.
  init(_ text: String, over mesh: Mesh) throws {
    inventory = try InventoryText.load(text)
    world = mesh.world
    wire = mesh.wire
    ledger = mesh.ledger
    attempts = mesh.attempts
    events = mesh.events
    parallelism = mesh.parallelism
  }

  /// A server with one user and a policy that owns tag:db and tag:web.
  static func seed(nodes: [MeshNode] = [], random: UInt64 = 1) -> WorldSeed {
    WorldSeed(
      nodes: nodes, users: [MeshUser(id: "1", name: "ops")],
      policy: .tagOwners(["tag:db", "tag:web"]), randomSeed: random)
  }

  /// Three hosts that use most of what an inventory can say.
  static let three = """
    guards: {offline_after: 0s, max_deletes: off}
    hosts:
      alpha: {tags: [tag:web], routes: [10.0.0.0/24]}
      beta: {owner: office, accept_routes: true}
      gamma: {owner: office, name: gamma-three, exit_node: true, shields_up: true}
    """

  // MARK: Running

  func ports() -> Ports {
    let hosts = SimulatedHosts(world, parser: { TargetProfile.of($1.os).facts($0, $1) })
    return Ports(
      control: WiredControl(inner: SimulatedControlPlane(world), wire: wire),
      hosts: WiredHosts(inner: hosts, wire: wire), events: events, keys: ledger,
      passwords: FixedPasswords(passwords), bootstrap: SimulatedBootstrap(world),
      clock: world.clock, names: SimulatedNames(world), attempts: attempts)
  }

  func request(probe: Bool = false) -> ApplyRequest {
    var flags = self.flags
    flags.probe = probe
    return ApplyRequest(
      inventory: inventory, selection: inventory.everyone, flags: flags,
      parallelism: parallelism, simulated: true, backsOff: backsOff)
  }

  func applier(probe: Bool = false) -> Applier {
    Applier(request: request(probe: probe), ports: ports())
  }

  /// One whole apply.
  @discardableResult
  func apply(probe: Bool = false) async throws -> RunSummary {
    let applier = applier(probe: probe)
    do {
      let summary = try await applier.execute(try await applier.planned())
      _ = await applier.cleanUp()
      return summary
    } catch {
      _ = await applier.cleanUp()
      throw error
    }
  }

  /// What a plan that probes every host still finds.
  func leftOver() async throws -> [String] {
    try await applier(probe: true).planned().plan.hosts.filter { $0.action != .none }.map {
      "\($0.name): \($0.action) \($0.changes.map(\.attribute.rawValue)) "
        + $0.diagnostics.map(\.message).joined(separator: "; ")
    }
  }

  // MARK: Looking

  func server() async -> SimulatedHeadscale { await world.withServer { server, _ in server } }

  func node(_ givenName: String) async -> ServerNode? {
    await server().nodes.first { $0.givenName == givenName }
  }

  func host(_ key: String) async -> SimulatedHost { await world.withHost(key) { $0 } }

  func change(_ key: String, _ body: @Sendable (inout SimulatedHost) -> Void) async {
    await world.withHost(key, body)
  }

  /// Keys that somebody could still join with.
  func validKeys() async -> [ServerKey] {
    let now = world.clock.now()
    return await server().preAuthKeys.filter { !$0.used && $0.expiration > now }
  }

  /// Stops the client, as `systemctl stop tailscaled` does.
  func stopClient(_ key: String) async {
    let nodeKey = await host(key).client?.nodeKey
    await change(key) { $0.client?.isRunning = false }
    await world.withServer { server, now in
      if let nodeKey { server.disconnect(nodeKey: nodeKey, now: now) }
    }
  }
}

/// What went over the ports: the calls, and the secrets that must show up nowhere else.
final class Wire: Sendable {
  struct Log: Sendable {
    var calls: [(host: String, call: RemoteCall)] = []
    var requests: [KeyRequest] = []
    /// Keys whose minting was answered.
    var minted = 0
    /// How often the nodes were listed.
    var lists = 0
    var secrets: [String] = []
    var answers: [RemoteAnswer] = []
  }

  private let log = Mutex(Log())
  /// What the server answers instead of a key; nil makes keys.
  let noKeys = Mutex<Failure?>(nil)
  /// Runs before each script.
  let before = Mutex<@Sendable (RemoteCall, Host) async throws -> Void>({ _, _ in })

  var all: Log { log.withLock { $0 } }

  func note(_ body: (inout Log) -> Void) { log.withLock { body(&$0) } }
}

struct WiredHosts: HostActing {
  let inner: SimulatedHosts
  let wire: Wire

  func probe(_ host: Host) async -> ProbeResult { await inner.probe(host) }

  func run(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) async throws -> RemoteAnswer {
    wire.note { log in
      log.calls.append((host.key, call))
      log.secrets += secrets.values.map { $0.reveal() }
      if case .sudoPassword(let password) = elevation { log.secrets.append(password.reveal()) }
    }
    let hook = wire.before.withLock { $0 }
    try await hook(call, host)
    let answer = try await inner.run(call, secrets: secrets, elevation: elevation, on: host)
    wire.note { $0.answers.append(answer) }
    return answer
  }

  func close() async { await inner.close() }
}

struct WiredControl: ControlPlane {
  let inner: SimulatedControlPlane
  let wire: Wire

  func identify() async throws -> ServerIdentity { try await inner.identify() }
  func nodes() async throws -> NodeList {
    wire.note { $0.lists += 1 }
    return try await inner.nodes()
  }
  func users() async throws -> [MeshUser] { try await inner.users() }
  func policy() async throws -> PolicyState { try await inner.policy() }
  func createUser(name: String) async throws { try await inner.createUser(name: name) }
  func expireUnusedKeys(expiringAt expiration: Timestamp) async throws {
    try await inner.expireUnusedKeys(expiringAt: expiration)
  }
  func createPreAuthKey(
    _ request: KeyRequest, announce: @Sendable (Timestamp) async throws -> Void
  ) async throws -> MintedKey {
    wire.note { $0.requests.append(request) }
    if let failure = wire.noKeys.withLock({ $0 }) { throw failure }
    let key = try await inner.createPreAuthKey(request, announce: announce)
    wire.note {
      $0.minted += 1
      $0.secrets.append(key.key.reveal())
    }
    return key
  }
  func expirePreAuthKey(id: String) async throws { try await inner.expirePreAuthKey(id: id) }
  func setTags(nodeID: String, tags: [String]) async throws {
    try await inner.setTags(nodeID: nodeID, tags: tags)
  }
  func approveRoutes(nodeID: String, routes: [String]) async throws {
    try await inner.approveRoutes(nodeID: nodeID, routes: routes)
  }
  func rename(nodeID: String, to name: String) async throws {
    try await inner.rename(nodeID: nodeID, to: name)
  }
  func disableExpiry(nodeID: String) async throws {
    try await inner.disableExpiry(nodeID: nodeID)
  }
  func deleteNode(id: String) async throws { try await inner.deleteNode(id: id) }
}
