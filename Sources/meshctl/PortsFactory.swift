import ArgumentParser
import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import MeshSimulation

/// The composition root: decides which world the engine works on.
struct PortsFactory {
  let app: App
  let inventory: Inventory

  /// What plan works from.
  enum ReadSource {
    /// A saved node list: no connection, no command, no secret.
    case saved(Observation)
    case ports(ReadOnlyPorts, close: @Sendable () async -> Void)
  }

  /// What apply works with; `finish` is called once, after everything, and `release` once after that.
  struct WriteSource {
    var ports: Ports
    /// The same hosts, for looking at who reaches whom.
    var reaching: any HostReaching
    var finish: @Sendable () async throws -> Void
    /// Gives the lock back.
    var release: @Sendable () async throws -> Void
  }

  func readOnly(server: ServerOptions, simulation: SimulationOptions) async throws -> ReadSource {
    if simulation.simulate {
      let world = try SimulatedPorts(inventory: inventory, options: simulation).world
      let ports = ReadOnlyPorts(
        control: SimulatedControlPlane(world), hosts: SimulatedPorts.hosts(world))
      return .ports(ports, close: {})
    }
    if let path = simulation.nodes {
      return .saved(SavedObservation.make(try SavedObservation.read(path), inventory: inventory))
    }
    let control = try await liveControl(server)
    let hosts = OpenSSHHosts(environment: app.environment)
    return .ports(
      ReadOnlyPorts(control: control, hosts: hosts),
      close: {
        await hosts.close()
        await control.close()
      })
  }

  func writing(
    server: ServerOptions, hosts options: HostOptions, simulation: SimulationOptions,
    events: any EventSink, shard: Shard?, lockTimeout: Int
  ) async throws -> WriteSource {
    if simulation.simulate {
      // Taken before the world is read: a second run would lose the first one's work.
      let lock = try await worldLock(simulation, timeout: lockTimeout)
      let simulated = try SimulatedPorts(inventory: inventory, options: simulation)
      return WriteSource(
        ports: simulated.ports(events: events), reaching: SimulatedPorts.hosts(simulated.world),
        finish: { try await simulated.finish() }, release: { try await lock?.release() })
    }
    let access = try access(server)
    try BecomeAccess.check(
      inventory.hosts, api: access, environment: app.environment,
      allowCommands: server.allowCommands)
    try BootstrapAccess.check(
      inventory.hosts, environment: app.environment, allowCommands: server.allowCommands)
    // Before any secret, command or request: a run that overlaps another one has to cost nothing.
    let lock = try await RunLock.acquire(
      // One mesh, whatever way in: over its API and on its server, two runs exclude each other.
      apiURL: inventory.server.url.normalized, shard: shard,
      directory: StateDirectory.path(environment: app.environment) + "/locks",
      timeout: lockTimeout, clock: app.clock)
    do {
      return try await locked(lock, access, hosts: options, events: events)
    } catch {
      try await lock.release()
      throw error
    }
  }

  /// What apply works with, once nobody else does.
  private func locked(
    _ lock: RunLock, _ access: APIAccess, hosts options: HostOptions, events: any EventSink
  ) async throws -> WriteSource {
    let key = try await apiKey(access)
    let control = try await liveControl(access, key: key)
    let passwords: BecomePasswords
    do {
      try await control.requireWritable()
      passwords = BecomePasswords(
        reader: secrets, asked: options.askBecomePass ? try await askedPassword() : nil,
        apiKey: key)
    } catch {
      await control.close()
      throw error
    }
    let hosts = OpenSSHHosts(environment: app.environment)
    let ports = Ports(
      control: control, hosts: hosts, events: events,
      keys: lock, passwords: passwords,
      bootstrap: SSHBootstrapper(environment: app.environment, withheld: withheld),
      clock: app.clock, names: SystemNames(),
      attempts: AttemptCache(app: app, inventory: inventory))
    return WriteSource(
      ports: ports, reaching: hosts,
      finish: { await control.close() }, release: { try await lock.release() })
  }

