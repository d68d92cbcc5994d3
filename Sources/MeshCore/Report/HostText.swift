/// What would happen to one host, as short phrases.
package enum HostText {
  static func parts(_ host: HostPlan) -> [String] {
    if host.action == .none { return ["in sync"] }
    guard !host.changes.isEmpty else { return ["nothing is done"] }
    if host.changes.contains(where: { $0.attribute == .presence && $0.old == nil }) {
      return [(host.action == .join ? "" : "not done: ") + join(host)]
    }
    // Starting comes first, because nothing else works before.
    let starts = host.changes.filter { $0.attribute == .online }.map(phrase)
    let ready = host.changes.filter { !$0.onceProven && $0.attribute != .online }.map(phrase)
    var later = host.changes.filter(\.onceProven).map(phrase)
    if let node = host.node, let first = later.first {
      later[0] = "once it proves to be #\(node.id): \(first)"
    }
    return starts + ready + later
  }

  private static func join(_ host: HostPlan) -> String {
    var words: [String] = []
    for change in host.changes {
      switch (change.attribute, change.new) {
      case (.name, .text(let name)?): words.insert("join as \(name)", at: 0)
      case (.tags, .list(let tags)?): words.append(tags.joined(separator: " "))
      case (.owner, .text(let owner)?): words.append("owner \(owner)")
      case (.approvedRoutes, .list(let routes)?):
        words.append("routes " + routes.joined(separator: " "))
      case (.presence, _), (.advertisedRoutes, _): break
      case (let attribute, let value?): words.append("\(label(attribute)) \(text(value))")
      case (_, nil): break
      }
    }
    if words.first?.hasPrefix("join") != true {
      words.insert(host.node == nil ? "join" : "join again", at: 0)
    }
    if let route = host.route { words.append(route == "local" ? "this machine" : "ssh \(route)") }
    return words.joined(separator: ", ")
  }

  private static func phrase(_ change: Change) -> String {
    words(change) + (change.blockedBy == nil ? "" : " (blocked)")
  }

  /// One change in words, for example `tags: tag:a → tag:b`.
  package static func words(_ change: Change) -> String {
    switch (change.attribute, change.old, change.new) {
    case (.online, _, _): return "offline: start it"
    case (.presence, nil, _): return "join"
    case (.presence, _, nil): return "take it off the mesh"
    case (.expiry, .text(let old)?, nil) where change.blockedBy == .keyExpired:
      return "expired \(old)"
    case (.expiry, .text(let old)?, nil): return "expiry: \(old) → never"
    case (.owner, let old?, nil): return "owner: \(text(old)) → its tags"
    case (.advertisedRoutes, .list(let old)?, .list(let new)?),
      (.approvedRoutes, .list(let old)?, .list(let new)?):
      return label(change.attribute) + ": " + difference(old, new)
    default:
      return label(change.attribute) + ": \(change.old.map(text) ?? "none") → "
        + (change.new.map(text) ?? "none")
    }
  }

  private static func difference(_ old: [String], _ new: [String]) -> String {
    let added = new.filter { !old.contains($0) }.map { "+ \($0)" }
    let removed = old.filter { !new.contains($0) }.map { "- \($0)" }
    return (added + removed).joined(separator: " ")
  }

  static func label(_ attribute: Change.Attribute) -> String {
    switch attribute {
    case .presence: "presence"
    case .online: "online"
    case .owner: "owner"
    case .tags: "tags"
    case .name: "name"
    case .advertisedRoutes: "routes advertised"
    case .approvedRoutes: "routes approved"
    case .acceptRoutes: "accept_routes"
    case .acceptDNS: "accept_dns"
    case .tailscaleSSH: "tailscale_ssh"
    case .shieldsUp: "shields_up"
    case .operatorUser: "operator"
    case .loginServer: "server"
    case .expiry: "expiry"
    }
  }

  private static func text(_ value: Change.Value) -> String {
    switch value {
    case .text(let text): text.isEmpty ? "none" : text
    case .list(let list): list.isEmpty ? "none" : list.joined(separator: ", ")
    case .flag(let flag): flag ? "on" : "off"
    }
  }
}
