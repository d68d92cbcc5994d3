import MeshCore

/// The calls that all supported versions share (reference headscale-api.md §3).
enum HeadscaleRequests {
  static let nodes = APIRequest.get(
    "/api/v1/node", to: "list nodes", limit: APIRequest.listAnswer)
  static let users = APIRequest.get(
    "/api/v1/user", to: "list users", limit: APIRequest.listAnswer)
  static let keys = APIRequest.get(
    "/api/v1/preauthkey", to: "list pre-auth keys", limit: APIRequest.listAnswer)
  static let policy = APIRequest.get("/api/v1/policy", to: "read the policy")

  static func createUser(_ name: String) throws -> APIRequest {
    try .post("/api/v1/user", ["name": name], to: "create the user \(name)")
  }

  static func createKey(_ body: CreateKeyBody) throws -> APIRequest {
    try .post("/api/v1/preauthkey", body, to: "create a pre-auth key")
  }

  static func expireKey(id: String) throws -> APIRequest {
    try .post("/api/v1/preauthkey/expire", ["id": id], to: "expire pre-auth key \(id)")
  }

  static func setTags(nodeID: String, _ tags: [String]) throws -> APIRequest {
    try .post(node(nodeID) + "/tags", ["tags": tags], to: "set tags of node #\(nodeID)")
  }

  static func approveRoutes(nodeID: String, _ routes: [String]) throws -> APIRequest {
    try .post(
      node(nodeID) + "/approve_routes", ["routes": routes],
      to: "approve routes of node #\(nodeID)")
  }

  static func rename(nodeID: String, to name: String) throws -> APIRequest {
    try .post(
      node(nodeID) + "/rename/" + APIRequest.segment(name), [String: String](),
      to: "rename node #\(nodeID) to \(name)")
  }

  /// Up to 0.29 the query is read and the body drained, from 0.30 on the other way round (reference
  /// headscale-api.md §1.9): so both say it.
  static func disableExpiry(nodeID: String) throws -> APIRequest {
    try .post(
      node(nodeID) + "/expire?disableExpiry=true", ["disableExpiry": true],
      to: "turn off the expiry of node #\(nodeID)")
  }

  static func deleteNode(_ id: String) -> APIRequest {
    .delete(node(id), to: "delete node #\(id)")
  }

  private static func node(_ id: String) -> String { "/api/v1/node/" + APIRequest.segment(id) }
}

/// The body of a key request; unset fields are left out, since 0.30 checks bodies strictly.
struct CreateKeyBody: Encodable, Sendable, Equatable {
  /// A user *id*, as a string.
  var user: String?
  var reusable = false
  var ephemeral = false
  /// Always sent: a key without one is born expired (upstream #1579).
  var expiration: String
  var aclTags: [String]?
}
