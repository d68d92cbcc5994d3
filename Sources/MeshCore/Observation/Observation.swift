/// Everything seen at one instant: the server's lists and what probes read on hosts.
package struct Observation: Sendable, Equatable {
  package var server: ServerIdentity
  /// In ascending id order, as the server lists them.
  package var nodes: [MeshNode]
  /// Nil where the source (a saved node list) has none: users are then unknown, not absent.
  package var users: [MeshUser]?
  package var policy: PolicyState
  /// The server's own clock at the time of the list (HTTP `Date`), or the time the saved list was
  /// taken; nil where unknown.
  ///
  /// Ages count from it (design law 8).
  package var takenAt: Timestamp?
  /// By host key; a host that was not probed is missing.
  package var facts: [String: ProbeResult]
  /// Keys that this run expired because an earlier one that was killed had left them.
  package var endedKeys = EndedKeys()
  /// Hosts that this run does not try, by key; a plan shows what differs there and does none of it.
  package var heldBack: [String: HeldBack] = [:]

  package init(
    server: ServerIdentity, nodes: [MeshNode], users: [MeshUser]?, policy: PolicyState,
    takenAt: Timestamp?, facts: [String: ProbeResult] = [:]
  ) {
    self.server = server
    self.nodes = nodes
    self.users = users
    self.policy = policy
    self.takenAt = takenAt
    self.facts = facts
  }
}

/// Pre-auth keys that are known to be expired, by what is known of each.
package struct EndedKeys: Sendable, Equatable {
  package var ids: Set<String> = []
  package var expirations: Set<Timestamp> = []

  package init() {}

  func has(_ waiting: WaitingJoin) -> Bool {
    ids.contains(waiting.keyID) || waiting.expires.map(expirations.contains) ?? false
  }
}

/// What a probe of one host gave: facts, or why there are none.
package enum ProbeResult: Sendable, Equatable {
  case facts(HostFacts)
  /// The diagnostic names the cause (`MESH-SSH-…`) and the next command.
  case failed(Diagnostic)
}

/// Which server this is.
package struct ServerIdentity: Sendable, Equatable {
  /// Where the API was reached, or the inventory's server URL for a saved list.
  package var url: String
  /// `0.29.2`; nil where it is unknown (a bare saved list).
  package var version: String?

  package init(url: String, version: String?) {
    self.url = url
    self.version = version
  }
}

/// The part of the server's policy that decides whether a tag may be set.
package enum PolicyState: Sendable, Equatable {
  /// Not read (a saved list without it).
  case unknown
  /// No policy stored: `GET /policy` answers 500 (reference headscale-api.md §4).
  case none
  /// The keys of `tagOwners`.
  case tagOwners(Set<String>)
  /// Stored, but not readable as HuJSON; the text says why.
  case unreadable(String)
}

/// Headscale's record of a user.
package struct MeshUser: Sendable, Hashable {
  package var id: String
  package var name: String
  package var email: String
  package var displayName: String
  /// `oidc` or empty.
  package var provider: String

  package init(
    id: String, name: String, email: String = "", displayName: String = "", provider: String = ""
  ) {
    self.id = id
    self.name = name
    self.email = email
    self.displayName = displayName
    self.provider = provider
  }

  /// The pseudo-user under which Headscale 0.28 and later list tagged nodes.
  package static let taggedDevicesID = "2147455555"
}

/// Headscale's record of a node, from the *list* call only (single-node answers differ, reference
/// headscale-api.md §2.1).
package struct MeshNode: Sendable, Hashable {
  package var id: String
  package var machineKey: String
  package var nodeKey: String
  /// The host name the client reports; anybody may choose it (design law 6).
  package var hostname: String
  /// The MagicDNS name, unique over the server.
  package var givenName: String
  /// Nil for tagged nodes.
  package var user: MeshUser?
  package var tags: [String]
  package var ipAddresses: [String]
  package var approvedRoutes: [String]
  package var availableRoutes: [String]
  package var subnetRoutes: [String]
  package var online: Bool
  package var lastSeen: Timestamp?
  /// Nil means never; the server's zero times are already nil.
  package var expiry: Timestamp?
  package var createdAt: Timestamp?

  package init(id: String, machineKey: String, nodeKey: String, hostname: String, givenName: String)
  {
    self.id = id
    self.machineKey = machineKey
    self.nodeKey = nodeKey
    self.hostname = hostname
    self.givenName = givenName
    tags = []
    ipAddresses = []
    approvedRoutes = []
    availableRoutes = []
    subnetRoutes = []
    online = false
  }
}
