import MeshCore
import MeshSimulation

/// What `headscale … -o json` prints (reference headscale-api.md §7): up to 0.29 Go's JSON of the
/// protobuf structs (snake_case, zero values left out, times as seconds and nanoseconds), from 0.30 on
/// that of the generated REST client (members sorted by name, `null` users printed as empty ones).
struct CommandLineJSON {
  var rules: any ModeRules

  init(_ rules: any ModeRules) { self.rules = rules }

  private var isHuma: Bool { rules.generation == .problems }

  /// A list; up to 0.29 an empty one prints null.
  func list(_ values: [JSONValue]) -> JSONValue {
    values.isEmpty && !isHuma ? .null : .array(values)
  }

  func node(_ view: NodeView) -> JSONValue {
    guard !isHuma else { return client(WireJSON(rules).node(view)) }
    let node = view.node
    let isIdentity = rules.tagsAreIdentity
    return object([
      ("id", .int(node.id)), ("machine_key", .string(node.machineKey)),
      ("node_key", .string(node.nodeKey)), ("disco_key", .string(node.discoKey)),
      ("ip_addresses", .strings(node.ipAddresses)), ("name", .string(node.hostname)),
      ("user", user(view.user)), ("last_seen", time(node.lastSeen)),
      ("expiry", time(node.expiry)), ("pre_auth_key", view.preAuthKey.map(key) ?? .null),
      ("created_at", time(node.createdAt)), ("register_method", 1),
      ("forced_tags", .strings(isIdentity ? [] : node.tags)),
      ("valid_tags", .strings(isIdentity || !view.isListed ? [] : node.tags)),
      ("given_name", .string(node.givenName)), ("online", .bool(view.online)),
      ("approved_routes", .strings(node.approvedRoutes)),
      ("available_routes", .strings(node.availableRoutes)),
      ("subnet_routes", .strings(view.subnetRoutes)),
      ("tags", .strings(isIdentity ? node.tags : [])),
    ])
  }

  func user(_ user: ServerUser?) -> JSONValue {
    guard !isHuma else { return client(WireJSON(rules).user(user)) }
    guard let user else { return .null }
    return object([
      ("id", .int(user.id)), ("name", .string(user.shownName)),
      ("created_at", time(user.createdAt)), ("display_name", .string(user.displayName)),
      ("email", .string(user.email)), ("provider_id", .string(user.providerID)),
      ("provider", .string(user.provider)), ("profile_pic_url", .string(user.pictureURL)),
    ])
  }

  func key(_ view: KeyView) -> JSONValue {
    guard !isHuma else { return client(WireJSON(rules).preAuthKey(view)) }
    let key = view.key
    return object([
      ("user", user(view.user)), ("id", .int(key.id)), ("key", .string(view.text)),
      ("reusable", .bool(key.reusable)), ("ephemeral", .bool(key.ephemeral)),
      ("used", .bool(key.used)), ("expiration", time(key.expiration)),
      ("created_at", time(key.createdAt)), ("acl_tags", .strings(key.tags)),
    ])
  }

  func apiKey(_ key: ServerKey) -> JSONValue {
    let wire = WireJSON(rules).apiKey(key)
    guard !isHuma else { return client(wire) }
    return object([
      ("id", .int(key.id)), ("prefix", wire["prefix"] ?? .null),
      ("expiration", time(key.expiration)), ("created_at", time(key.createdAt)),
    ])
  }

  var health: JSONValue {
    [isHuma ? "databaseConnectivity" : "database_connectivity": true]
  }

  private func time(_ time: Timestamp?) -> JSONValue {
    guard let time else { return .null }
    return object([
      ("seconds", .number(String(time.seconds))), ("nanos", .int(Int(time.nanoseconds))),
    ])
  }

  /// An object without the members whose value is Go's zero value.
  private func object(_ members: [(String, JSONValue)]) -> JSONValue {
    let zeros: [JSONValue] = [.null, .bool(false), "", [], .int(0)]
    return .object(members.filter { !zeros.contains($0.1) }.map { .init($0.0, $0.1) })
  }

  // MARK: 0.30

  /// What the generated client makes of an answer: structs instead of null.
  private func client(_ value: JSONValue) -> JSONValue { filled(value).sortedByName }

  private func filled(_ value: JSONValue) -> JSONValue {
    guard let members = value.members else { return value }
    return .object(
      members.map { member in
        switch (member.name, member.value) {
        case ("user", .null): .init(member.name, CommandLineJSON.noUser)
        case ("preAuthKey", .null): .init(member.name, CommandLineJSON.noKey)
        case ("user", let inner), ("preAuthKey", let inner): .init(member.name, filled(inner))
        default: member
        }
      })
  }

  private static let noUser: JSONValue = [
    "id": "", "name": "", "createdAt": "0001-01-01T00:00:00Z", "displayName": "", "email": "",
    "providerId": "", "provider": "", "profilePicUrl": "",
  ]
  private static let noKey: JSONValue = [
    "user": noUser, "id": "", "key": "", "reusable": false, "ephemeral": false, "used": false,
    "expiration": nil, "createdAt": nil, "aclTags": nil,
  ]
}
