import MeshCore

/// A node as the REST API (all versions) and the command line of Headscale 0.30 write it.
///
/// Only what meshctl uses is decoded; everything else is ignored, so that new fields do no harm and
/// ten thousand nodes cost little.
struct WireNode: Decodable {
  var node: MeshNode

  private enum CodingKeys: String, CodingKey {
    case id, machineKey, nodeKey, name, givenName, user, tags, forcedTags, validTags, ipAddresses
    case approvedRoutes, availableRoutes, subnetRoutes, online, lastSeen, expiry, createdAt
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    node = MeshNode(
      id: try fields.requiredID(.id), machineKey: try fields.text(.machineKey),
      nodeKey: try fields.text(.nodeKey), hostname: try fields.text(.name),
      givenName: try fields.text(.givenName))
    node.user = try fields.decodeIfPresent(WireUser.self, forKey: .user)?.owner
    if let tags = try fields.decodeIfPresent([String].self, forKey: .tags) {
      node.tags = tags
    } else {
      // Up to 0.27 effective tags are the forced ones and the permitted ones of the client.
      let forced = try fields.list(.forcedTags)
      let valid = try fields.list(.validTags)
      node.tags = Set(forced).union(valid).sorted()
    }
    node.ipAddresses = try fields.list(.ipAddresses)
    node.approvedRoutes = try fields.list(.approvedRoutes)
    node.availableRoutes = try fields.list(.availableRoutes)
    node.subnetRoutes = try fields.list(.subnetRoutes)
    node.online = try fields.decodeIfPresent(Bool.self, forKey: .online) ?? false
    node.lastSeen = try fields.instant(.lastSeen)
    node.expiry = try fields.instant(.expiry)
    node.createdAt = try fields.instant(.createdAt)
  }
}

/// A user as REST writes it.
struct WireUser: Decodable {
  /// Nil for the all-empty object that Headscale 0.30's command line prints for null.
  var user: MeshUser?

  private enum CodingKeys: String, CodingKey { case id, name, email, displayName, provider }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard let id = try fields.id(.id) else { return }
    user = MeshUser(
      id: id, name: try fields.text(.name), email: try fields.text(.email),
      displayName: try fields.text(.displayName), provider: try fields.text(.provider))
  }

  /// The user as owner of a node: the pseudo-user of tagged nodes owns nothing.
  var owner: MeshUser? { user?.id == MeshUser.taggedDevicesID ? nil : user }
}

/// `{"nodes": […]}`; the key must be there, since a missing list is not an empty one.
struct WireNodeList: Decodable {
  var nodes: [MeshNode]

  private enum CodingKeys: String, CodingKey { case nodes }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard fields.contains(.nodes) else {
      throw DecodingError.keyNotFound(
        CodingKeys.nodes,
        .init(codingPath: decoder.codingPath, debugDescription: "There is no list \"nodes\"."))
    }
    let wire = try fields.decodeIfPresent([WireNode].self, forKey: .nodes) ?? []
    nodes = wire.map(\.node).sortedByID()
  }
}

/// `{"users": […]}`.
struct WireUserList: Decodable {
  var users: [MeshUser]

  private enum CodingKeys: String, CodingKey { case users }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard fields.contains(.users) else {
      throw DecodingError.keyNotFound(
        CodingKeys.users,
        .init(codingPath: decoder.codingPath, debugDescription: "There is no list \"users\"."))
    }
    let wire = try fields.decodeIfPresent([WireUser].self, forKey: .users) ?? []
    users = wire.compactMap(\.user)
  }
}

extension [MeshNode] {
  /// In ascending order of the numeric id; ids were checked to be digits.
  func sortedByID() -> [MeshNode] {
    func precedes(_ left: String, _ right: String) -> Bool {
      let lengths = (left.utf8.count, right.utf8.count)
      return lengths.0 == lengths.1 ? left < right : lengths.0 < lengths.1
    }
    let isSorted = zip(self, dropFirst()).allSatisfy { !precedes($1.id, $0.id) }
    return isSorted ? self : sorted { precedes($0.id, $1.id) }
  }
}
