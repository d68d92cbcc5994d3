import MeshCore

extension SimulatedHost {
  init(reading reader: inout WorldReader, named name: String) throws(Failure) {
    self.init(hostname: try reader.text("hostname") ?? name)
    loginUser = try reader.text("loginUser") ?? loginUser
    privilege = try reader.choice("privilege", of: Privilege.self, default: privilege)
    hasRootRule = try reader.flag("rootRule", default: false)
    operatorNote = try reader.texts("operatorNote")
    preparedKeys = try reader.texts("preparedKeys")
    if var reader = try reader.object("distribution") {
      distribution = Distribution(
        id: try reader.required("id"), version: try reader.required("version"),
        codename: try reader.text("codename") ?? "", name: try reader.text("name") ?? "Linux",
        like: try reader.texts("like"))
      try reader.finish()
    }
    architecture = try reader.text("architecture") ?? architecture
    initSystem = try reader.choice("init", of: InitSystem.self, default: initSystem)
    packageManagers = try reader.texts("packageManagers", default: packageManagers)
    hasTUN = try reader.flag("tun", default: hasTUN)
    isWSL = try reader.flag("wsl", default: isWSL)
    tools = try reader.texts("tools", default: tools)
    repositoryVersion = try reader.text("repositoryVersion") ?? repositoryVersion
    listens = try reader.flag("ssh", default: listens)
    bootstrapWorks = try reader.flag("bootstrapWorks", default: bootstrapWorks)
    forwarding = try reader.texts("forwarding", default: forwarding)
    clientLogsOff = try reader.flag("clientLogsOff", default: clientLogsOff)
    if var reader = try reader.object("client") {
      client = try SimulatedClient(reading: &reader)
      try reader.finish()
    }
    if var reader = try reader.object("desktop") {
      desktop = try SimulatedDesktop(reading: &reader)
      try reader.finish()
    }
    if var reader = try reader.object("handOver") {
      handOver = try SimulatedHandOver(reading: &reader)
      try reader.finish()
    }
    if var reader = try reader.object("faults") {
      faults = try HostFaults(reading: &reader)
      try reader.finish()
    }
  }

  var worldJSON: JSONValue {
    let distribution: JSONValue = [
      "id": .string(self.distribution.id), "version": .string(self.distribution.version),
      "codename": .string(self.distribution.codename), "name": .string(self.distribution.name),
      "like": .strings(self.distribution.like),
    ]
    return [
      "hostname": .string(hostname), "loginUser": .string(loginUser),
      "privilege": .string(privilege.rawValue), "rootRule": .bool(hasRootRule),
      "operatorNote": .strings(operatorNote), "preparedKeys": .strings(preparedKeys),
      "distribution": distribution,
      "architecture": .string(architecture), "init": .string(initSystem.rawValue),
      "packageManagers": .strings(packageManagers), "tun": .bool(hasTUN), "wsl": .bool(isWSL),
      "tools": .strings(tools), "repositoryVersion": .string(repositoryVersion),
      "forwarding": .strings(forwarding), "clientLogsOff": .bool(clientLogsOff),
      "client": client?.worldJSON ?? .null, "faults": faults.worldJSON,
      "desktop": desktop.worldJSON, "handOver": handOver?.worldJSON ?? .null,
      "ssh": .bool(listens), "bootstrapWorks": .bool(bootstrapWorks),
    ]
  }
}

extension SimulatedClient {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init(
      version: try reader.text("version") ?? "1.102.3",
      isRunning: try reader.flag("running", default: true),
      machineKey: try reader.required("machineKey"))
    nodeKey = try reader.text("nodeKey")
    registeredURL = try reader.text("registeredURL")
    rememberedRefusal = try reader.text("rememberedRefusal")
    healthWarning = try reader.text("healthWarning")
    isReauthenticating = try reader.flag("reauthenticating", default: false)
    if var reader = try reader.object("remembered") {
      remembered = try NodeView(reading: &reader)
      try reader.finish()
    }
    if var reader = try reader.object("preferences") {
      preferences = try SimulatedPreferences(reading: &reader)
      try reader.finish()
    }
  }

  var worldJSON: JSONValue {
    [
      "version": .string(version), "running": .bool(isRunning),
      "machineKey": .string(machineKey), "nodeKey": .text(nodeKey),
      "registeredURL": .text(registeredURL), "rememberedRefusal": .text(rememberedRefusal),
      "healthWarning": .text(healthWarning), "reauthenticating": .bool(isReauthenticating),
      "remembered": remembered?.worldJSON ?? .null, "preferences": preferences.worldJSON,
    ]
  }
}

