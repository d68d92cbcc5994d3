import MeshCore

/// The calls that all supported versions share (reference headscale-api.md §3).
enum HeadscaleRequests {
  static let nodes = APIRequest.get(
    "/api/v1/node", to: "list nodes", limit: APIRequest.listAnswer)
  static let users = APIRequest.get(
    "/api/v1/user", to: "list users", limit: APIRequest.listAnswer)
  static let keys = APIRequest.get(
    "/api/v1/preauthkey", to: "list pre-auth keys", limit: APIRequest.listAnswer)
  static let apiKeys = APIRequest.get(
    "/api/v1/apikey", to: "list API keys", limit: APIRequest.listAnswer)
  static let policy = APIRequest.get("/api/v1/policy", to: "read the policy")

  /// The one request that a change is, for every version that can be changed.
  static func request(for change: HeadscaleChange) throws -> APIRequest {
    let purpose = change.purpose
    switch change {
    case .createUser(let name):
      return try .post("/api/v1/user", ["name": name], to: purpose)
    case .expireKey(let id):
      return try .post("/api/v1/preauthkey/expire", ["id": id], to: purpose)
    case .setTags(let id, let tags):
      return try .post(node(id) + "/tags", ["tags": tags], to: purpose)
    case .approveRoutes(let id, let routes):
      return try .post(node(id) + "/approve_routes", ["routes": routes], to: purpose)
    case .rename(let id, let name):
      let path = node(id) + "/rename/" + APIRequest.segment(name)
      return try .post(path, [String: String](), to: purpose)
    case .disableExpiry(let id):
      // 0.29 reads the query and drains the body, from 0.30 on it is the other way round (reference
      // headscale-api.md §1.9): so both say it.
      return try .post(
        node(id) + "/expire?disableExpiry=true", ["disableExpiry": true], to: purpose)
    case .deleteNode(let id):
      return .delete(node(id), to: purpose)
    }
  }

  static func createKey(_ body: CreateKeyBody) throws -> APIRequest {
    try .post("/api/v1/preauthkey", body, to: "create a pre-auth key")
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
