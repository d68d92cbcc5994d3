import MeshCore

/// A node as `headscale nodes list -o json` prints it up to 0.29: Go's JSON of the protobuf structs
/// with snake_case keys, numeric ids and zero values left out (reference headscale-api.md §7).
struct CLINode: Decodable {
  var node: MeshNode

  private enum CodingKeys: String, CodingKey {
    case id, name, user, tags, online, expiry
    case machineKey = "machine_key"
    case nodeKey = "node_key"
    case givenName = "given_name"
    case forcedTags = "forced_tags"
    case validTags = "valid_tags"
    case ipAddresses = "ip_addresses"
    case approvedRoutes = "approved_routes"
    case availableRoutes = "available_routes"
    case subnetRoutes = "subnet_routes"
    case lastSeen = "last_seen"
    case createdAt = "created_at"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    node = MeshNode(
      id: try fields.requiredID(.id), machineKey: try fields.text(.machineKey),
      nodeKey: try fields.text(.nodeKey), hostname: try fields.text(.name),
      givenName: try fields.text(.givenName))
    node.user = try fields.decodeIfPresent(CLIUser.self, forKey: .user)?.owner
    let tags = Set(try fields.list(.tags)).union(try fields.list(.forcedTags))
    node.tags = tags.union(try fields.list(.validTags)).sorted()
    node.ipAddresses = try fields.list(.ipAddresses)
    node.approvedRoutes = try fields.list(.approvedRoutes)
    node.availableRoutes = try fields.list(.availableRoutes)
    node.subnetRoutes = try fields.list(.subnetRoutes)
    node.online = try fields.decodeIfPresent(Bool.self, forKey: .online) ?? false
    node.lastSeen = try fields.decodeIfPresent(CLITimestamp.self, forKey: .lastSeen)?.instant
    node.expiry = try fields.decodeIfPresent(CLITimestamp.self, forKey: .expiry)?.instant
    node.createdAt = try fields.decodeIfPresent(CLITimestamp.self, forKey: .createdAt)?.instant
  }
}

/// A user as the command line prints it up to 0.29.
struct CLIUser: Decodable {
  /// Nil where there is no id.
  var user: MeshUser?

  /// The user as owner of a node: the pseudo-user of tagged nodes owns nothing.
  var owner: MeshUser? { user?.id == MeshUser.taggedDevicesID ? nil : user }

  private enum CodingKeys: String, CodingKey {
    case id, name, email, provider
    case displayName = "display_name"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard let id = try fields.id(.id) else { return }
    user = MeshUser(
      id: id, name: try fields.text(.name), email: try fields.text(.email),
      displayName: try fields.text(.displayName), provider: try fields.text(.provider))
  }
}

/// `{"seconds":1753092000,"nanos":5}`, zeros left out.
struct CLITimestamp: Decodable {
  var seconds: Int64?
  var nanos: Int32?

  /// Nil for Go's zero time.
  var instant: Timestamp? {
    let nanoseconds = min(max(nanos ?? 0, 0), 999_999_999)
    let instant = Timestamp(seconds: seconds ?? 0, nanoseconds: nanoseconds)
    return instant.isZeroTime ? nil : instant
  }
}
