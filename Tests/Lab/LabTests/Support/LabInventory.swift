import Foundation

/// An inventory of the lab, made of settings in YAML's flow style.
struct LabInventory: Sendable {
  struct Host: Sendable {
    var name: String
    var settings: [String: String]
  }

  var server: [String: String]
  var guards: [String: String] = ["offline_after": "0s"]
  var defaults: [String: String]
  var hosts: [Host]

  /// alpha: sudo asks for a password; beta: it does not; gamma: root.
  static func standard(_ lab: Lab) throws -> LabInventory {
    LabInventory(
      server: [
        "url": lab.description.server.url,
        "api": "{key: {file: \(lab.description.server.apiKeyFile)}}",
      ],
      defaults: ["os": "linux", "tailscale": "{mirror: \(lab.description.mirror.url)}"],
      hosts: [
        try host(
          "alpha", of: lab, user: "pat",
          [
            "become": "{password: {file: \(lab.description.patPasswordFile)}}",
            "tags": "[tag:server]", "routes": "[10.77.0.0/24]",
          ]),
        try host(
          "beta", of: lab, user: "ops",
          ["owner": "lab", "routes": "[10.78.0.0/24]", "accept_routes": "false"]),
        try host("gamma", of: lab, user: "root", ["owner": "lab"]),
      ])
  }

  /// One host that joins as the lab's user.
  static func single(
    _ name: String, of lab: Lab, user: String = "ops", _ settings: [String: String] = [:]
  ) throws -> LabInventory {
    var inventory = try standard(lab)
    let all = ["owner": lab.description.server.user].merging(settings) { $1 }
    inventory.hosts = [try host(name, of: lab, user: user, all)]
    return inventory
  }

  /// A host with its key pinned, so that no known_hosts file matters.
  static func host(
    _ name: String, of lab: Lab, user: String, _ settings: [String: String]
  ) throws -> Host {
    var all = settings
    all["address"] = lab.description.hosts[name]?.address ?? "?"
    all["ssh"] = ssh(user: user, key: try lab.hostKey(name), lab)
    return Host(name: name, settings: all)
  }

  static func ssh(user: String, key: String?, _ lab: Lab, _ more: String = "") -> String {
    var settings = ["user: \(user)", "identity_file: \(lab.description.ssh.identityFile)"]
    if let key { settings.append("host_key: \"\(key)\"") }
    if !more.isEmpty { settings.append(more) }
    return "{" + settings.joined(separator: ", ") + "}"
  }

  /// The settings of one host; reading an unknown host gives none.
  subscript(host: String) -> [String: String] {
    get { hosts.first { $0.name == host }?.settings ?? [:] }
    set {
      for index in hosts.indices where hosts[index].name == host {
        hosts[index].settings = newValue
      }
    }
  }

  /// Only these hosts.
  func only(_ names: String...) -> LabInventory {
    var copy = self
    copy.hosts.removeAll { !names.contains($0.name) }
    return copy
  }

  var text: String {
    func block(_ settings: [String: String], _ indent: String) -> String {
      settings.sorted { $0.key < $1.key }.map { "\(indent)\($0.key): \($0.value)\n" }.joined()
    }
    var text = "version: 1\nserver:\n" + block(server, "  ") + "guards:\n" + block(guards, "  ")
    text += "defaults:\n" + block(defaults, "  ") + "hosts:\n"
    for host in hosts { text += "  \(host.name):\n" + block(host.settings, "    ") }
    return text
  }

  /// Writes it where the lab keeps its files.
  func written(in lab: Lab) throws -> String {
    let path = lab.work("files/inventory.yaml")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
