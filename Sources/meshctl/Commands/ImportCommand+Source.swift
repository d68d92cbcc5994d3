import MeshAdapters
import MeshCore
import MeshEngine

/// What `import` writes from: an observation, and how its server is reached.
struct ImportSource {
  var observation: Observation
  /// The `server:` section to write.
  var settings: ServerSettings
  /// True where nobody said what hosts join, and the API's own URL stands for it.
  var isServerGuessed: Bool

  static func read(_ command: ImportCommand, _ app: App) async throws -> ImportSource {
    let inventory = try inventoryPath(command).map { try app.loadInventory($0) }
    let wanted = command.serverURL.flatMap { ServerURL($0) }
    if let path = command.nodes {
      return try saved(try SavedObservation.read(path), inventory?.server, wanted)
    }
    let live = try await LiveReading.observe(
      app, server: inventory?.server,
      folder: inventory.map { InventoryFile.folder(of: $0.path) } ?? "", options: command.server)
    guard let api = ServerURL(live.server.url) ?? inventory?.server.url else {
      throw noServer
    }
    return ImportSource(live, server: inventory?.server, api: api, wanted: wanted)
  }

  /// The named one, the one to add to, or the default one where it exists; nil for the environment
  /// alone, and where a saved list needs none.
  private static func inventoryPath(_ command: ImportCommand) throws -> String? {
    if let named = command.inventory ?? command.into { return named }
    let standard = InventoryOptions.standard
    return command.nodes == nil && BoundedFile.exists(standard) ? standard : nil
  }

  private static func saved(
    _ saved: SavedNodes, _ server: ServerSettings?, _ wanted: ServerURL?
  ) throws -> ImportSource {
    let listed = saved.serverURL.flatMap { ServerURL($0) }
    guard let api = listed ?? server?.url ?? wanted else { throw noServer }
    let observation = Observation(
      server: ServerIdentity(url: api.normalized, version: saved.version), nodes: saved.nodes,
      users: saved.users, policy: saved.policy, takenAt: saved.takenAt)
    return ImportSource(observation, server: server, api: api, wanted: wanted)
  }

  private init(
    _ observation: Observation, server: ServerSettings?, api: ServerURL, wanted: ServerURL?
  ) {
    self.observation = observation
    settings = server ?? ServerSettings(url: api)
    isServerGuessed = server == nil && wanted == nil
    guard let wanted else { return }
    settings.url = wanted
    if case .rest(nil) = settings.api.access, api != wanted {
      settings.api.access = .rest(url: api)
    }
  }

  private static var noServer: Failure {
    Failure(
      .importServerURL, "nothing says which server hosts join",
      detail: "A bare node list does not name its server.",
      hint: "name an inventory, or add --server-url https://mesh.example.com")
  }
}

/// Reads a control plane with an inventory's `server:` section, or from the environment alone.
enum LiveReading {
  static func observe(
    _ app: App, server: ServerSettings?, folder: String, options: ServerOptions
  ) async throws -> Observation {
    let access = try APIAccess.resolve(
      server: server, environment: app.environment, allowCommands: options.allowCommands)
    var withheld: Set = [APIAccess.keyVariable]
    if case .environment(let name)? = server?.api.key { withheld.insert(name) }
    let reader = SecretReader(folder: folder, environment: app.environment, withheld: withheld)
    var key: Secret?
    if let source = access.key {
      key = try await reader.read(source, for: "the API key")
    }
    // Where there is an inventory, its own check has said so.
    if server == nil, access.isClear { app.show([access.clearKeyWarning]) }
    let control = try HeadscaleControl(
      access, key: key, environment: app.environment, withheld: withheld)
    let hosts = OpenSSHHosts(environment: app.environment)
    let found = await Result<Observation, any Error>.catching {
      app.show(try await control.notices())
      let ports = ReadOnlyPorts(control: control, hosts: hosts)
      return try await Observer(ports: ports, parallelism: 1).observeServer()
    }
    await hosts.close()
    await control.close()
    return try found.get()
  }
}
