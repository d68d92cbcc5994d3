import MeshCore

extension SimulatedDesktop {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init()
    joinOverSSH = try reader.choice(
      "joinOverSSH", of: JoinOverSSH.self, default: joinOverSSH)
    keys = try reader.choice("keys", of: Keys.self, default: keys)
    loggedOn = try reader.text("loggedOn")
    taskJoins = try reader.flag("taskJoins", default: false)
    personActs = try reader.flag("personActs", default: false)
    packageUnreachable = try reader.flag("packageUnreachable", default: false)
    storeCertificateFails = try reader.flag("storeCertificateFails", default: false)
  }

  var worldJSON: JSONValue {
    [
      "joinOverSSH": .string(joinOverSSH.rawValue), "keys": .string(keys.rawValue),
      "loggedOn": .text(loggedOn),
      "taskJoins": .bool(taskJoins), "personActs": .bool(personActs),
      "packageUnreachable": .bool(packageUnreachable),
      "storeCertificateFails": .bool(storeCertificateFails),
    ]
  }
}

extension SimulatedHandOver {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init(
      keyID: try reader.required("keyID"), expires: try reader.required("expires"),
      url: try reader.required("url"), arguments: try reader.texts("arguments"),
      result: try reader.text("result"))
  }

  var worldJSON: JSONValue {
    [
      "keyID": .string(keyID), "expires": .string(expires), "url": .string(url),
      "arguments": .strings(arguments), "result": .text(result),
    ]
  }
}
