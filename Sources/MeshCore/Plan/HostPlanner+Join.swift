/// A host that is not on the mesh yet.
extension HostPlanner {
  mutating func planJoin() {
    changes.append(Change(.presence, old: nil, new: .text("joined")))
    changes.append(Change(.name, old: nil, new: .text(host.name)))
    steps.formUnion([.elevate, .checkServer, .join])
    if facts?.client == nil { steps.insert(.installClient) }
    if facts.map({ $0.service != .running || isSilent($0) }) ?? true {
      steps.insert(.startService)
    }
    switch host.ownership {
    case .tags(let tags): joinTagged(tags)
    case .owner(let owner): joinOwned(by: owner)
    case nil: joinUnowned()
    }
    joinServer()
    joinRoutes()
    joinPreferences()
    joinSettings()
    joinClient()
    if let pin = host.machineKey, let facts, facts.client == nil {
      changes[0].blockedBy = .pinNotListed
      block(
        .pinNotListed, "the server lists no node with the pinned machine key",
        detail: "No client is installed, so a join makes a new machine key, and the pin is wrong.",
        hint: "remove machine_key: \(pin)")
    } else if let pin = host.machineKey {
      warn(
        .pinNotListed, "the server lists no node with the pinned machine key",
        detail:
          "Where the host was reinstalled, the join makes a new one, and nothing is granted to"
          + " it while the pin says otherwise.",
        hint: "if \(host.key) is new, remove machine_key: \(pin)")
    }
    if refusesOnWindows() {
      for index in changes.indices where changes[index].blockedBy == nil {
        changes[index].blockedBy = diagnostics.last { $0.severity == .error }?.code
      }
    }
    for twin in context.matcher.twins(of: host.name) {
      warn(
        .possibleTwin, "node #\(twin.id) (\(twin.givenName)) may be a twin of \(host.key)",
        hint: "if it is this host, add aliases: [\(twin.givenName)]")
    }
  }

  /// No client yet, or one whose daemon does not answer.
  func isSilent(_ facts: HostFacts) -> Bool { facts.client?.backendState == nil }

  /// What the inventory asks of the client that is there, or of the node that will be.
  private mutating func joinClient() {
    if host.expiry == .never {
      if let release = context.serverRelease, release < (0, 29) {
        // A new node's expiry is the server's default until it is seen, and stays it.
        unknown.append("expiry")
      } else {
        changes.append(Change(.expiry, old: nil, new: .text("never")))
      }
    }
    guard facts?.client != nil else { return }
    compareClientVersion()
    if let change = changes.last, change.attribute == .clientVersion, let code = change.blockedBy {
      // Joining it as it is would pass over tailscale.version.
      changes[0].blockedBy = code
    }
  }

  /// A login server that is not the API's own URL is shown, and one that an address may stand in for:
  /// whoever reviews a plan sees where a key would go.
  private mutating func joinServer() {
    let server = context.loginServer(host)
    warnOfMulticast(server)
    guard server != ServerURL(context.observation.server.url) || host.mayJoinByAddress(server)
    else { return }
    changes.append(Change(.loginServer, old: nil, new: .text(server.normalized)))
  }

  private mutating func joinTagged(_ tags: [String]) {
    changes.append(Change(.tags, old: nil, new: .list(tags)))
    joinAs = .tags(tags)
    requireKeyOwner()
    switch context.observation.policy {
    case .unknown: unknown.append("tagOwners")
    case .unreadable(let reason): unknown.append("tagOwners (\(reason))")
    case .none, .tagOwners: break
    }
    tagsWithoutPolicy = tagsWithoutOwner(tags)
  }

  private mutating func requireKeyOwner() {
    if let refusal = keyOwnerRefusal() { changes[0].blockedBy = refusal }
  }