extension NodeView {
  /// What a client remembers; it knows no keys.
  init(reading reader: inout WorldReader) throws(Failure) {
    guard var node = try reader.object("node") else {
      throw WorldReader.problem(reader.path(of: "node"), "is missing")
    }
    self.init(
      node: try ServerNode(reading: &node), user: nil, preAuthKey: nil, online: false,
      subnetRoutes: [])
    try node.finish()
    if var reader = try reader.object("user") {
      user = try ServerUser(reading: &reader)
      try reader.finish()
    }
  }

  var worldJSON: JSONValue { ["node": node.worldJSON, "user": user?.worldJSON ?? .null] }
}

extension SimulatedPreferences {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init()
    controlURL = try reader.text("controlURL") ?? controlURL
    hostname = try reader.text("hostname") ?? hostname
    acceptRoutes = try reader.flag("acceptRoutes", default: acceptRoutes)
    acceptDNS = try reader.flag("acceptDNS", default: acceptDNS)
    ssh = try reader.flag("ssh", default: ssh)
    shieldsUp = try reader.flag("shieldsUp", default: shieldsUp)
    operatorUser = try reader.text("operatorUser") ?? operatorUser
    advertiseRoutes = try reader.texts("advertiseRoutes")
    advertiseTags = try reader.texts("advertiseTags")
    exitNodeIP = try reader.text("exitNodeIP") ?? exitNodeIP
    exitNodeAllowLANAccess = try reader.flag("exitNodeAllowLANAccess", default: false)
    snatSubnetRoutes = try reader.flag("snatSubnetRoutes", default: snatSubnetRoutes)
    statefulFiltering = try reader.flag("statefulFiltering", default: statefulFiltering)
    netfilterMode = try reader.integer("netfilterMode") ?? netfilterMode
    webClient = try reader.flag("webClient", default: webClient)
    autoUpdateCheck = try reader.flag("autoUpdateCheck", default: autoUpdateCheck)
    autoUpdateApply = try reader.optional("autoUpdateApply", "true or false") { $0.boolean }
    wantRunning = try reader.flag("wantRunning", default: wantRunning)
    loggedOut = try reader.flag("loggedOut", default: loggedOut)
  }

  var worldJSON: JSONValue {
    [
      "controlURL": .string(controlURL), "hostname": .string(hostname),
      "acceptRoutes": .bool(acceptRoutes), "acceptDNS": .bool(acceptDNS), "ssh": .bool(ssh),
      "shieldsUp": .bool(shieldsUp), "operatorUser": .string(operatorUser),
      "advertiseRoutes": .strings(advertiseRoutes), "advertiseTags": .strings(advertiseTags),
      "exitNodeIP": .string(exitNodeIP),
      "exitNodeAllowLANAccess": .bool(exitNodeAllowLANAccess),
      "snatSubnetRoutes": .bool(snatSubnetRoutes),
      "statefulFiltering": .bool(statefulFiltering), "netfilterMode": .int(netfilterMode),
      "webClient": .bool(webClient), "autoUpdateCheck": .bool(autoUpdateCheck),
      "autoUpdateApply": autoUpdateApply.map { .bool($0) } ?? .null,
      "wantRunning": .bool(wantRunning), "loggedOut": .bool(loggedOut),
    ]
  }
}

extension HostFaults {
  init(reading reader: inout WorldReader) throws(Failure) {
    self.init()
    unreachable = try reader.flag("unreachable", default: false)
    wrongSudoPassword = try reader.flag("wrongSudoPassword", default: false)
    unresolvable = try reader.texts("unresolvable")
    refused = try reader.texts("refused")
    unreachablePeers = try reader.texts("unreachablePeers")
    relayedPeers = try reader.texts("relayedPeers")
    installFailsAt = try reader.text("installFailsAt")
    joinTimesOut = try reader.flag("joinTimesOut", default: false)
    diesDuring = try reader.optional("diesDuring", "the name of a script") {
      $0.text.flatMap(ScriptName.init(rawValue:))
    }
  }

  var worldJSON: JSONValue {
    [
      "unreachable": .bool(unreachable), "wrongSudoPassword": .bool(wrongSudoPassword),
      "unresolvable": .strings(unresolvable), "refused": .strings(refused),
      "unreachablePeers": .strings(unreachablePeers), "relayedPeers": .strings(relayedPeers),
      "installFailsAt": .text(installFailsAt), "joinTimesOut": .bool(joinTimesOut),
      "diesDuring": .text(diesDuring?.rawValue),
    ]
  }
}
