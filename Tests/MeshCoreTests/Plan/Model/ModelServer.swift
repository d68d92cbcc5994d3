import MeshCore

/// A refusal of the server or a client in the model; a plan that runs into one is wrong.
struct ModelRefusal: Error, CustomStringConvertible {
  var description: String
}

/// What a Headscale server does with calls and logins (reference headscale-api.md §5).
struct ModelServer {
  enum Release: String, CaseIterable {
    case r028 = "0.28.0"
    case r0292 = "0.29.2"
    case r0293 = "0.29.3"
    case r030 = "0.30.0"
  }

  var release: Release
  var nodes: [MeshNode] = []
  var users: [MeshUser] = []
  /// By node id: who 0.28 remembers as the user of a tagged node.
  var creators: [String: String] = [:]
  var tagOwners: Set<String>?
  var lastID = 0

  // MARK: Calls

  mutating func createUser(_ name: String) throws {
    guard !users.contains(where: { $0.name == name }) else {
      throw ModelRefusal(description: "user \(name) exists")
    }
    users.append(MeshUser(id: String(100 + users.count), name: name))
  }

  mutating func rename(_ id: String, to name: String) throws {
    guard !nodes.contains(where: { $0.givenName == name && $0.id != id }) else {
      throw ModelRefusal(description: "name \(name) is not unique")
    }
    try change(id) { $0.givenName = name }
  }

  mutating func setTags(_ id: String, _ tags: [String]) throws {
    guard !tags.isEmpty, let tagOwners, tagOwners.isSuperset(of: tags) else {
      throw ModelRefusal(description: "requested tags \(tags) are invalid or not permitted")
    }
    // The expiry stays (#3048).
    try change(id) {
      $0.tags = tags
      $0.user = nil
    }
  }

  mutating func approve(_ id: String, _ routes: [String]) throws {
    try change(id) { $0.approvedRoutes = routes }
  }

  mutating func disableExpiry(_ id: String) throws {
    guard release != .r028 else { throw ModelRefusal(description: "unknown field disableExpiry") }
    try change(id) { $0.expiry = nil }
  }

  mutating func delete(_ id: String) throws {
    try change(id) { _ in }
    nodes.removeAll { $0.id == id }
  }

  private mutating func change(_ id: String, _ body: (inout MeshNode) -> Void) throws {
    guard let index = nodes.firstIndex(where: { $0.id == id }) else {
      throw ModelRefusal(description: "node \(id) not found")
    }
    body(&nodes[index])
  }

  // MARK: Logins

  mutating func register(_ machine: ModelMachine, key: KeyRequest) throws {
    guard let nodeKey = machine.nodeKey else { throw ModelRefusal(description: "no node key") }
    let (userID, tags) = try owner(of: key)
    let own = nodes.indices.filter { nodes[$0].machineKey == machine.machineKey }
    let index = try target(own, userID, tags) ?? add(machine, userID, tags)
    nodes[index].nodeKey = nodeKey
    // A tagged node that was expired stays so (#3371, fixed in 0.29.3).
    if nodes[index].tags.isEmpty || release != .r0292 { nodes[index].expiry = nil }
    report(machine, at: index)
  }

  /// Nil for a new node; converts a user's node where the key makes it tagged.
  private mutating func target(_ own: [Int], _ user: String?, _ tags: [String]) throws -> Int? {
    let tagged = own.first { !nodes[$0].tags.isEmpty }
    let owned = own.filter { nodes[$0].tags.isEmpty }
    if release == .r028 {
      guard let user else { return nil }
      return own.first { (nodes[$0].user?.id ?? creators[nodes[$0].id]) == user }
    }
    if tags.isEmpty { return owned.first { nodes[$0].user?.id == user } ?? tagged }
    if let tagged {
      if release != .r0292 { nodes[tagged].tags = tags }
      return tagged
    }
    if user == nil, owned.count > 1 {
      throw ModelRefusal(description: "machine key maps to ambiguous node ownership")
    }
    guard let found = owned.first(where: { user == nil || nodes[$0].user?.id == user }) else {
      return nil
    }
    nodes[found].tags = tags
    nodes[found].user = nil
    nodes[found].expiry = nil
    return found
  }

  private mutating func add(_ machine: ModelMachine, _ user: String?, _ tags: [String]) -> Int {
    lastID += 1
    var node = MeshNode(
      id: String(lastID), machineKey: machine.machineKey, nodeKey: "", hostname: "",
      givenName: unique(machine.preferences.hostname))
    node.tags = tags
    if tags.isEmpty { node.user = users.first { $0.id == user } }
    creators[node.id] = user
    node.ipAddresses = ["100.64.0.\(lastID)"]
    nodes.append(node)
    return nodes.count - 1
  }

  /// A name that was taken from the client's hostname follows it; one that was given stays.
  private mutating func report(_ machine: ModelMachine, at index: Int) {
    let old = nodes[index]
    nodes[index].hostname = machine.preferences.hostname
    nodes[index].availableRoutes = machine.preferences.advertiseRoutes
    guard !old.hostname.isEmpty, old.hostname != machine.preferences.hostname,
      old.givenName == old.hostname || old.givenName == old.hostname + "-1"
    else { return }
    nodes[index].givenName = unique(machine.preferences.hostname, except: old.id)
  }

  private func unique(_ name: String, except id: String? = nil) -> String {
    let taken = Set(nodes.filter { $0.id != id }.map(\.givenName))
    guard taken.contains(name) else { return name }
    var number = 1
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  private func owner(of key: KeyRequest) throws -> (user: String?, tags: [String]) {
    switch key.owner {
    case .user(let name): return (try userID(name), [])
    case .tags(let tags, let keyOwner): return (try keyOwner.map(userID), tags)
    }
  }

  private func userID(_ name: String) throws -> String {
    let named = users.filter { $0.name == name }
    let found = named.isEmpty ? users.filter { $0.email.lowercased() == name.lowercased() } : named
    guard found.count == 1 else { throw ModelRefusal(description: "user \(name) is not one") }
    return found[0].id
  }
}
