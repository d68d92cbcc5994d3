/// Makes inventory entries of nodes so that the very next plan has nothing to do.
///
/// What an inventory cannot say without changing something is left out and said in a comment: a node
/// whose name is no legal label (the next plan would rename it), one whose key has expired (it would
/// be joined again), and names that several nodes carry.
struct NodeAdoption {
  /// The entries, in ascending order of their keys; those that are left out last.
  private(set) var hosts: [AdoptedHost] = []
  /// Nodes that meshctl parked for another one; never hosts.
  private(set) var parked: [MeshNode] = []

  private let now: Timestamp
  private let owners: OwnerLookup
  /// How many of all listed nodes carry each name and each machine key.
  private let names: [String: Int]
  private let machineKeys: [String: Int]
  private let taken: Taken
  private var keys: Set<String>

  /// What an existing inventory has already.
  struct Taken {
    /// Node names, each with the key of its host.
    var names: [String: String] = [:]
    /// Keys of hosts and names of groups.
    var keys: Set<String> = []
    var machineKeys: Set<String> = []
  }

  /// Adopts nodes of an observation.
  ///
  /// - Parameters:
  ///   - observation: the server's lists.
  ///   - now: the controller's time; the observation's own time wins where it has one.
  ///   - only: ids of the nodes to adopt; nil for all.
  ///   - taken: what an existing inventory has already.
  init(_ observation: Observation, now: Timestamp, only: Set<String>? = nil, taken: Taken = Taken())
  {
    self.now = observation.takenAt ?? now
    self.taken = taken
    owners = OwnerLookup(users: observation.users)
    names = Dictionary(observation.nodes.map { ($0.givenName, 1) }, uniquingKeysWith: +)
    machineKeys = Dictionary(observation.nodes.map { ($0.machineKey, 1) }, uniquingKeysWith: +)
    keys = taken.keys
    let nodes = observation.nodes.filter { only?.contains($0.id) ?? true }.sorted(by: Self.precedes)
    let isParked: (MeshNode) -> Bool = { Parking.base(of: $0) != nil }
    parked = nodes.filter(isParked)
    let chosen = chosenByName(nodes)
    // Keys that nodes carry as their names come first; the others make way.
    for node in nodes where NodeAdoption.isKey(node.givenName) { keys.insert(node.givenName) }
    for node in nodes where !isParked(node) { hosts.append(host(of: node, chosen: chosen)) }
    hosts.sort { ($0.leftOut == nil ? 0 : 1, $0.key) < ($1.leftOut == nil ? 0 : 1, $1.key) }
  }

  /// True for names that can be the key of a host without an address.
  static func isKey(_ name: String) -> Bool {
    NameRules.isNodeName(name) && name != "all" && AddressRules.problem(name) == nil
  }

  /// A key that is not used yet.
  mutating func freeKey(_ wish: String) -> String {
    var key = wish
    var number = 2
    while !keys.insert(key).inserted {
      key = "\(wish)-\(number)"
      number += 1
    }
    return key
  }

  /// Of the nodes that share a name, the one that is written: it needs a pin to be told apart.
  private func chosenByName(_ nodes: [MeshNode]) -> [String: String] {
    var chosen: [String: MeshNode] = [:]
    for node in nodes where pin(node) != nil && !isExpired(node) {
      guard let other = chosen[node.givenName] else {
        chosen[node.givenName] = node
        continue
      }
      if node.online, !other.online { chosen[node.givenName] = node }
    }
    return chosen.mapValues(\.id)
  }

  private mutating func host(of node: MeshNode, chosen: [String: String]) -> AdoptedHost {
    let isNamed = NameRules.isNodeName(node.givenName)
    var host: AdoptedHost
    if isNamed {
      let isFirst = names[node.givenName] == 1 || chosen[node.givenName] == node.id
      let key =
        NodeAdoption.isKey(node.givenName) && isFirst && !taken.keys.contains(node.givenName)
        ? node.givenName : freeKey("node-\(isFirst ? node.givenName : node.id)")
      host = AdoptedHost(key: key, name: node.givenName, node: node)
    } else {
      let key = freeKey(proposal(for: node))
      host = AdoptedHost(key: key, name: key, node: node)
    }
    host.leftOut = reason(node, isNamed: isNamed, key: host.key, chosen: chosen)
    fill(&host, node)
    return host
  }