  private func worldLock(
    _ simulation: SimulationOptions, timeout: Int
  ) async throws -> RunLock? {
    guard let world = simulation.world else { return nil }
    let place = URL(
      filePath: try BoundedFile.followed(world, what: "the simulated world")
    ).standardizedFileURL.path()
    return try await RunLock.acquire(
      // One file holds the whole world, so its shards wait for each other.
      apiURL: "world:" + place, shard: nil,
      directory: StateDirectory.path(environment: app.environment) + "/locks", timeout: timeout,
      clock: app.clock)
  }

  // MARK: Live

  /// Variables that hold secrets; no command is given them.
  var withheld: Set<String> {
    var names: Set = [APIAccess.keyVariable]
    let sources = [inventory.server.api.key] + inventory.hosts.map(\.become.password)
    for case .environment(let name)? in sources { names.insert(name) }
    return names
  }

  private var secrets: SecretReader {
    SecretReader(
      folder: InventoryFile.folder(of: inventory.path), environment: app.environment,
      withheld: withheld)
  }

  private func access(_ server: ServerOptions) throws -> APIAccess {
    try APIAccess.resolve(
      server: inventory.server, environment: app.environment,
      allowCommands: server.allowCommands)
  }

  func liveControl(_ server: ServerOptions) async throws -> HeadscaleControl {
    let access = try access(server)
    return try await liveControl(access, key: try await apiKey(access))
  }

  /// Nil where the way in needs none.
  private func apiKey(_ access: APIAccess) async throws -> Secret? {
    guard let source = access.key else { return nil }
    return try await secrets.read(source, for: "the API key")
  }

  /// The control plane without its notices, and where it is; why there is none is a value.
  ///
  /// - Throws: `CancellationError`.
  func examinedControl(
    _ server: ServerOptions
  ) async throws -> (control: Result<HeadscaleControl, Failure>, url: String) {
    var url = inventory.server.url.normalized
    do {
      let access = try access(server)
      url = access.url.normalized
      let control = try HeadscaleControl(
        access, key: try await apiKey(access), environment: app.environment, withheld: withheld)
      return (.success(control), url)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return (.failure(Failure(any: error)), url)
    }
  }

  private func liveControl(_ access: APIAccess, key: Secret?) async throws -> HeadscaleControl {
    let control = try HeadscaleControl(
      access, key: key, environment: app.environment, withheld: withheld)
    do {
      app.show(try await control.notices())
    } catch {
      await control.close()
      throw error
    }
    return control
  }

  private func askedPassword() async throws -> Secret {
    guard app.console.isInputTerminal else {
      throw Failure(
        .noTerminal, "--ask-become-pass needs a terminal to ask on",
        hint: "write become: {password: {env: …}} in the inventory")
    }
    guard let secret = try await Prompt(console: app.console).secret("sudo password: "),
      !secret.isEmpty
    else { throw Failure(.declined, "no password was given") }
    return secret
  }
}

/// Become passwords from the inventory's sources, else the one that was asked for.
private actor BecomePasswords: PasswordSource {
  private let reader: SecretReader
  private let asked: Secret?
  /// Never sent to a host, wherever an inventory says that a password comes from.
  private let apiKey: Secret?
  private var read: [SecretSource: Secret] = [:]

  init(reader: SecretReader, asked: Secret?, apiKey: Secret?) {
    self.reader = reader
    self.asked = asked
    self.apiKey = apiKey
  }

  func becomePassword(for host: MeshCore.Host) async throws -> Secret? {
    guard let source = host.become.password else { return asked }
    if let known = read[source] { return known }
    let secret = try await reader.read(source, for: "the become password of \(host.key)")
    if let apiKey, BecomeAccess.isSame(secret, apiKey) {
      throw Failure(
        .apiKeyAsPassword, "become.password of \(host.key) is the API key",
        detail: "A become password is sent to the host, and the API key must never be.",
        hint: "give the password a source of its own", host: host.key)
    }
    read[source] = secret
    return secret
  }
}

extension AttemptCache {
  /// What is remembered of the hosts of this mesh, by this user.
  init(app: App, inventory: Inventory) {
    self.init(
      folder: StateDirectory.path(environment: app.environment),
      mesh: inventory.server.url.normalized, clock: app.clock)
  }
}
