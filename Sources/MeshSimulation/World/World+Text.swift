package import MeshCore

extension World {
  /// Reads a world file; what it does not know is refused with its path.
  ///
  /// - Throws: `MESH-SIM-WORLD-FILE`.
  package init(parsing text: String) throws(Failure) {
    let root: JSONValue
    do {
      root = try JSONReader.read(text)
    } catch {
      throw WorldReader.problem(
        "", "is not JSON: line \(error.line), column \(error.column): \(error.message)")
    }
    var reader = try WorldReader(root, path: "")
    guard try reader.required("format") == World.format else {
      throw WorldReader.problem("format", "has to be \"\(World.format)\"")
    }
    guard try reader.requiredInteger("version") == World.version else {
      throw WorldReader.problem("version", "has to be \(World.version); another meshctl wrote it")
    }
    let time = try reader.requiredTime("time")
    let seed = try reader.integer("seed") ?? 1
    var server = try WorldReader(reader.value("server") ?? [:], path: "server")
    self.init(
      mode: try server.choice("mode", of: Mode.self, default: .v0_29), time: time,
      seed: UInt64(max(0, seed)))
    serverAddresses = try server.texts("addresses", default: World.defaultAddresses)
    try readServer(&server)
    try server.finish()
    if var entries = try reader.object("hosts") {
      for (name, var host) in try entries.entries() {
        hosts[name] = try SimulatedHost(reading: &host, named: name)
        try host.finish()
      }
    }
    try reader.finish()
  }

  private mutating func readServer(_ reader: inout WorldReader) throws(Failure) {
    for var user in try reader.objects("users") {
      users.append(try ServerUser(reading: &user))
      try user.finish()
    }
    for var node in try reader.objects("nodes") {
      nodes.append(try ServerNode(reading: &node))
      try node.finish()
    }
    for var key in try reader.objects("preAuthKeys") {
      preAuthKeys.append(try ServerKey(reading: &key))
      try key.finish()
    }
    lastNodeID = try reader.integer("lastNodeID") ?? nodes.map(\.id).max() ?? 0
    if var policy = try reader.object("policy") {
      self.policy = SimulatedHeadscale.Policy(
        text: try policy.required("text"), updatedAt: try policy.requiredTime("updatedAt"))
      try policy.finish()
    }
    guard Set(nodes.map(\.id)).count == nodes.count else {
      throw WorldReader.problem("server.nodes", "has two nodes with one id")
    }
    guard Set(users.map(\.id)).count == users.count else {
      throw WorldReader.problem("server.users", "has two users with one id")
    }
  }

  /// The file's text: keys sorted, two spaces a level, one final line feed; the same world gives the
  /// same bytes.
  package var text: String {
    let server: JSONValue = [
      "addresses": .strings(serverAddresses), "lastNodeID": .int(lastNodeID),
      "mode": .string(mode.rawValue),
      "nodes": .array(nodes.map(\.worldJSON)),
      "policy": policy.map {
        ["text": .string($0.text), "updatedAt": .string($0.updatedAt.rfc3339)]
      } ?? .null,
      "preAuthKeys": .array(preAuthKeys.map(\.worldJSON)),
      "users": .array(users.map(\.worldJSON)),
    ]
    let hosts = self.hosts.map { JSONValue.Member($0.key, $0.value.worldJSON) }
    let root: JSONValue = [
      "format": .string(World.format), "hosts": .object(hosts),
      "seed": .number(String(seed)), "server": server, "time": .string(time.rfc3339),
      "version": .int(World.version),
    ]
    return root.sortedByName.indented(by: "  ") + "\n"
  }
}

extension JSONValue {
  /// The value with the members of every object in the order of their names.
  package var sortedByName: JSONValue {
    switch self {
    case .array(let values): .array(values.map(\.sortedByName))
    case .object(let members):
      .object(
        members.map { Member($0.name, $0.value.sortedByName) }.sorted { $0.name < $1.name })
    default: self
    }
  }
}