  /// A legal name for a node that has none.
  private func proposal(for node: MeshNode) -> String {
    for text in [node.givenName, node.hostname] {
      if let name = NameRules.nodeName(from: text), NodeAdoption.isKey(name), names[name] == nil,
        taken.names[name] == nil
      {
        return name
      }
    }
    return "node-\(node.id)"
  }

  private func reason(
    _ node: MeshNode, isNamed: Bool, key: String, chosen: [String: String]
  ) -> String? {
    guard isNamed else {
      return "its name \(CommentText.quoted(node.givenName)) is not "
        + "\(InventoryType.nodeName.words): the next apply would rename it to \(key)"
    }
    if let expiry = node.expiry, expiry <= now {
      return "its key expired at \(expiry.rfc3339): the next apply would join it again"
    }
    if let other = taken.names[node.givenName] {
      return "the host \(other) has the same node name and is another node"
    }
    guard let count = names[node.givenName], count > 1, chosen[node.givenName] != node.id else {
      return nil
    }
    guard let first = chosen[node.givenName] else {
      return "\(count) nodes have this name, and no machine key tells them apart"
    }
    return "node #\(first) has the same name"
  }

  private func fill(_ host: inout AdoptedHost, _ node: MeshNode) {
    host.machineKey = pin(node)
    if host.machineKey == nil { host.notes.append(noPin(node)) }
    let owned = ownership(node)
    host.ownership = owned.ownership
    host.notes += [owned.note].compactMap(\.self)
    let routes = AdoptedRoutes(node)
    host.routes = routes.routes
    host.exitNode = routes.exitNode
    host.notes += routes.notes
    if !node.online { host.offline = node.lastSeen.map { .since($0) } ?? .never }
    if node.hostname != node.givenName, !node.hostname.isEmpty {
      host.notes.append("its client calls itself \(CommentText.quoted(node.hostname))")
    }
  }

  private func isExpired(_ node: MeshNode) -> Bool { node.expiry.map { $0 <= now } ?? false }

  // MARK: Pins

  /// A machine key that tells this node from all others.
  private func pin(_ node: MeshNode) -> String? {
    guard Writable.isMachineKey(node.machineKey), machineKeys[node.machineKey] == 1,
      !taken.machineKeys.contains(node.machineKey)
    else { return nil }
    return node.machineKey
  }

  private func noPin(_ node: MeshNode) -> String {
    let isShared = (machineKeys[node.machineKey] ?? 0) > 1
    return Writable.isMachineKey(node.machineKey) && isShared
      ? "not pinned: other nodes have the same machine key, so one machine is logged in twice"
      : "not pinned: the server lists no usable machine key"
  }

  // MARK: Owner or tags

  private func ownership(_ node: MeshNode) -> (ownership: Ownership?, note: String?) {
    guard node.tags.isEmpty else {
      let tags = Set(node.tags).sorted()
      if tags.allSatisfy(Writable.isTag) { return (.tags(tags), nil) }
      let shown = tags.prefix(4).map { CommentText.quoted($0) }.joined(separator: ", ")
      return (nil, "tags not taken over, because not all are legal: \(shown)")
    }
    guard let user = node.user else { return (nil, "the server names neither owner nor tags") }
    for text in [user.name, user.email] where Writable.isOwner(text) {
      switch owners.find(text) {
      case .unknown: return (.owner(text), nil)
      case .user(let found) where found.id == user.id: return (.owner(text), nil)
      case .user, .missing, .ambiguous: continue
      }
    }
    let shown = CommentText.quoted(user.name.isEmpty ? user.email : user.name)
    return (nil, "owner not taken over: no name or email means user #\(user.id) (\(shown)) alone")
  }

  /// Ascending order of the numeric ids.
  private static func precedes(_ left: MeshNode, _ right: MeshNode) -> Bool {
    let lengths = (left.id.utf8.count, right.id.utf8.count)
    return lengths.0 == lengths.1 ? left.id < right.id : lengths.0 < lengths.1
  }
}
