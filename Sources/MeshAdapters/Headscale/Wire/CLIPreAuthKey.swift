import MeshCore

/// A pre-auth key as the command line prints it up to 0.29 (reference headscale-api.md §7).
struct CLIPreAuthKey: Decodable {
  var key: WirePreAuthKey

  private enum CodingKeys: String, CodingKey {
    case id, key, used, reusable, expiration
    case createdAt = "created_at"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    key = WirePreAuthKey(
      id: try fields.requiredID(.id), key: Secret(try fields.text(.key)),
      used: try fields.decodeIfPresent(Bool.self, forKey: .used) ?? false,
      reusable: try fields.decodeIfPresent(Bool.self, forKey: .reusable) ?? false,
      expiration: try fields.decodeIfPresent(CLITimestamp.self, forKey: .expiration)?.instant,
      createdAt: try fields.decodeIfPresent(CLITimestamp.self, forKey: .createdAt)?.instant)
  }
}
