import MeshCore

/// An installed Tailscale client with its daemon's state.
package struct SimulatedClient: Sendable, Equatable {
  package var version: String
  package var isRunning: Bool
  /// The daemon's identity; kept until its state is wiped.
  package var machineKey: String
  /// Nil before the first login.
  package var nodeKey: String?
  /// Where the node key was registered.
  package var registeredURL: String?
  package var preferences = SimulatedPreferences()
  /// The refusal of a bad key, which the daemon goes on showing until it is restarted (#6215).
  package var rememberedRefusal: String?
  /// Why the last contact with the server failed.
  package var healthWarning: String?
  /// `up --force-reauth` or a move to another server has begun and not ended: the connection is down
  /// until a login succeeds, or until the daemon starts again with the old key.
  package var isReauthenticating = false
  /// What it last heard of its own node.
  ///
  /// The client of a deleted node goes on showing it (#3410), and so does one that is stopped or on
  /// another server.
  package var remembered: NodeView?

  package init(version: String, isRunning: Bool, machineKey: String) {
    self.version = version
    self.isRunning = isRunning
    self.machineKey = machineKey
  }

  /// The daemon starts, again or anew: what was not written down is forgotten.
  mutating func startDaemon() {
    isRunning = true
    rememberedRefusal = nil
    isReauthenticating = false
  }

  /// Takes in what the server says of this client's node.
  mutating func remember(_ view: NodeView) {
    var view = view
    view.preAuthKey = nil
    view.node.presence = .offline
    view.online = false
    view.subnetRoutes = []
    remembered = view
  }

  /// The client's version in the shapes of its JSON answers.
  var longVersion: String { version + "-t53a0d659a" }

  /// The text of `tailscale version --json` (recorded from 1.102.3).
  var versionJSON: String {
    let value: JSONValue = [
      "majorMinorPatch": .string(version), "short": .string(version),
      "long": .string(longVersion), "gitCommit": "53a0d659afa51835dd7a9283873cca44261454f8",
      "gitCommitTime": "2026-08-19T19:07:43Z", "cap": 142,
    ]
    return value.indented(by: "\t")
  }

  /// What a poll sends to the server.
  func report(systemHostname: String) -> ClientReport {
    let name = preferences.hostname.isEmpty ? systemHostname : preferences.hostname
    return ClientReport(
      machineKey: machineKey, nodeKey: nodeKey ?? "", hostname: name,
      advertiseRoutes: preferences.advertiseRoutes)
  }
}

/// What the client knows of itself from the server.
struct ClientView {
  var client: SimulatedClient
  /// The node the client believes to be; nil where it never joined or its node was deleted.
  var node: NodeView?
  var hostname: String
  var now: Timestamp
  /// False in a container without /dev/net/tun.
  var hasTUN: Bool

  static let domain = "tail.example.test"

  var isExpired: Bool { node?.node.isExpired(at: now) ?? false }

  var backendState: String {
    if client.nodeKey == nil || client.preferences.loggedOut { return "NeedsLogin" }
    // A client that was stopped says so before it says that its key has expired.
    guard client.preferences.wantRunning else { return "Stopped" }
    return isExpired || client.isReauthenticating ? "NeedsLogin" : "Running"
  }

  /// The text of `tailscale status --json --peers=false` (recorded from 1.102.3).
  var statusJSON: String {
    let addresses = node?.node.ipAddresses ?? []
    let isJoined = client.nodeKey != nil && !client.preferences.loggedOut
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
    add("Version", .string(client.longVersion))
    add("TUN", .bool(hasTUN))
    add("BackendState", .string(backendState))
    if client.nodeKey != nil { add("HaveNodeKey", true) }
    add("AuthURL", "")
    add("TailscaleIPs", .strings(isJoined ? addresses : [], nullWhenEmpty: true))
    add("Self", selfJSON(isJoined: isJoined))
    add("Health", .strings(health))
    add("MagicDNSSuffix", .string(isJoined ? ClientView.domain : ""))
    add(
      "CurrentTailnet",
      isJoined
        ? [
          "Name": .string(ServerURL(client.preferences.controlURL)?.host ?? ""),
          "MagicDNSSuffix": .string(ClientView.domain), "MagicDNSEnabled": true,
        ] : nil)
    for name in ["CertDomains", "ExtraRecords", "Peer"] { add(name, nil) }
    add("User", isJoined ? userJSON : nil)
    add("ClientVersion", nil)
    return JSONValue.object(members).indented(by: "  ")
  }

  var prefsJSON: String {
    client.preferences.json(
      userName: node.map { $0.user?.name ?? "tagged-devices" } ?? "", nodeID: node?.node.id
    ).indented(by: "\t")
  }

  private var userJSON: JSONValue {
    let user = node?.user ?? .taggedDevices
    let profile: JSONValue = [
      "ID": .int(user.id), "LoginName": .string(user.name), "DisplayName": .string(user.name),
    ]
    return .object([.init(String(user.id), profile)])
  }

  private var health: [String] {
    if !client.preferences.wantRunning { return ["Tailscale is stopped."] }
    return client.healthWarning.map { [$0] } ?? []
  }

  private func selfJSON(isJoined: Bool) -> JSONValue {
    let zeroKey = "nodekey:" + String(repeating: "0", count: 64)
    let zeroTime: JSONValue = "0001-01-01T00:00:00Z"
    let record = isJoined ? node?.node : nil
    let addresses = record?.ipAddresses ?? []
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
    add("ID", .string(record.map { String($0.id) } ?? ""))
    add("NodeID", .int(record?.id ?? 0))
    add("PublicKey", .string(isJoined ? client.nodeKey ?? zeroKey : zeroKey))
    add("HostName", .string(client.report(systemHostname: hostname).hostname))
    add("DNSName", .string(record.map { "\($0.givenName).\(ClientView.domain)." } ?? ""))
    add("OS", "linux")
    add("UserID", .int(isJoined ? (node?.user ?? .taggedDevices).id : 0))
    add("TailscaleIPs", .strings(addresses, nullWhenEmpty: true))
    if isJoined {
      add("AllowedIPs", .strings(addresses.map { $0 + ($0.contains(":") ? "/128" : "/32") }))
      if let tags = record?.tags, !tags.isEmpty { add("Tags", .strings(tags)) }
    }
    add("Addrs", [])
    for name in ["CurAddr", "Relay", "PeerRelay"] { add(name, "") }
    add("RxBytes", 0)
    add("TxBytes", 0)
    add("Created", record.map { .string($0.createdAt.rfc3339) } ?? zeroTime)
    for name in ["LastWrite", "LastSeen", "LastHandshake"] { add(name, zeroTime) }
    // A deleted node's client keeps its session and believes to be online (#3410).
    // One that has expired is still connected (#2033).
    add(
      "Online",
      .bool(
        client.isRunning && !client.isReauthenticating && isJoined
          && client.preferences.wantRunning))
    for name in ["ExitNode", "ExitNodeOption", "Active"] { add(name, false) }
    add("PeerAPIURL", nil)
    add("TaildropTarget", 0)
    add("NoFileSharingReason", "")
    add("InNetworkMap", .bool(isJoined))
    add("InMagicSock", false)
    add("InEngine", false)
    if isExpired, isJoined { add("Expired", true) }
    if let expiry = record?.expiry, !expiry.isZeroTime {
      add("KeyExpiry", .string(Timestamp(seconds: expiry.seconds).rfc3339))
    }
    return .object(members)
  }
}
