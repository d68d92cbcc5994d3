package import MeshCore

/// Where the API is and where its key comes from, decided before anything is read or opened.
package struct APIAccess: Sendable, Equatable {
  package var url: ServerURL
  package var key: SecretSource
  /// The key's source in words: `HEADSCALE_API_KEY`, `the file ops.key`, `the command pass`.
  package var keyOrigin: String
  /// As the inventory writes it; relative paths are relative to the inventory's folder.
  package var caFile: String?

  package static let urlVariable = "HEADSCALE_URL"
  package static let keyVariable = "HEADSCALE_API_KEY"
  static let howToGetAKey = """
    on the server: headscale apikeys create --expiration 90d; then set HEADSCALE_API_KEY here
    """

  /// Decides from the inventory and the environment; reads no secret, runs nothing.
  ///
  /// Where HEADSCALE_URL is set it pins the API: a pull request must not be able to send the key
  /// elsewhere (design law 7), so the inventory's URL has to equal it for every kind of key source,
  /// and commands and ssh named in the inventory need `allowCommands`.
  ///
  /// - Parameters:
  ///   - server: the inventory's `server:` section; nil for commands that need no inventory, which
  ///     then use the environment alone.
  ///   - environment: all variables of the process.
  ///   - allowCommands: whether `--allow-commands` was given.
  /// - Returns: where to go and which key to read.
  /// - Throws: `Failure`; the exit code is 1.
  package static func resolve(
    server: ServerSettings?, environment: [String: String], allowCommands: Bool
  ) throws(Failure) -> APIAccess {
    let pin = try pinnedURL(environment)
    guard let server else {
      guard let pin else {
        throw Failure(
          .apiURL, "no Headscale API is named",
          hint: "set \(urlVariable), or give an inventory with server.url")
      }
      return try APIAccess(
        url: pin, key: source(nil, environment), keyOrigin: keyVariable, caFile: nil)
    }
    let url = try restURL(server, isPinned: pin != nil, allowCommands: allowCommands)
    if let pin, pin != url { throw mismatch(pin, server, url) }
    let key = try source(server.api.key, environment)
    if case .command(let command) = key, pin != nil, !allowCommands {
      throw notAllowed("server.api.key.command: \(command.first ?? "")")
    }
    return APIAccess(url: url, key: key, keyOrigin: origin(key), caFile: server.api.caFile)
  }

  private static func pinnedURL(_ environment: [String: String]) throws(Failure) -> ServerURL? {
    guard let text = environment[urlVariable] else { return nil }
    if let url = ServerURL(text) { return url }
    // An empty variable is a CI secret that was not there: without this the pin would vanish.
    throw Failure(
      .apiURL, text.isEmpty ? "\(urlVariable) is empty" : "\(urlVariable) is not a URL",
      detail: "It says which API the key may be sent to, so it is not passed over.",
      evidence: text.isEmpty ? nil : String(text.prefix(200)),
      hint: "write it like https://mesh.example.com, or unset it")
  }

  private static func restURL(
    _ server: ServerSettings, isPinned: Bool, allowCommands: Bool
  ) throws(Failure) -> ServerURL {
    let way: String
    switch server.api.access {
    case .rest(let url):
      return url ?? server.url
    case .command:
      way = "command"
    case .ssh:
      way = "ssh"
    case .socket:
      way = "socket"
    }
    if isPinned, !allowCommands, way != "socket" { throw notAllowed("server.api.\(way)") }
    throw Failure(
      .apiAccessUnsupported, "server.api.\(way) is not supported yet",
      detail: "This version of meshctl reaches Headscale over its REST API only.",
      hint: "use server.api.url and a key: headscale apikeys create")
  }

  private static func mismatch(
    _ pin: ServerURL, _ server: ServerSettings, _ url: ServerURL
  ) -> Failure {
    var name = "server.url"
    if case .rest(.some) = server.api.access { name = "server.api.url" }
    return Failure(
      .apiURLPinned,
      "\(name) is \(url.normalized), but \(urlVariable) allows \(pin.normalized) only",
      detail: "The API key is sent to no other server than the one \(urlVariable) names.",
      hint: name == "server.url"
        ? "write api: {url: \(pin.normalized)} under server:, if that is the same server"
        : "correct server.api.url, or change \(urlVariable) where meshctl runs")
  }

  private static func notAllowed(_ what: String) -> Failure {
    Failure(
      .apiCommandsNotAllowed, "the inventory wants to run a program: \(what)",
      detail: "Where \(urlVariable) is set, commands from the inventory run only when allowed.",
      hint: "look at it, then add --allow-commands")
  }

  private static func source(
    _ named: SecretSource?, _ environment: [String: String]
  ) throws(Failure) -> SecretSource {
    let source = named ?? .environment(keyVariable)
    guard case .environment(let name) = source, environment[name]?.isEmpty ?? true else {
      return source
    }
    throw Failure(
      .apiKeyMissing, "there is no API key: \(name) is not set", hint: howToGetAKey)
  }

  private static func origin(_ source: SecretSource) -> String {
    switch source {
    case .environment(let name): name
    case .file(let path): "the file \(path)"
    // Arguments may name what is nobody's business.
    case .command(let command): "the command \(command.first ?? "")"
    }
  }
}
