import MeshSimulation

/// One operation of the API from 0.30 on: its path and what its body may hold
/// (hs@f20f1f12:hscontrol/api/v1/*.go).
struct HumaOperation {
  enum FieldType { case string, bool, strings, dateTime }

  var id: String
  var method: String
  /// Without `/api/v1`; parts in braces stand for anything.
  var path: [String]
  /// Nil where bodies are not looked at.
  var fields: [String: FieldType]?
  var isBodyRequired = true

  private init(
    _ id: String, _ method: String, _ path: String, _ fields: [String: FieldType]? = nil,
    isBodyRequired: Bool = true
  ) {
    self.id = id
    self.method = method
    self.path = path.split(separator: "/").map(String.init)
    self.fields = fields
    self.isBodyRequired = isBodyRequired
  }

  /// What a request is for.
  enum Match {
    case operation(HumaOperation)
    /// The path exists with these methods only.
    case otherMethods([String])
    case unknown
  }

  static func match(_ method: String, _ parts: [String]) -> Match {
    let known = all.filter { $0.matches(parts) }
    // A fixed part wins over one that stands for anything.
    let best = known.map(\.fixedParts).max()
    let candidates = known.filter { $0.fixedParts == best }
    if let operation = candidates.first(where: { $0.method == method }) {
      return .operation(operation)
    }
    if let operation = known.first(where: { $0.method == method }) { return .operation(operation) }
    return known.isEmpty ? .unknown : .otherMethods(Set(known.map(\.method)).sorted())
  }

  private var fixedParts: Int { path.count { !$0.hasPrefix("{") } }

  private func matches(_ parts: [String]) -> Bool {
    path.count == parts.count && zip(path, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }

  static let all: [HumaOperation] = [
    HumaOperation("listNodes", "GET", "node"),
    HumaOperation("getNode", "GET", "node/{nodeId}"),
    HumaOperation("deleteNode", "DELETE", "node/{nodeId}"),
    HumaOperation("renameNode", "POST", "node/{nodeId}/rename/{newName}"),
    HumaOperation(
      "expireNode", "POST", "node/{nodeId}/expire",
      ["expiry": .dateTime, "disableExpiry": .bool], isBodyRequired: false),
    HumaOperation("setTags", "POST", "node/{nodeId}/tags", ["tags": .strings]),
    HumaOperation(
      "setApprovedRoutes", "POST", "node/{nodeId}/approve_routes", ["routes": .strings]),
    HumaOperation("registerNode", "POST", "node/register"),
    HumaOperation("backfillNodeIPs", "POST", "node/backfillips"),
    HumaOperation("listUsers", "GET", "user"),
    HumaOperation(
      "createUser", "POST", "user",
      ["name": .string, "displayName": .string, "email": .string, "pictureUrl": .string]),
    HumaOperation("renameUser", "POST", "user/{oldId}/rename/{newName}"),
    HumaOperation("deleteUser", "DELETE", "user/{id}"),
    HumaOperation("listPreAuthKeys", "GET", "preauthkey"),
    HumaOperation(
      "createPreAuthKey", "POST", "preauthkey",
      [
        "user": .string, "reusable": .bool, "ephemeral": .bool, "expiration": .dateTime,
        "aclTags": .strings,
      ]),
    HumaOperation("expirePreAuthKey", "POST", "preauthkey/expire", ["id": .string]),
    HumaOperation("deletePreAuthKey", "DELETE", "preauthkey"),
    HumaOperation("listApiKeys", "GET", "apikey"),
    HumaOperation("createApiKey", "POST", "apikey", ["expiration": .dateTime]),
    HumaOperation("expireApiKey", "POST", "apikey/expire", ["prefix": .string, "id": .string]),
    HumaOperation("deleteApiKey", "DELETE", "apikey/{prefix}"),
    HumaOperation("getPolicy", "GET", "policy"),
    HumaOperation("setPolicy", "PUT", "policy", ["policy": .string]),
    HumaOperation("checkPolicy", "POST", "policy/check", ["policy": .string]),
    HumaOperation("authRegister", "POST", "auth/register", ["user": .string, "authId": .string]),
    HumaOperation("authApprove", "POST", "auth/approve", ["authId": .string]),
    HumaOperation("authReject", "POST", "auth/reject", ["authId": .string]),
    HumaOperation("health", "GET", "health"),
  ]
}

/// What a server publishes of its API without a key.
enum APIDescription {
  /// The descriptions of 0.30; nil for other paths.
  static func openAPI(_ name: String) -> APIResponse? {
    switch name {
    case "openapi.yaml", "openapi-3.0.yaml":
      APIResponse(
        status: 200, contentType: "application/openapi+yaml",
        body: yaml(openAPIVersion(of: name)))
    case "openapi.json", "openapi-3.0.json":
      APIResponse(
        status: 200, contentType: "application/openapi+json",
        body: json(openAPIVersion(of: name)).compact + "\n")
    case "docs":
      APIResponse(
        status: 200, contentType: "text/html",
        body: "<!doctype html>\n<title>Headscale API reference</title>\n")
    default: nil
    }
  }

  private static func openAPIVersion(of name: String) -> String {
    name.contains("3.0") ? "3.0.3" : "3.1.0"
  }

  private static var paths: [(path: String, operations: [HumaOperation])] {
    Dictionary(grouping: HumaOperation.all) { "/api/v1/" + $0.path.joined(separator: "/") }
      .sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.sorted { $0.method < $1.method }) }
  }

  private static func json(_ version: String) -> JSONValue {
    let listed = paths.map { entry in
      JSONValue.Member(
        entry.path,
        .object(
          entry.operations.map {
            .init($0.method.lowercased(), ["operationId": .string($0.id)])
          }))
    }
    return [
      "info": ["title": "Headscale API", "version": "v1"], "openapi": .string(version),
      "paths": .object(listed),
    ]
  }

  private static func yaml(_ version: String) -> String {
    var text = "info:\n  title: Headscale API\n  version: v1\nopenapi: \(version)\npaths:\n"
    for entry in paths {
      text += "  \(entry.path):\n"
      for operation in entry.operations {
        text += "    \(operation.method.lowercased()):\n      operationId: \(operation.id)\n"
      }
    }
    return text
  }

  /// The Swagger file up to 0.29, as far as it tells the versions apart.
  static func swagger(_ rules: any ModeRules) -> APIResponse {
    let tags = rules.tagsAreIdentity ? ["tags"] : ["forcedTags", "invalidTags", "validTags"]
    let properties = (["id", "givenName", "approvedRoutes", "availableRoutes"] + tags)
      .map { JSONValue.Member($0, .object([])) }
    var paths = ["/api/v1/node", "/api/v1/user", "/api/v1/policy"]
    if rules.supportsPolicyCheck { paths.append("/api/v1/policy/check") }
    if rules.hasAPIHealth { paths.append("/api/v1/health") }
    let value: JSONValue = [
      "swagger": "2.0",
      "info": ["title": "headscale/v1/headscale.proto", "version": "version not set"],
      "paths": .object(paths.map { .init($0, .object([])) }),
      "definitions": ["v1Node": ["type": "object", "properties": .object(properties)]],
    ]
    return APIResponse(
      status: 200, contentType: "application/json; charset=utf-8",
      body: value.indented(by: "  ") + "\n")
  }
}
