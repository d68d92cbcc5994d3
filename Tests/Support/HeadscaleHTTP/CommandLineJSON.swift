import MeshCore
import MeshSimulation

/// What `headscale … -o json` prints up to 0.29: snake_case, zero values left out, times as seconds and
/// nanoseconds (reference headscale-api.md §7).
enum CommandLineJSON {
  static func nodes(_ views: [NodeView]) -> JSONValue {
    // An empty list prints null.
    views.isEmpty ? .null : .array(views.map(node))
  }

  private static func node(_ view: NodeView) -> JSONValue {
    let node = view.node
    return object([
      ("id", .int(node.id)), ("machine_key", .string(node.machineKey)),
      ("node_key", .string(node.nodeKey)), ("disco_key", .string(node.discoKey)),
      ("ip_addresses", .strings(node.ipAddresses)), ("name", .string(node.hostname)),
      ("user", user(view.user)), ("last_seen", time(node.lastSeen)),
      ("expiry", time(node.expiry)), ("pre_auth_key", key(view.preAuthKey)),
      ("created_at", time(node.createdAt)), ("register_method", 1),
      ("given_name", .string(node.givenName)), ("online", .bool(view.online)),
      ("approved_routes", .strings(node.approvedRoutes)),
      ("available_routes", .strings(node.availableRoutes)),
      ("subnet_routes", .strings(view.subnetRoutes)), ("tags", .strings(node.tags)),
    ])
  }

  static func user(_ user: ServerUser?) -> JSONValue {
    guard let user else { return .null }
    return object([
      ("id", .int(user.id)), ("name", .string(user.shownName)),
      ("created_at", time(user.createdAt)), ("display_name", .string(user.displayName)),
      ("email", .string(user.email)), ("provider_id", .string(user.providerID)),
      ("provider", .string(user.provider)), ("profile_pic_url", .string(user.pictureURL)),
    ])
  }

  private static func key(_ view: KeyView?) -> JSONValue {
    guard let view else { return .null }
    let key = view.key
    return object([
      ("user", user(view.user)), ("id", .int(key.id)), ("key", .string(view.text)),
      ("reusable", .bool(key.reusable)), ("ephemeral", .bool(key.ephemeral)),
      ("used", .bool(key.used)), ("expiration", time(key.expiration)),
      ("created_at", time(key.createdAt)), ("acl_tags", .strings(key.tags)),
    ])
  }

  private static func time(_ time: Timestamp?) -> JSONValue {
    guard let time else { return .null }
    return object([
      ("seconds", .number(String(time.seconds))), ("nanos", .int(Int(time.nanoseconds))),
    ])
  }

  /// An object without the members whose value is Go's zero value.
  private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    let zeros: [JSONValue] = [.null, .bool(false), "", [], .int(0)]
    return .object(members.filter { !zeros.contains($0.1) }.map { .init($0.0, $0.1) })
  }
}
