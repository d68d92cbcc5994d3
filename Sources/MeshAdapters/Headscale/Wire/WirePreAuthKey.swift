import MeshCore

/// A pre-auth key as REST writes it; `key` is masked except in the answer that creates it.
struct WirePreAuthKey: Decodable {
  var id: String
  var key: Secret
  var used: Bool
  var reusable: Bool
  /// Nil where the server wrote null or its zero time.
  var expiration: Timestamp?
  var createdAt: Timestamp?

  private enum CodingKeys: String, CodingKey { case id, key, used, reusable, expiration, createdAt }

  init(
    id: String, key: Secret, used: Bool, reusable: Bool, expiration: Timestamp?,
    createdAt: Timestamp?
  ) {
    self.id = id
    self.key = key
    self.used = used
    self.reusable = reusable
    self.expiration = expiration
    self.createdAt = createdAt
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    id = try fields.requiredID(.id)
    key = Secret(try fields.text(.key))
    used = try fields.decodeIfPresent(Bool.self, forKey: .used) ?? false
    reusable = try fields.decodeIfPresent(Bool.self, forKey: .reusable) ?? false
    expiration = try fields.instant(.expiration)
    createdAt = try fields.instant(.createdAt)
  }

  /// True where meshctl may have made it: for one use, and for a day at most.
  var mayBeOurs: Bool {
    guard !reusable, let expiration, let createdAt else { return false }
    return expiration.seconds(since: createdAt) <= 86_400 + 600
  }

  /// True for the whole key: one printable word, not the masked `hskey-auth-…-***`.
  var isUsable: Bool {
    let text = key.reveal()
    return text.utf8.count >= 16 && !text.hasSuffix("***")
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}

/// `{"preAuthKey": …}`.
struct WireCreatedKey: Decodable {
  var preAuthKey: WirePreAuthKey
}

/// `{"preAuthKeys": […]}`.
struct WireKeyList: Decodable {
  var preAuthKeys: [WirePreAuthKey]?
}

/// `{"policy": "<HuJSON>"}`.
struct WirePolicy: Decodable {
  var policy: String?
}

/// `GET /version` (reference headscale-api.md §1.10).
struct WireVersion: Decodable {
  var version: String
}
