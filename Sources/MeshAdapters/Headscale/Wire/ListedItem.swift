import MeshCore

/// An item of a list that the command prints, in whichever of its two shapes.
///
/// Up to 0.29 the command prints Go's JSON of the protobuf structs with snake_case keys, from 0.30 on
/// REST's camelCase (reference headscale-api.md §7). The item's own keys tell which: never its values,
/// since clients choose their hostnames.
protocol ListedShape: Decodable {
  /// Keys that only this shape has.
  associatedtype Marks: CodingKey, CaseIterable
}

extension ListedShape {
  static func fits(_ decoder: any Decoder) throws -> Bool {
    let fields = try decoder.container(keyedBy: Marks.self)
    return Marks.allCases.contains { fields.contains($0) }
  }
}

/// A node as either shape writes it.
struct ListedNode: Decodable {
  var node: MeshNode

  init(from decoder: any Decoder) throws {
    node =
      try CLINode.fits(decoder)
      ? CLINode(from: decoder).node : WireNode(from: decoder).node
  }
}

/// A user as either shape writes it.
struct ListedUser: Decodable {
  /// Nil where there is no id.
  var user: MeshUser?

  init(from decoder: any Decoder) throws {
    user =
      try CLIUser.fits(decoder)
      ? CLIUser(from: decoder).user : WireUser(from: decoder).user
  }
}

/// A pre-auth key as either shape writes it.
struct ListedPreAuthKey: Decodable {
  var key: WirePreAuthKey

  init(from decoder: any Decoder) throws {
    key =
      try CLIPreAuthKey.fits(decoder)
      ? CLIPreAuthKey(from: decoder).key : WirePreAuthKey(from: decoder)
  }
}

extension CLINode: ListedShape {
  enum Marks: String, CodingKey, CaseIterable {
    case machineKey = "machine_key"
    case nodeKey = "node_key"
    case givenName = "given_name"
    case createdAt = "created_at"
  }
}

extension CLIUser: ListedShape {
  enum Marks: String, CodingKey, CaseIterable {
    case displayName = "display_name"
    case createdAt = "created_at"
  }
}

extension CLIPreAuthKey: ListedShape {
  enum Marks: String, CodingKey, CaseIterable {
    case tags = "acl_tags"
    case createdAt = "created_at"
  }
}
