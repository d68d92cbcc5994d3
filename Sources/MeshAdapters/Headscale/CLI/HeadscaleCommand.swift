import MeshCore

/// The arguments of the `headscale` command (reference headscale-api.md §7).
///
/// `-o json` stands as two words: only so Headscale turns its log and its search for updates off.
/// Values stand in one word with their flag, so that an empty one survives every kind of hand-over.
/// No argument ever holds a secret.
enum HeadscaleCommand {
  static let version = ["version"] + json
  static let nodes = ["nodes", "list"] + json
  static let users = ["users", "list"] + json
  static let keys = ["preauthkeys", "list"] + json
  static let policy = ["policy", "get"] + json

  private static let json = ["-o", "json"]

  /// The arguments of a change.
  ///
  /// - Throws: `Failure` for a value that the command line would take apart or for an option.
  static func arguments(for change: HeadscaleChange) throws(Failure) -> [String] {
    switch change {
    case .createUser(let name):
      return ["users", "create"] + json + [try word(name, change)]
    case .expireKey(let id):
      return ["preauthkeys", "expire", "--id=\(try number(id, change))"] + json
    case .setTags(let id, let tags):
      let list = try list(tags, change)
      return ["nodes", "tag", "--identifier=\(try number(id, change))", "--tags=\(list)"] + json
    case .approveRoutes(let id, let routes):
      // Without the flag the call clears all routes just as well (upstream #3085).
      let node = try number(id, change)
      return ["nodes", "approve-routes", "--identifier=\(node)"]
        + ["--routes=\(try list(routes, change))"] + json
    case .rename(let id, let name):
      return ["nodes", "rename", "--identifier=\(try number(id, change))"] + json
        + [try word(name, change)]
    case .disableExpiry(let id):
      return ["nodes", "expire", "--identifier=\(try number(id, change))", "--disable"] + json
    case .deleteNode(let id):
      return ["nodes", "delete", "--identifier=\(try number(id, change))", "--force"] + json
    }
  }

  /// Makes a single-use key; it is printed on standard output.
  ///
  /// - Parameters:
  ///   - wish: owner and tags; its expiration is not used.
  ///   - milliseconds: the lifetime; the command takes no instant.
  /// - Returns: the arguments, none of them a secret.
  /// - Throws: `Failure` for a tag that the command line would take apart.
  static func createKey(_ wish: KeyWish, milliseconds: Int) throws(Failure) -> [String] {
    var arguments = ["preauthkeys", "create", "--expiration=\(milliseconds)ms"]
    if let user = wish.user { arguments.append("--user=\(user)") }
    if let tags = wish.tags { arguments.append("--tags=\(try list(tags, nil))") }
    return arguments + json
  }

  // MARK: Values

  private static func number(
    _ id: String, _ change: HeadscaleChange
  ) throws(Failure) -> String {
    guard !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw unfit(id, change)
    }
    return id
  }

  private static func word(_ text: String, _ change: HeadscaleChange) throws(Failure) -> String {
    guard !text.isEmpty, !text.hasPrefix("-"), isPlain(text) else { throw unfit(text, change) }
    return text
  }

  /// The flags take lists as one line of CSV.
  private static func list(
    _ values: [String], _ change: HeadscaleChange?
  ) throws(Failure) -> String {
    for value in values where value.isEmpty || !isPlain(value) || value.contains(",") {
      throw unfit(value, change)
    }
    return values.joined(separator: ",")
  }

  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "\"" }
  }

  private static func unfit(_ value: String, _ change: HeadscaleChange?) -> Failure {
    Failure(
      .apiRefused, "\"\(value.prefix(80))\" cannot be given to the headscale command",
      detail: "meshctl wanted to \(change?.purpose ?? "create a pre-auth key").",
      hint: "use a plain word without blanks, commas and quotes")
  }
}
