import MeshAdapters
import MeshCore
import MeshEngine
import MeshSimulation

/// The ports of `--simulate`: opens no connection, reads no secret.
struct SimulatedPorts {
  let world: SimulatedWorld
  private let path: String?

  init(inventory: Inventory, options: SimulationOptions) throws {
    path = try options.world.map { try BoundedFile.followed($0, what: "the simulated world") }
    var stored: World?
    if let path, BoundedFile.exists(path) {
      let bytes = try BoundedFile.read(path, limit: 256 << 20, what: "the simulated world")
      do { stored = try World(parsing: String(decoding: bytes, as: UTF8.self)) } catch {
        var finding = error.diagnostic
        finding.message = "\(path): \(finding.message)"
        throw Failure(finding)
      }
    }
    if let path { try BoundedFile.requireWritable(path, what: "the simulated world") }
    var seed: WorldSeed?
    if stored == nil, let nodes = options.nodes {
      seed = WorldSeed(
        SavedObservation.make(try SavedObservation.read(nodes), inventory: inventory))
    }
    world = SimulatedWorld(
      inventoryHosts: inventory.hosts, serverURL: inventory.server.url, world: stored, seed: seed)
  }

  static func hosts(_ world: SimulatedWorld) -> SimulatedHosts {
    SimulatedHosts(world, parser: { TargetProfile.of($1.os).facts($0, $1) })
  }

  func ports(events: any EventSink) -> Ports {
    Ports(
      control: SimulatedControlPlane(world), hosts: SimulatedPorts.hosts(world), events: events,
      keys: InMemoryKeyLedger(), passwords: NoPasswords(),
      bootstrap: SimulatedBootstrap(world), clock: world.clock,
      names: SimulatedNames(world))
  }

  /// Writes the world back where it is kept.
  func finish() async throws {
    guard let path else { return }
    try BoundedFile.write(await world.world().text, to: path, what: "the simulated world")
  }
}
