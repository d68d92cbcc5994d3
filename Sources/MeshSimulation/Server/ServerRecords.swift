package import MeshCore

/// A user as the server stores it.
package struct ServerUser: Sendable, Equatable, Codable {
  package var id: Int
  package var name: String
  package var createdAt: Timestamp
  package var displayName = ""
  package var email = ""
  package var providerID = ""
  package var provider = ""
  package var pictureURL = ""

  package init(id: Int, name: String, createdAt: Timestamp) {
    self.id = id
    self.name = name
    self.createdAt = createdAt
  }

  /// The pseudo-user of tagged nodes (reference headscale-api.md §2.1).
  package static let taggedDevices: ServerUser = {
    var user = ServerUser(id: 2_147_455_555, name: "tagged-devices", createdAt: .goZero)
    user.displayName = "Tagged Devices"
    return user
  }()
}

/// A node as the server stores it.
package struct ServerNode: Sendable, Equatable, Codable {
  /// How long the node counts as online.
  package enum Presence: Sendable, Equatable, Codable {
    case offline
    /// An open long-poll.
    case connected
    /// A stand-in client that reports every second; online until then.
    case until(Timestamp)
  }

  package var id: Int
  package var machineKey: String
  package var nodeKey: String
  package var discoKey: String
  package var ipAddresses: [String]
  /// The client's host name.
  package var hostname: String
  package var givenName: String
  /// Owner; on 0.28 also the creator of a tagged node, hidden from the list.
  package var userID: Int?
  package var tags: [String] = []
  package var lastSeen: Timestamp?
  package var expiry: Timestamp?
  package var authKeyID: Int?
  package var createdAt: Timestamp
  package var approvedRoutes: [String] = []
  package var availableRoutes: [String] = []
  package var presence = Presence.offline
  /// What the database has where `expiry` was set by the API and not saved (#3279).
  package var savedExpiry: SavedExpiry?

  /// An expiry in the database.
  package struct SavedExpiry: Sendable, Equatable, Codable {
    /// Nil for never.
    package var at: Timestamp?
  }

  package init(
    id: Int, machineKey: String, nodeKey: String, discoKey: String, ipAddresses: [String],
    hostname: String, givenName: String, createdAt: Timestamp
  ) {
    self.id = id
    self.machineKey = machineKey
    self.nodeKey = nodeKey
    self.discoKey = discoKey
    self.ipAddresses = ipAddresses
    self.hostname = hostname
    self.givenName = givenName
    self.createdAt = createdAt
  }

  package var isTagged: Bool { !tags.isEmpty }

  package func isOnline(at now: Timestamp) -> Bool {
    switch presence {
    case .offline: false
    case .connected: true
    case .until(let end): now < end
    }
  }

  /// True when the key's expiry is a real instant that has passed.
  package func isExpired(at now: Timestamp) -> Bool {
    guard let expiry, !expiry.isZeroTime else { return false }
    return expiry <= now
  }
}

/// A pre-auth key or API key as the server stores it.
package struct ServerKey: Sendable, Equatable, Codable {
  package var id: Int
  /// The public 12 characters; empty for pre-auth keys of 0.27 and older, which have none.
  package var prefix: String
  /// The secret characters; nil where a world file was read, which keeps none.
  package var secret: String?
  package var userID: Int?
  package var reusable = false
  package var ephemeral = false
  package var used = false
  package var expiration: Timestamp
  package var createdAt: Timestamp
  package var tags: [String] = []

  package init(
    id: Int, prefix: String, secret: String?, expiration: Timestamp, createdAt: Timestamp
  ) {
    self.id = id
    self.prefix = prefix
    self.secret = secret
    self.expiration = expiration
    self.createdAt = createdAt
  }
}

extension Timestamp {
  /// Go's zero instant, year 1.
  package static let goZero = Timestamp(seconds: -62_135_596_800)
}

extension Timestamp: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let time = Timestamp(rfc3339: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is not an RFC 3339 time")
    }
    self = time
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rfc3339)
  }
}
