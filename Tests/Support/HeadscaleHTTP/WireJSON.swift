import MeshCore
import MeshSimulation

/// The objects of the REST API, members in the order of the protobuf fields (recorded samples), which
/// 0.30 kept.
struct WireJSON {
  var rules: any ModeRules

  init(_ rules: any ModeRules) { self.rules = rules }

  func time(_ time: Timestamp?) -> JSONValue {
    guard let time else { return .null }
    return .string(rules.generation == .problems ? GoTime.local(time) : time.rfc3339)
  }

  /// A time that the server keeps in UTC.
  private func utc(_ time: Timestamp?) -> JSONValue {
    guard let time else { return .null }
    return .string(rules.generation == .problems ? GoTime.utc(time) : time.rfc3339)
  }

  func user(_ user: ServerUser?) -> JSONValue {
    guard let user else { return .null }
    return [
      "id": .string(String(user.id)), "name": .string(user.shownName),
      "createdAt": time(user.createdAt), "displayName": .string(user.displayName),
      "email": .string(user.email), "providerId": .string(user.providerID),
      "provider": .string(user.provider), "profilePicUrl": .string(user.pictureURL),
    ]
  }

  func preAuthKey(_ view: KeyView?) -> JSONValue {
    guard let view else { return .null }
    let key = view.key
    return [
      "user": user(view.user), "id": .string(String(key.id)), "key": .string(view.text),
      "reusable": .bool(key.reusable), "ephemeral": .bool(key.ephemeral),
      "used": .bool(key.used), "expiration": utc(key.expiration),
      "createdAt": utc(key.createdAt), "aclTags": .strings(key.tags),
    ]
  }

  func apiKey(_ key: ServerKey) -> JSONValue {
    let prefix =
      switch rules.keyForm {
      case .plain: key.prefix
      case .base64URL, .hex:
        key.prefix.count == 12 ? "hskey-api-\(key.prefix)-***" : key.prefix + "***"
      }
    return [
      "id": .string(String(key.id)), "prefix": .string(prefix),
      "expiration": utc(key.expiration), "createdAt": utc(key.createdAt), "lastSeen": nil,
    ]
  }

  func node(_ view: NodeView) -> JSONValue {
    let node = view.node
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
    add("id", .string(String(node.id)))
    add("machineKey", .string(node.machineKey))
    add("nodeKey", .string(node.nodeKey))
    add("discoKey", .string(node.discoKey))
    add("ipAddresses", .strings(node.ipAddresses))
    add("name", .string(node.hostname))
    add("user", user(view.user))
    add("lastSeen", time(node.lastSeen))
    add("expiry", time(node.expiry))
    add("preAuthKey", preAuthKey(view.preAuthKey))
    add("createdAt", time(node.createdAt))
    add("registerMethod", "REGISTER_METHOD_AUTH_KEY")
    if !rules.tagsAreIdentity {
      add("forcedTags", .strings(node.tags))
      add("invalidTags", [])
      add("validTags", .strings(view.isListed ? node.tags : []))
    }
    add("givenName", .string(node.givenName))
    add("online", .bool(view.online))
    add("approvedRoutes", .strings(node.approvedRoutes))
    add("availableRoutes", .strings(node.availableRoutes))
    add("subnetRoutes", .strings(view.subnetRoutes))
    if rules.tagsAreIdentity { add("tags", .strings(node.tags)) }
    return .object(members)
  }

  func policy(_ policy: SimulatedHeadscale.Policy) -> JSONValue {
    ["policy": .string(policy.text), "updatedAt": time(policy.updatedAt)]
  }

  /// What `/version` and `headscale version -o json` say; `named` stands in for the version.
  func version(named: String? = nil) -> JSONValue {
    let version = JSONValue.string(named ?? "v" + rules.version)
    guard rules.hasVersionPage else {
      return ["commit": .string(rules.commit), "version": version]
    }
    let go: JSONValue = ["version": .string(rules.goVersion), "os": "linux", "arch": "amd64"]
    return [
      "version": version, "commit": .string(rules.commit), "buildTime": .string(rules.buildTime),
      "go": go, "dirty": false,
    ]
  }
}

/// Times as Go's `encoding/json` writes them: 0 to 9 fraction digits, and the offset of where the
/// server stands.
enum GoTime {
  /// Two hours east, so that nobody takes every time for UTC.
  private static let offset: Int64 = 7200

  static func utc(_ time: Timestamp) -> String {
    var text = Timestamp(seconds: time.seconds).rfc3339.dropLast()
    if time.nanoseconds != 0 {
      let digits = String(time.nanoseconds)
      var fraction = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
      while fraction.hasSuffix("0") { fraction.removeLast() }
      text += "." + fraction
    }
    return text + "Z"
  }

  static func local(_ time: Timestamp) -> String {
    guard !time.isZeroTime else { return utc(time) }
    return utc(time.adding(seconds: offset)).dropLast() + "+02:00"
  }
}
