import MeshCore
import MeshSimulation
import YAMLReader

/// A server with users 1 `alice` and 2 `bob` and short ways to act as a client.
struct ModelServer {
  var server: SimulatedHeadscale
  var now = Timestamp(seconds: 1_800_000_000)

  init(_ mode: Mode) throws {
    server = SimulatedHeadscale(mode: mode, seed: 7)
    for name in ["alice", "bob"] { _ = try server.createUser(name: name, now: now) }
  }

  /// A fresh reusable key; returns its text.
  mutating func key(user: Int? = nil, tags: [String] = [], reusable: Bool = true) throws -> String {
    var order = SimulatedHeadscale.KeyOrder(
      userID: user, expiration: now.adding(seconds: 900), tags: tags)
    order.reusable = reusable
    return try server.createPreAuthKey(order, now: now).text
  }

  /// Registers machine and node key by a letter each.
  @discardableResult
  mutating func register(
    machine: Character = "a", node: Character = "1", hostname: String = "web1", key: String,
    routes: [String] = [], requestTags: [String] = []
  ) throws(RegistrationRefusal) -> NodeView {
    let report = ClientReport(
      machineKey: "mkey:" + String(repeating: machine, count: 64),
      nodeKey: "nodekey:" + String(repeating: node, count: 64), hostname: hostname,
      advertiseRoutes: routes)
    let view = try server.register(report, authKey: key, requestTags: requestTags, now: now)
    _ = try? server.poll(report, now: now)
    return view
  }
}

extension Host {
  init(_ key: String) { self.init(key: key, mark: SourceMark(line: 1, column: 1)) }
}