  /// Below 0.29 the key of a tagged host needs its user; without one the login would fail after the
  /// installation, or duplicate the node.
  mutating func keyOwnerRefusal() -> DiagnosticCode? {
    guard let release = context.serverRelease, release < (0, 29) else { return nil }
    guard let owner = context.inventory.server.keyOwner else {
      block(
        .keyOwnerNeeded, "Headscale below 0.29 needs an owner for the keys of tagged hosts",
        detail: "Keys without a user make a new node at every re-registration there.",
        hint: "write server.key_owner: <user>")
      return .keyOwnerNeeded
    }
    switch context.owners.find(owner) {
    case .user, .unknown: return nil
    case .missing:
      block(
        .ownerUnknown, "server.key_owner names \(owner), and there is no such user",
        hint: "headscale users create \(owner)")
      return .ownerUnknown
    case .ambiguous(let users):
      block(.ownerAmbiguous, HostPlanner.ambiguity(owner, users), hint: "use the email instead")
      return .ownerAmbiguous
    }
  }

  private mutating func joinOwned(by owner: String) {
    changes.append(Change(.owner, old: nil, new: .text(owner)))
    joinAs = .user(owner)
    switch context.owners.find(owner) {
    case .user: break
    case .unknown: unknown.append("owner")
    case .missing(creatable: true): steps.insert(.createUser)
    case .missing(creatable: false):
      changes[0].blockedBy = .ownerUnknown
      block(
        .ownerUnknown, "no user has the email \(owner)",
        detail: "Only a login brings users with an email.",
        hint: "let that person log in once, or name a local user")
    case .ambiguous(let users):
      changes[0].blockedBy = .ownerAmbiguous
      block(.ownerAmbiguous, HostPlanner.ambiguity(owner, users), hint: "use the email instead")
    }
  }

  private mutating func joinUnowned() {
    guard context.owners.isKnown else {
      unknown.append("owner")
      return
    }
    guard let user = context.owners.onlyUser else {
      changes[0].blockedBy = .ownerNeeded
      let count = context.observation.users?.count ?? 0
      let users = count == 0 ? "no user" : "\(count) users"
      block(
        .ownerNeeded, "neither owner nor tags are declared, and the server has \(users)",
        hint: "write owner: <user> or tags: [tag:…] for \(host.key)")
      return
    }
    let name = user.name.isEmpty ? user.email : user.name
    changes.append(Change(.owner, old: nil, new: .text(name)))
    joinAs = .user(name)
  }

  private mutating func joinRoutes() {
    let wanted = RoutesComparison(present: [], routes: host.routes, exitNode: host.exitNode).wanted
    guard !wanted.isEmpty else { return }
    changes.append(Change(.advertisedRoutes, old: nil, new: .list(wanted)))
    changes.append(Change(.approvedRoutes, old: nil, new: .list(wanted)))
    steps.insert(.approveRoutes)
  }

  private mutating func joinPreferences() {
    let wanted = host.preferences
    func add(_ attribute: Change.Attribute, _ flag: Bool?) {
      if let flag { changes.append(Change(attribute, old: nil, new: .flag(flag))) }
    }
    add(.acceptRoutes, wanted.acceptRoutes)
    add(.acceptDNS, wanted.acceptDNS)
    add(.tailscaleSSH, wanted.tailscaleSSH)
    add(.shieldsUp, wanted.shieldsUp)
    if let user = wanted.operatorUser {
      changes.append(Change(.operatorUser, old: nil, new: .text(user)))
    }
  }

  /// The tags that the policy does not own; empty where the policy is not known.
  func tagsWithoutOwner(_ tags: [String]) -> [String] {
    switch context.observation.policy {
    case .unknown, .unreadable: []
    case .none: tags
    case .tagOwners(let owned): tags.filter { !owned.contains($0) }
    }
  }

  static func tagsNotOwned(_ tags: [String], policy: PolicyState) -> String {
    let list = tags.joined(separator: ", ")
    if case .none = policy {
      return "the server has no policy, so nothing owns \(list)"
    }
    return "the policy has no tagOwners entry for \(list)"
  }

  static func tagOwnersLines(_ tags: [String]) -> String {
    "add to the policy: \"tagOwners\": {"
      + tags.map { "\"\($0)\": []" }.joined(separator: ", ") + "}"
  }

  static func ambiguity(_ owner: String, _ users: [MeshUser]) -> String {
    "\(owner) fits users " + users.map { "#\($0.id)" }.joined(separator: " and ")
  }
}
