package import MeshCore

extension JSONValue {
  /// A time or `null`.
  package static func time(_ time: Timestamp?) -> JSONValue {
    time.map { .string($0.rfc3339) } ?? .null
  }

  /// A number or `null`.
  static func number(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }

  /// A string or `null`.
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}

extension ServerUser {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init(
      id: try reader.requiredInteger("id"), name: try reader.required("name"),
      createdAt: try reader.time("createdAt") ?? .goZero)
    displayName = try reader.text("displayName") ?? ""
    email = try reader.text("email") ?? ""
    providerID = try reader.text("providerID") ?? ""
    provider = try reader.text("provider") ?? ""
    pictureURL = try reader.text("pictureURL") ?? ""
  }

  var worldJSON: JSONValue {
    [
      "id": .int(id), "name": .string(name), "createdAt": .time(createdAt),
      "displayName": .string(displayName), "email": .string(email),
      "providerID": .string(providerID), "provider": .string(provider),
      "pictureURL": .string(pictureURL),
    ]
  }
}

extension ServerNode {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init(
      id: try reader.requiredInteger("id"), machineKey: try reader.required("machineKey"),
      nodeKey: try reader.required("nodeKey"), discoKey: try reader.text("discoKey") ?? "",
      ipAddresses: try reader.texts("ipAddresses"), hostname: try reader.required("hostname"),
      givenName: try reader.required("givenName"),
      createdAt: try reader.time("createdAt") ?? .goZero)
    userID = try reader.integer("userID")
    tags = try reader.texts("tags")
    lastSeen = try reader.time("lastSeen")
    expiry = try reader.time("expiry")
    authKeyID = try reader.integer("authKeyID")
    approvedRoutes = try reader.texts("approvedRoutes")
    availableRoutes = try reader.texts("availableRoutes")
    presence = try reader.flag("online", default: false) ? .connected : .offline
    if var reader = try reader.object("saved") {
      savedExpiry = SavedExpiry(at: try reader.time("expiry"))
      try reader.finish()
    }
  }

  var worldJSON: JSONValue {
    [
      "id": .int(id), "machineKey": .string(machineKey), "nodeKey": .string(nodeKey),
      "discoKey": .string(discoKey), "ipAddresses": .strings(ipAddresses),
      "hostname": .string(hostname), "givenName": .string(givenName), "userID": .number(userID),
      "tags": .strings(tags), "lastSeen": .time(lastSeen), "expiry": .time(expiry),
      "authKeyID": .number(authKeyID), "createdAt": .time(createdAt),
      "approvedRoutes": .strings(approvedRoutes), "availableRoutes": .strings(availableRoutes),
      "online": .bool(presence != .offline),
      "saved": savedExpiry.map { ["expiry": .time($0.at)] } ?? .null,
    ]
  }
}

extension ServerKey {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init(
      id: try reader.requiredInteger("id"), prefix: try reader.required("prefix"), secret: nil,
      expiration: try reader.requiredTime("expiration"),
      createdAt: try reader.time("createdAt") ?? .goZero)
    userID = try reader.integer("userID")
    reusable = try reader.flag("reusable", default: false)
    ephemeral = try reader.flag("ephemeral", default: false)
    used = try reader.flag("used", default: false)
    tags = try reader.texts("tags")
  }

  var worldJSON: JSONValue {
    [
      "id": .int(id), "prefix": .string(prefix), "expiration": .time(expiration),
      "createdAt": .time(createdAt), "userID": .number(userID), "reusable": .bool(reusable),
      "ephemeral": .bool(ephemeral), "used": .bool(used), "tags": .strings(tags),
    ]
  }
}
