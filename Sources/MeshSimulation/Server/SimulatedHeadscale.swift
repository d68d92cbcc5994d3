package import MeshCore

/// A Headscale server as a value: users, nodes, keys and policy with the real one's rules.
///
/// It has no clock and does no I/O: every method that needs the time is given it, and randomness comes
/// from its own seeded generator, so the same calls give the same state. Rules and error texts are
/// those of reference headscale-api.md §4 to §6 for the mode's version.
package struct SimulatedHeadscale: Sendable, Equatable, Codable {
  /// A stored policy.
  package struct Policy: Sendable, Equatable, Codable {
    /// HuJSON as it was sent.
    package var text: String
    package var updatedAt: Timestamp
  }

  package var mode: Mode
  package internal(set) var users: [ServerUser] = []
  /// In ascending id order.
  package internal(set) var nodes: [ServerNode] = []
  package internal(set) var preAuthKeys: [ServerKey] = []
  package internal(set) var apiKeys: [ServerKey] = []
  package internal(set) var policy: Policy?
  var random: SeededGenerator
  /// The last id given out for each kind; ids are never reused.
  var lastIDs = LastIDs()

  struct LastIDs: Sendable, Equatable, Codable {
    var user = 0
    var node = 0
    var preAuthKey = 0
    var apiKey = 0
    /// The number of the last address, for versions that do not use freed ones again.
    var address = 0
  }

  package init(mode: Mode, seed: UInt64 = 1) {
    self.mode = mode
    random = SeededGenerator(seed: seed)
  }

  package var rules: any ModeRules { mode.rules }

  func user(_ id: Int?) -> ServerUser? {
    guard let id else { return nil }
    return users.first { $0.id == id }
  }

  func index(ofNode id: Int) -> Int? {
    // Nodes are in ascending id order.
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < nodes.count && nodes[low].id == id ? low : nil
  }

  /// Takes in a record from outside (a seed, a world file); ids stay as they are.
  package mutating func adopt(_ user: ServerUser) {
    users.append(user)
    users.sort { $0.id < $1.id }
    lastIDs.user = max(lastIDs.user, user.id)
  }

  package mutating func adopt(_ node: ServerNode) {
    nodes.append(node)
    nodes.sort { $0.id < $1.id }
    lastIDs.node = max(lastIDs.node, node.id)
  }

  package mutating func adopt(preAuthKey key: ServerKey) {
    preAuthKeys.append(key)
    preAuthKeys.sort { $0.id < $1.id }
    lastIDs.preAuthKey = max(lastIDs.preAuthKey, key.id)
  }

  /// Ends all connections and forgets what was never saved, as a restart of the server does.
  package mutating func restart() {
    for index in nodes.indices {
      nodes[index].presence = .offline
      if let saved = nodes[index].savedExpiry { nodes[index].expiry = saved.at }
      nodes[index].savedExpiry = nil
    }
  }
}
