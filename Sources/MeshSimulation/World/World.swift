package import MeshCore

/// What `--world FILE` keeps: the simulated server and hosts, without any secret.
///
/// Keys of the server are kept without their secret half, so a key minted before the file was written
/// cannot be used any more, as after its 15 minutes.
package struct World: Sendable, Equatable {
  package static let format = "meshctl-world"
  package static let version = 1

  package var mode: Mode
  /// The simulated clock when the world was written.
  package var time: Timestamp
  /// Seeds the randomness of the next run.
  package var seed: UInt64
  package var users: [ServerUser] = []
  package var nodes: [ServerNode] = []
  /// The highest id ever given out, so that a deleted node's id does not come back.
  package var lastNodeID = 0
  package var preAuthKeys: [ServerKey] = []
  package var policy: SimulatedHeadscale.Policy?
  /// What the server's names mean on the machine that meshctl runs on; it answers there too.
  package var serverAddresses = World.defaultAddresses
  /// By inventory key.
  package var hosts: [String: SimulatedHost] = [:]

  static let defaultAddresses = ["198.51.100.1"]

  package init(mode: Mode, time: Timestamp, seed: UInt64) {
    self.mode = mode
    self.time = time
    self.seed = seed
  }

  init(server: SimulatedHeadscale, hosts: [String: SimulatedHost], time: Timestamp) {
    // A copy of the generator: writing the same world twice gives the same bytes. 53 bits stay exact
    // in every JSON reader.
    var random = server.random
    self.init(mode: server.mode, time: time, seed: random.next() >> 11)
    users = server.users
    nodes = server.nodes
    lastNodeID = server.lastIDs.node
    preAuthKeys = server.preAuthKeys.map { key in
      var key = key
      key.secret = nil
      return key
    }
    policy = server.policy
    self.hosts = hosts.mapValues { host in
      var host = host
      host.becomePassword = nil
      return host
    }
  }

  /// The server as it was, with fresh randomness.
  var server: SimulatedHeadscale {
    var server = SimulatedHeadscale(mode: mode, seed: seed)
    for user in users { server.adopt(user) }
    for node in nodes { server.adopt(node) }
    for key in preAuthKeys { server.adopt(preAuthKey: key) }
    server.lastIDs.node = max(server.lastIDs.node, lastNodeID)
    server.policy = policy
    return server
  }
}
