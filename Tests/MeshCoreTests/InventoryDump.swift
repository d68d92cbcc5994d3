import MeshCore

/// An inventory as text, for goldens: what differs from a bare host, one line an attribute.
enum InventoryDump {
  static func text(_ inventory: Inventory) -> String {
    var lines = ["server.url \(inventory.server.url.normalized)"]
    if case .rest(let url) = inventory.server.api.access {
      lines.append("server.api rest \(url?.normalized ?? "at server.url")")
    } else {
      lines.append("server.api \(inventory.server.api.access)")
    }
    if let key = inventory.server.api.key { lines.append("server.api.key \(key)") }
    if let file = inventory.server.api.caFile { lines.append("server.api.ca_file \(file)") }
    if let owner = inventory.server.keyOwner { lines.append("server.key_owner \(owner)") }
    let guards = inventory.guards
    lines.append("guards deletes=\(guards.maxDeletes) changes=\(guards.maxChanges)")
    lines.append(
      "guards offline=\(guards.offlineAfter) prune=\(guards.pruneAfter) "
        + "confirm=\(guards.confirmAfter) ignore=\(guards.ignore)")
    lines.append("groups \(inventory.groups)")
    for host in inventory.hosts { lines += ["", "host \(host.key)"] + attributes(host) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func attributes(_ host: Host) -> [String] {
    let bare = Host(key: host.key, mark: host.mark)
    var lines = ["  \(host.os.rawValue) \(host.connection.rawValue) \(host.address):\(host.port)"]
    func add(_ name: String, _ value: Any?) {
      if let value { lines.append("  \(name) \(value)") }
    }
    add("name", host.name == bare.name ? nil : host.name)
    add("server_url", host.serverURL?.normalized)
    add("server_fallback", host.serverFallback == .none ? nil : host.serverFallback)
    add("ssh.user", host.ssh.user)
    add("ssh.identity_file", host.ssh.identityFile)
    add("ssh.jump", host.ssh.jump)
    add("ssh.host_key", host.ssh.hostKey)
    add("ssh.connect_timeout", host.ssh.connectTimeout)
    add("become.method", host.become.method == .auto ? nil : host.become.method)
    add("become.password", host.become.password)
    add("ownership", host.ownership)
    add("machine_key", host.machineKey)
    add("routes", host.routes.map { $0.map(\.description) })
    add("exit_node", host.exitNode)
    add("accept_routes", host.preferences.acceptRoutes)
    add("accept_dns", host.preferences.acceptDNS)
    add("tailscale_ssh", host.preferences.tailscaleSSH)
    add("shields_up", host.preferences.shieldsUp)
    add("operator", host.preferences.operatorUser)
    add("tailscale", host.tailscale == bare.tailscale ? nil : host.tailscale)
    add("expiry", host.expiry == .keep ? nil : host.expiry)
    add("client_logs", host.clientLogs == .keep ? nil : host.clientLogs)
    add("aliases", host.aliases.isEmpty ? nil : host.aliases)
    add("state", host.state == .present ? nil : host.state)
    add("protect", host.protect ? true : nil)
    add("offline", host.offline == .repair ? nil : host.offline)
    add("bootstrap.oem_dir", host.bootstrap.oemDir)
    add("bootstrap.authorized_keys", host.bootstrap.authorizedKeys)
    add("bootstrap.command", host.bootstrap.command)
    add("expect", host.expect.isEmpty ? nil : host.expect)
    add("groups", host.groups.isEmpty ? nil : host.groups)
    return lines
  }
}
