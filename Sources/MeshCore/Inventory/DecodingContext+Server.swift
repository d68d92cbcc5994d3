import YAMLReader

extension DecodingContext {
  mutating func server(_ field: Field) -> ServerSettings? {
    guard
      let fields = fields(
        of: field.node, in: [.server], mayBeEmpty: false, title: "`server`")
    else { return nil }
    requireKeys(of: .server, in: fields, from: field.pair.keyMark, to: field.pair.keyEnd)
    var url: Located<ServerURL>?
    var api = APISettings()
    var apiURL: Located<ServerURL>?
    var keyOwner: String?
    for field in fields {
      switch field.key.name {
      case "url": url = self.url(field, joinedByHosts: true)
      case "api": (api, apiURL) = self.api(field)
      case "key_owner": keyOwner = owner(field)?.value
      default: unknownKey(field.pair, in: [.server])
      }
    }
    if case .rest = api.access, let used = apiURL ?? url { warnOfClearKey(used) }
    guard let url else { return nil }
    return ServerSettings(url: url.value, api: api, keyOwner: keyOwner)
  }

  private mutating func api(_ field: Field) -> (APISettings, Located<ServerURL>?) {
    var settings = APISettings()
    var apiURL: Located<ServerURL>?
    let fields = fields(of: field.node, in: [.api], title: "`server.api`") ?? []
    for field in fields {
      switch field.key.name {
      case "url":
        apiURL = url(field)
        if let apiURL { settings.access = .rest(url: apiURL.value) }
      case "key": settings.key = secret(field)
      case "ca_file": settings.caFile = filePath(field.key, field.node)
      case "command":
        if let words = command(field) { settings.access = .command(words) }
      case "ssh":
        if let login = login(field) { settings.access = .ssh(login) }
      case "socket":
        if let path = filePath(field.key, field.node) { settings.access = .socket(path) }
      default: unknownKey(field.pair, in: [.api])
      }
    }
    checkAccess(fields)
    return (settings, apiURL)
  }

  /// One way in only; key and authorities belong to `url`.
  private mutating func checkAccess(_ fields: [Field]) {
    let ways = fields.filter { ["url", "command", "ssh", "socket"].contains($0.key.name) }
    if ways.count > 1 {
      let names = ways.map { "`\($0.key.name)`" }.joined(separator: ", ")
      report(
        .invAPIAccess, .error, "`server.api` has \(ways.count) ways to reach the API: \(names)",
        hint: "keep one of them", from: ways[1].pair.keyMark, to: ways[1].pair.keyEnd)
    } else if let way = ways.first, way.key.name != "url" {
      for field in fields where field.key.name == "key" || field.key.name == "ca_file" {
        report(
          .invAPIAccess, .error, "`\(field.key.name)` goes with `url`, not with `\(way.key.name)`",
          hint: "remove it", from: field.pair.keyMark, to: field.pair.keyEnd)
      }
    }
  }

  private mutating func warnOfClearKey(_ url: Located<ServerURL>) {
    guard url.value.scheme == .http, !url.value.isLoopback else { return }
    report(
      .invClearKey, .warning, "the API key travels unencrypted to `\(url.value.origin)`",
      detail: "Whoever listens on the way can take the mesh over with it.",
      hint: "use https:// in `server.api.url`, or run meshctl on the server and write "
        + "`api: {url: http://127.0.0.1:\(url.value.port)}`", at: url)
  }

  mutating func guards(_ field: Field) -> Guards {
    var guards = Guards()
    for field in fields(of: field.node, in: [.guards], title: "`guards`") ?? [] {
      switch field.key.name {
      case "max_deletes": guards.maxDeletes = limit(field) ?? guards.maxDeletes
      case "max_changes": guards.maxChanges = limit(field) ?? guards.maxChanges
      case "offline_after": guards.offlineAfter = duration(field) ?? guards.offlineAfter
      case "prune_after": guards.pruneAfter = duration(field) ?? guards.pruneAfter
      case "confirm_after": guards.confirmAfter = duration(field) ?? guards.confirmAfter
      case "ignore": guards.ignore = list(field) { $0.pattern($1, $2) } ?? []
      default: unknownKey(field.pair, in: [.guards])
      }
    }
    return guards
  }

  mutating func formatVersion(_ field: Field) {
    guard let scalar = field.node.scalar, case .integer(let number) = scalar.value else {
      report(
        .invVersion, .error, "`version`: expected the number 1, found \(field.node.inWords)",
        hint: field.node.quotingHint(for: .formatVersion) ?? "write `version: 1`", at: field.node)
      return
    }
    guard number != 1 else { return }
    report(
      .invVersion, .error,
      "inventory format \(number) is not known to this meshctl, which reads format 1",
      hint: number > 1 ? "use a newer meshctl, or write `version: 1`" : "write `version: 1`",
      at: field.node)
  }
}

extension ServerURL {
  /// True where the other end is this machine.
  package var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") { return true }
    guard let bytes = IPPrefix.addressBytes(host) else { return false }
    return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
  }
}
