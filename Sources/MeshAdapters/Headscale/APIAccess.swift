package import MeshCore

/// Where the server is, by which way it is reached and where a key comes from, decided before
/// anything is read or opened.
package struct APIAccess: Sendable, Equatable {
  /// The way in.
  package enum Way: Sendable, Equatable {
    /// REST with a key, at `url`.
    case rest
    /// REST without a key on this machine's unix socket; Headscale 0.30 and later.
    case socket(String)
    /// The `headscale` command on this machine, with what stands in front of it.
    case command([String])
    /// The `headscale` command at `[user@]host[:port]`.
    case ssh(String)
  }

  package var way: Way
  /// Where the API is; for the ways without a URL the server's own, which names it in output.
  package var url: ServerURL
  /// Nil for the ways that need no key.
  package var key: SecretSource?
  /// The key's source in words: `HEADSCALE_API_KEY`, `the file ops.key`, `the command pass`.
  package var keyOrigin: String
  /// As the inventory writes it; relative paths are relative to the inventory's folder.
  package var caFile: String?

  package static let urlVariable = "HEADSCALE_URL"
  package static let keyVariable = "HEADSCALE_API_KEY"
  /// A file that holds the key, for schedules: systemd's credentials, mounted secrets.
  package static let keyFileVariable = "HEADSCALE_API_KEY_FILE"
  static let howToGetAKey = """
    on the server: headscale apikeys create --expiration 90d; then set HEADSCALE_API_KEY here
    """

  /// Decides from the inventory and the environment; reads no secret, runs nothing.
  ///
  /// Where HEADSCALE_URL is set it pins the API: a pull request must not be able to send the key
  /// elsewhere (design law 7), so the inventory's URL has to equal it for every kind of key source,
  /// and commands, ssh and a socket named in the inventory need `allowCommands`.
  ///
  /// - Parameters:
  ///   - server: the inventory's `server:` section; nil for commands that need no inventory, which
  ///     then use REST as the environment alone says.
  ///   - environment: all variables of the process.
  ///   - allowCommands: whether `--allow-commands` was given.
  /// - Returns: where to go, by which way, and which key to read.
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
      let key = try source(nil, environment)
      return APIAccess(way: .rest, url: pin, key: key, keyOrigin: origin(key), caFile: nil)
    }
    if let way = try keyless(server.api.access, isPinned: pin != nil, allowCommands: allowCommands)
    {
      return APIAccess(way: way, url: server.url, key: nil, keyOrigin: "", caFile: nil)
    }
    var url = server.url
    if case .rest(let named?) = server.api.access { url = named }
    if let pin, pin != url { throw mismatch(pin, server, url) }
    let key = try source(server.api.key, environment)
    if case .command(let command) = key, pin != nil, !allowCommands {
      throw notAllowed("server.api.key.command: \(command.first ?? "")")
    }
    return APIAccess(
      way: .rest, url: url, key: key, keyOrigin: origin(key), caFile: server.api.caFile)
  }

  /// True where the key would travel unencrypted to another machine.
  package var isClear: Bool { way == .rest && url.scheme == .http && !url.isLoopback }

  /// Said where no inventory says it (`MESH-INV-CLEAR-KEY` there has a position).
  package var clearKeyWarning: Diagnostic {
    Diagnostic(
      .invClearKey, .warning, "the API key travels unencrypted to \(url.origin)",
      detail: "Whoever listens on the way can take the mesh over with it.",
      hint: "use https:// in \(APIAccess.urlVariable), or run meshctl on the server")
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

  /// The way without a key that the inventory names, if it names one.
  ///
  /// A socket carries no key, but who answers on it is another server than the pinned one.
  private static func keyless(
    _ access: APISettings.Access, isPinned: Bool, allowCommands: Bool
  ) throws(Failure) -> Way? {
    switch access {
    case .rest:
      return nil
    case .socket(let path):
      if isPinned, !allowCommands {
        throw Failure(
          .apiURLPinned, "server.api.socket is \(path), but \(urlVariable) is set",
          detail: "What answers there need not be the server that \(urlVariable) names.",
          hint: "look at it, then add --allow-commands")
      }
      return .socket(path)
    case .command(let words):
      if isPinned, !allowCommands {
        throw notAllowed("server.api.command: \(words.first ?? "")")
      }
      return .command(words)
    case .ssh(let login):
      if isPinned, !allowCommands { throw notAllowed("server.api.ssh: \(login)") }
      return .ssh(login)
    }
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

  /// What the inventory names, else what the environment has.
  private static func source(
    _ named: SecretSource?, _ environment: [String: String]
  ) throws(Failure) -> SecretSource {
    switch named {
    // The default, written out.
    case .environment(keyVariable)?: break
    case .environment(let name)? where environment[name]?.isEmpty ?? true:
      throw missing("\(name) is not set")
    case let named?: return named
    case nil: break
    }
    let hasKey = !(environment[keyVariable]?.isEmpty ?? true)
    guard let path = environment[keyFileVariable], !path.isEmpty else {
      guard hasKey else { throw missing("neither \(keyVariable) nor \(keyFileVariable) is set") }
      return .environment(keyVariable)
    }
    if hasKey {
      throw unclear(
        "\(keyVariable) and \(keyFileVariable) are both set", "Only one of them can be meant.",
        hint: "unset one of them")
    }
    guard path.hasPrefix("/") else {
      throw unclear(
        "\(keyFileVariable) is no absolute path: \(VisibleText.escaped(path, limit: 200))",
        "Schedules start programs in folders of their own.", hint: "write the whole path")
    }
    return .file(path)
  }

  private static func missing(_ why: String) -> Failure {
    Failure(.apiKeyMissing, "there is no API key: \(why)", hint: howToGetAKey)
  }

  private static func unclear(_ what: String, _ detail: String, hint: String) -> Failure {
    Failure(.apiKeySource, what, detail: detail, hint: hint)
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
