import MeshCore
import MeshSimulation

/// The objects of the REST API, members in the order of the protobuf fields (recorded samples).
enum WireJSON {
  static func time(_ time: Timestamp?) -> JSONValue {
    time.map { .string($0.rfc3339) } ?? .null
  }

  static func user(_ user: ServerUser?) -> JSONValue {
    guard let user else { return .null }
    return [
      "id": .string(String(user.id)), "name": .string(user.shownName),
      "createdAt": time(user.createdAt), "displayName": .string(user.displayName),
      "email": .string(user.email), "providerId": .string(user.providerID),
      "provider": .string(user.provider), "profilePicUrl": .string(user.pictureURL),
    ]
  }

  static func preAuthKey(_ view: KeyView?) -> JSONValue {
    guard let view else { return .null }
    let key = view.key
    return [
      "user": user(view.user), "id": .string(String(key.id)), "key": .string(view.text),
      "reusable": .bool(key.reusable), "ephemeral": .bool(key.ephemeral),
      "used": .bool(key.used), "expiration": time(key.expiration),
      "createdAt": time(key.createdAt), "aclTags": .strings(key.tags),
    ]
  }

  static func apiKey(_ key: ServerKey) -> JSONValue {
    [
      "id": .string(String(key.id)), "prefix": .string("hskey-api-\(key.prefix)-***"),
      "expiration": time(key.expiration), "createdAt": time(key.createdAt), "lastSeen": nil,
    ]
  }

  static func node(_ view: NodeView) -> JSONValue {
    let node = view.node
    return [
      "id": .string(String(node.id)), "machineKey": .string(node.machineKey),
      "nodeKey": .string(node.nodeKey), "discoKey": .string(node.discoKey),
      "ipAddresses": .strings(node.ipAddresses), "name": .string(node.hostname),
      "user": user(view.user), "lastSeen": time(node.lastSeen), "expiry": time(node.expiry),
      "preAuthKey": preAuthKey(view.preAuthKey), "createdAt": time(node.createdAt),
      "registerMethod": "REGISTER_METHOD_AUTH_KEY", "givenName": .string(node.givenName),
      "online": .bool(view.online), "approvedRoutes": .strings(node.approvedRoutes),
      "availableRoutes": .strings(node.availableRoutes),
      "subnetRoutes": .strings(view.subnetRoutes), "tags": .strings(node.tags),
    ]
  }

  static func policy(_ policy: SimulatedHeadscale.Policy) -> JSONValue {
    ["policy": .string(policy.text), "updatedAt": time(policy.updatedAt)]
  }

  static func version(_ rules: any ModeRules) -> JSONValue {
    let go: JSONValue = ["version": .string(rules.goVersion), "os": "linux", "arch": "amd64"]
    return [
      "version": .string("v" + rules.version), "commit": .string(rules.commit),
      "buildTime": .string(rules.buildTime), "go": go, "dirty": false,
    ]
  }
}
