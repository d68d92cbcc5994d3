/// What `meshctl import --format nodes` writes and `plan --nodes` reads (design §7).
///
/// A whitelist: nodes with their public keys (pins and identities need them), users, the tags that
/// the policy has owners for, the server's version and the time. No pre-auth key and no API key is in
/// it, since an observation has none.
package enum SavedNodesText {
  /// Writes an observation as JSON; the same observation gives the same bytes.
  ///
  /// - Parameters:
  ///   - observation: what was read; facts are left out.
  ///   - now: the controller's time, for ways in that do not tell the server's.
  /// - Returns: a JSON object and a final newline.
  package static func of(_ observation: Observation, now: Timestamp) -> String {
    StableJSON.encode(Document(observation, now: now)) + "\n"
  }

  private struct Document: Encodable {
    var format = "meshctl-nodes"
    var version = 1
    var takenAt: String
    var server: Server
    var nodes: [Node]
    var users: [User]?
    var policy: PolicyState

    init(_ observation: Observation, now: Timestamp) {
      takenAt = (observation.takenAt ?? now).rfc3339
      server = Server(url: observation.server.url, version: observation.server.version)
      nodes = observation.nodes.map(Node.init)
      users = observation.users?.map(User.init)
      policy = observation.policy
    }

    private enum CodingKeys: String, CodingKey {
      case format, version, takenAt, server, nodes, users, tagOwners, policyProblem
    }

    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(format, forKey: .format)
      try fields.encode(version, forKey: .version)
      try fields.encode(takenAt, forKey: .takenAt)
      try fields.encode(server, forKey: .server)
      try fields.encode(nodes, forKey: .nodes)
      try fields.encodeIfPresent(users, forKey: .users)
      switch policy {
      case .unknown: break
      // Null is a server without a policy, a missing key one whose policy was not read.
      case .none: try fields.encodeNil(forKey: .tagOwners)
      case .tagOwners(let tags): try fields.encode(tags.sorted(), forKey: .tagOwners)
      case .unreadable(let reason): try fields.encode(reason, forKey: .policyProblem)
      }
    }
  }

  private struct Server: Encodable {
    var url: String
    var version: String?
  }

  private struct User: Encodable {
    var id, name, email, displayName, provider: String

    init(_ user: MeshUser) {
      (id, name, email) = (user.id, user.name, user.email)
      (displayName, provider) = (user.displayName, user.provider)
    }
  }

  /// The names are the API's own, so that any reader of `GET /api/v1/node` reads them.
  private struct Node: Encodable {
    var id, machineKey, nodeKey, name, givenName: String
    var user: User?
    var tags, ipAddresses, approvedRoutes, availableRoutes, subnetRoutes: [String]
    var online: Bool
    var lastSeen, expiry, createdAt: String?

    init(_ node: MeshNode) {
      (id, machineKey, nodeKey) = (node.id, node.machineKey, node.nodeKey)
      (name, givenName) = (node.hostname, node.givenName)
      user = node.user.map(User.init)
      (tags, ipAddresses) = (node.tags, node.ipAddresses)
      (approvedRoutes, availableRoutes) = (node.approvedRoutes, node.availableRoutes)
      (subnetRoutes, online) = (node.subnetRoutes, node.online)
      lastSeen = node.lastSeen?.rfc3339
      expiry = node.expiry?.rfc3339
      createdAt = node.createdAt?.rfc3339
    }
  }
}
