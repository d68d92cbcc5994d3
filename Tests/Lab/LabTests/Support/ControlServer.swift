import Foundation

/// The control server's REST interface, as the person at the keyboard uses it.
struct ControlServer: Sendable {
  let url: String
  let key: String
  private let address: String
  private let port: UInt16

  struct Refusal: Error, CustomStringConvertible {
    var description: String
  }

  init(url: String, key: String) throws {
    guard let parts = URLComponents(string: url), let host = parts.host, let port = parts.port
    else { throw Refusal(description: "no URL with a port: \(url)") }
    self.url = url
    self.key = key
    address = host
    self.port = UInt16(port)
  }

  // MARK: What it lists

  struct Node: Decodable, Sendable, Equatable {
    struct User: Decodable, Sendable, Equatable { var name: String }
    var id: String
    var givenName: String
    /// What the client calls itself.
    var name: String
    var machineKey: String
    var nodeKey: String
    var ipAddresses: [String]
    var user: User?
    var tags: [String]?
    var approvedRoutes: [String]?
    var availableRoutes: [String]?
    /// What it serves now.
    var subnetRoutes: [String]?
    var expiry: String?
    var online: Bool

    var hostname: String { name }
    var routes: [String] { (approvedRoutes ?? []).sorted() }
  }

  struct Key: Decodable, Sendable, Equatable {
    var id: String
    var used: Bool
    var expiration: String

    /// Whether somebody who has it can still join.
    func isUsable(at now: Date = Date()) -> Bool {
      // Whole seconds are enough here, and the parser takes no more than three decimals.
      let whole = expiration.prefix(19) + "Z"
      guard let end = ISO8601DateFormatter().date(from: String(whole)) else { return true }
      return !used && end > now
    }
  }

  func nodes() async throws -> [Node] {
    struct Body: Decodable { var nodes: [Node] }
    return try await get("node", as: Body.self).nodes
  }

  /// The node of that name; nil where there is none.
  func node(_ name: String) async throws -> Node? {
    try await nodes().first { $0.givenName == name }
  }

  func keys() async throws -> [Key] {
    struct Body: Decodable { var preAuthKeys: [Key] }
    return try await get("preauthkey", as: Body.self).preAuthKeys
  }

  /// Everything a plan could have changed, as text; without what clients move by themselves.
  func everything() async throws -> [String] {
    let nodes = try await nodes().map {
      var node = $0
      node.online = true
      return "\(node)"
    }
    return nodes
      + [
        try await send("GET", "preauthkey"), try await send("GET", "user"),
        try await send("GET", "policy"),
      ]
  }

  // MARK: What somebody else changes

  func setPolicy(_ text: String) async throws {
    try await send("PUT", "policy", ["policy": text])
  }

  func setTags(_ tags: [String], node: String) async throws {
    try await send("POST", "node/\(node)/tags", ["tags": tags])
  }

  func approve(_ routes: [String], node: String) async throws {
    try await send("POST", "node/\(node)/approve_routes", ["routes": routes])
  }

  func rename(node: String, to name: String) async throws {
    try await send("POST", "node/\(node)/rename/\(name)")
  }

  func delete(node: String) async throws { try await send("DELETE", "node/\(node)") }

  /// Ends a node's key at once, or at an instant.
  func expire(node: String, at instant: Date? = nil) async throws {
    let query = instant.map { "?expiry=" + ISO8601DateFormatter().string(from: $0) } ?? ""
    try await send("POST", "node/\(node)/expire\(query)")
  }

  func expire(key: String) async throws {
    try await send("POST", "preauthkey/expire", ["id": key])
  }

  /// A key as somebody with the API key would make one.
  func mintKey(user: String) async throws -> String {
    struct Users: Decodable {
      struct User: Decodable {
        var id: String
        var name: String
      }
      var users: [User]
    }
    struct Minted: Decodable {
      struct Key: Decodable { var key: String }
      var preAuthKey: Key
    }
    let id = try await get("user", as: Users.self).users.first { $0.name == user }?.id ?? ""
    let end = ISO8601DateFormatter().string(from: Date() + 600)
    let text = try await send("POST", "preauthkey", ["user": id, "expiration": end])
    return try JSONDecoder().decode(Minted.self, from: Data(text.utf8)).preAuthKey.key
  }

  // MARK: HTTP

  private func get<Body: Decodable>(_ path: String, as type: Body.Type) async throws -> Body {
    try JSONDecoder().decode(type, from: Data(try await send("GET", path).utf8))
  }

  @discardableResult
  private func send(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws
    -> String
  {
    let text = try body.map {
      String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
    }
    let answer = try HTTPExchange(address: address, port: port).send(
      method, "/api/v1/\(path)",
      headers: ["Authorization: Bearer \(key)", "Content-Type: application/json"],
      body: text ?? "")
    guard answer.status == 200 else {
      throw Refusal(description: "\(method) \(path): \(answer.status) \(answer.body)")
    }
    return answer.body
  }
}
