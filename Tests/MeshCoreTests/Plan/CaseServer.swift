import MeshCore
import YAMLReader

/// `nodes.json` of a case: the body of `GET /api/v1/node` with what the other calls give beside it.
struct CaseServer {
  var nodes: [MeshNode]
  var users: [MeshUser]?
  var policy: PolicyState
  var version: String?
  var takenAt: Timestamp?

  init(_ bytes: [UInt8]) throws {
    var fields = try CaseFields(file: bytes, "nodes.json")
    guard fields.has("nodes") else { throw BadCase(description: "nodes.json: no list `nodes`") }
    nodes = try (fields.nodes("nodes") ?? []).map(CaseServer.node)
    users = try fields.nodes("users")?.map { try CaseServer.user($0, "user") }
    let hasPolicy = fields.has("tagOwners")
    let owned = try fields.list("tagOwners")
    policy = hasPolicy ? owned.map { .tagOwners(Set($0)) } ?? .none : .unknown
    if let reason = try fields.text("unreadablePolicy") { policy = .unreadable(reason) }
    version = fields.has("serverVersion") ? try fields.text("serverVersion") : "0.29.2"
    takenAt = try fields.instant("takenAt")
    try fields.end()
  }

  /// 64 digits that say which node or host they belong to.
  static func digits(_ text: String) -> String {
    String(repeating: "0", count: max(0, 60 - text.count)) + text + "abcd"
  }

  private static func node(_ node: YAMLNode) throws -> MeshNode {
    var fields = try CaseFields(node, "node")
    guard let id = try fields.text("id") else { throw BadCase(description: "a node has no id") }
    let name = try fields.text("givenName") ?? "node-\(id)"
    var node = MeshNode(
      id: id, machineKey: try fields.text("machineKey") ?? "mkey:\(digits(id))",
      nodeKey: try fields.text("nodeKey") ?? "nodekey:\(digits(id))",
      hostname: try fields.text("name") ?? name, givenName: name)
    node.user = try fields.node("user").map { try user($0, "node.user") }
    if node.user?.id == MeshUser.taggedDevicesID { node.user = nil }
    node.tags = try fields.list("tags") ?? []
    node.ipAddresses = try fields.list("ipAddresses") ?? []
    node.approvedRoutes = try fields.list("approvedRoutes") ?? []
    node.availableRoutes = try fields.list("availableRoutes") ?? []
    node.subnetRoutes = try fields.list("subnetRoutes") ?? []
    node.online = try fields.flag("online") ?? true
    node.lastSeen = try fields.instant("lastSeen")
    node.expiry = try fields.instant("expiry")
    node.createdAt = try fields.instant("createdAt")
    // In every body of the API, and of no use to a plan.
    for key in ["discoKey", "preAuthKey", "registerMethod"] { _ = fields.node(key) }
    try fields.end()
    return node
  }

  private static func user(_ node: YAMLNode, _ what: String) throws -> MeshUser {
    var fields = try CaseFields(node, what)
    guard let id = try fields.text("id") else { throw BadCase(description: "\(what) has no id") }
    let user = MeshUser(
      id: id, name: try fields.text("name") ?? "", email: try fields.text("email") ?? "",
      displayName: try fields.text("displayName") ?? "",
      provider: try fields.text("provider") ?? "")
    for key in ["createdAt", "providerId", "profilePicUrl"] { _ = fields.node(key) }
    try fields.end()
    return user
  }
}
