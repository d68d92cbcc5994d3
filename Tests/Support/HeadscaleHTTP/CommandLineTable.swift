import MeshSimulation

/// One command of `headscale` with its flags, as far as meshctl and the lab use them.
struct HeadscaleCommand {
  enum Verb {
    case listNodes, renameNode, tagNode, approveRoutes, expireNode, deleteNode
    case listUsers, createUser
    case createKey, listKeys, expireKey, deleteKey
    case createAPIKey, listAPIKeys
    case policy, health, version
  }

  typealias Flag = CommandFlags.Flag

  var verb: Verb
  /// Group and command, each with its other names.
  var names: [[String]]
  var flags: [Flag]
  /// What the command was doing, before an error's words: since 0.29, and without `-o` before.
  var purpose: String
  var oldWords: String

  private init(
    _ verb: Verb, _ names: [[String]], _ flags: [Flag], _ purpose: String,
    old oldWords: String
  ) {
    self.verb = verb
    self.names = names
    self.flags = flags
    self.purpose = purpose
    self.oldWords = oldWords
  }

  static let persistent = [
    Flag("config", "c", .text), Flag("output", "o", .text), Flag("force", nil, .switched),
  ]

  /// The command that the words name, with how many of them it takes.
  static func find(
    _ words: [String], _ rules: any ModeRules
  ) -> (command: HeadscaleCommand, words: Int)? {
    for command in all(rules) where words.count >= command.names.count {
      if zip(command.names, words).allSatisfy({ $0.contains($1) }) {
        return (command, command.names.count)
      }
    }
    return nil
  }

  private static func all(_ rules: any ModeRules) -> [HeadscaleCommand] {
    nodes(rules) + users + keys(rules) + [
      HeadscaleCommand(
        .createAPIKey, [["apikeys", "apikey", "api"], ["create", "c", "new"]],
        [Flag("expiration", "e", .text)], "creating API key", old: "Cannot create Api Key: "),
      HeadscaleCommand(
        .listAPIKeys, [["apikeys", "apikey", "api"], ["list", "ls", "show"]], [],
        "listing API keys", old: "Error getting the list of keys: "),
      HeadscaleCommand(
        .policy, [["policy"], ["get", "show", "view", "fetch"]], [], "loading ACL policy",
        old: "Failed loading ACL Policy: "),
      HeadscaleCommand(.version, [["version"]], [], "", old: ""),
    ]
      + (rules.hasAPIHealth
        ? [
          HeadscaleCommand(
            .health, [["health"]], [], "checking health", old: "Error checking health")
        ]
        : [])
  }

  private static func nodes(_ rules: any ModeRules) -> [HeadscaleCommand] {
    let group = ["nodes", "node"]
    let id = Flag("identifier", "i", .number, isRequired: true)
    var expire = [id]
    if rules.supportsExpiryInstant { expire.append(Flag("expiry", "e", .text)) }
    if rules.supportsDisableExpiry { expire.append(Flag("disable", "d", .switched)) }
    return [
      HeadscaleCommand(
        .listNodes, [group, ["list", "ls", "show"]], [Flag("user", "u", .text)],
        "listing nodes", old: "Cannot get nodes: "),
      HeadscaleCommand(
        .renameNode, [group, ["rename"]], [id], "renaming node", old: "Cannot rename node: "),
      HeadscaleCommand(
        .tagNode, [group, ["tag", "tags", "t"]], [id, Flag("tags", "t", .list)], "setting tags",
        old: "Error while sending tags to headscale: "),
      HeadscaleCommand(
        .approveRoutes, [group, ["approve-routes"]], [id, Flag("routes", "r", .list)],
        "setting approved routes", old: "Error while sending routes to headscale: "),
      HeadscaleCommand(
        .expireNode, [group, ["expire", "logout", "exp", "e"]], expire, "expiring node",
        old: "Cannot expire node: "),
      HeadscaleCommand(
        .deleteNode, [group, ["delete", "del"]], [id], "getting node",
        old: "Error getting node node: "),
    ]
  }

  private static let users = [
    HeadscaleCommand(
      .listUsers, [["users", "user"], ["list", "ls", "show"]],
      [Flag("identifier", "i", .number), Flag("name", "n", .text), Flag("email", "e", .text)],
      "listing users", old: "Cannot get users: "),
    HeadscaleCommand(
      .createUser, [["users", "user"], ["create", "c", "new"]],
      [
        Flag("display-name", "d", .text), Flag("email", "e", .text),
        Flag("picture-url", "p", .text),
      ], "creating user", old: "Cannot create user: "),
  ]

  private static func keys(_ rules: any ModeRules) -> [HeadscaleCommand] {
    let group = ["preauthkeys", "preauthkey", "authkey", "pre"]
    let user = Flag("user", "u", .number, isRequired: rules.listsKeysByUser)
    let byUser = rules.listsKeysByUser ? [user] : []
    let id = rules.listsKeysByUser ? [] : [Flag("id", "i", .number)]
    let commands = [
      HeadscaleCommand(
        .createKey, [group, ["create", "c", "new"]],
        [
          user, Flag("reusable", nil, .switched), Flag("ephemeral", nil, .switched),
          Flag("expiration", "e", .text), Flag("tags", nil, .list),
        ], "creating preauthkey", old: "Cannot create Pre Auth Key: "),
      HeadscaleCommand(
        .listKeys, [group, ["list", "ls", "show"]], byUser, "listing preauthkeys",
        old: "Error getting the list of keys: "),
      HeadscaleCommand(
        .expireKey, [group, ["expire", "revoke", "exp", "e"]], byUser + id,
        "expiring preauthkey", old: "Cannot expire Pre Auth Key: "),
    ]
    guard !rules.listsKeysByUser else { return commands }
    return commands + [
      HeadscaleCommand(
        .deleteKey, [group, ["delete", "del", "rm", "d"]], id, "deleting preauthkey",
        old: "Cannot delete Pre Auth Key: ")
    ]
  }
}
