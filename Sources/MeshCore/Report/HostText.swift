/// What would happen to one host, as short phrases.
package enum HostText {
  package static func parts(_ host: HostPlan) -> [String] {
    if host.action == .none { return ["in sync"] }
    var parts = phrases(host)
    if parts.isEmpty { parts = ["nothing is done"] }
    if let reason = host.reason, !reason.isEmpty { parts[0] = "\(reason): \(parts[0])" }
    if host.steps.contains(.enableSSH), isDone(host) { parts[0] = firstStep(host) + parts[0] }
    if isJoin(host), !isDone(host) { parts[0] = "not done: " + parts[0] }
    return parts
  }

  /// An SSH server that refuses the login is enabled already.
  private static func firstStep(_ host: HostPlan) -> String {
    host.diagnostics.contains { $0.code == .bootstrapKeys }
      ? "let the SSH keys in, then " : "enable SSH, then "
  }

  private static func phrases(_ host: HostPlan) -> [String] {
    let parkings = host.parkings.map(words)
    let deletions = host.deletions.map(words)
    if isJoin(host) {
      // One sentence, in the order in which it is done; a tagged node goes before the login.
      let early = zip(host.deletions, deletions).filter { $0.0.reason == .untag }.map(\.1)
      let late = zip(host.deletions, deletions).filter { $0.0.reason != .untag }.map(\.1)
      return [(parkings + early + [join(host)] + late).joined(separator: ", ")]
    }
    func phrase(_ change: Change) -> String {
      let isLogin = change.attribute == .presence && change.old != nil && change.new != nil
      return words(change) + (isLogin && host.reauthenticates ? " (--force-reauth)" : "")
        + (change.blockedBy == nil ? "" : " (blocked)")
    }
    // Starting comes first, because nothing else works before.
    let starts = host.changes.filter { $0.attribute == .online }.map(phrase)
    let ready = host.changes.filter { !$0.onceProven && $0.attribute != .online }.map(phrase)
    let later = host.changes.filter { $0.onceProven && $0.attribute != .online }.map(phrase)
    let login = host.reauthenticates && isDone(host) && !isRejoin(host) ? [anew] : []
    guard let node = host.node, !later.isEmpty else {
      return starts + parkings + login + ready + later + deletions
    }
    var proven = parkings + login + later + deletions
    proven[0] = "once it proves to be #\(node.id): \(proven[0])"
    return starts + ready + proven
  }

  private static func isDone(_ host: HostPlan) -> Bool {
    ![.none, .blocked, .wait].contains(host.action)
  }

  /// True where a known host logs in again.
  private static func isRejoin(_ host: HostPlan) -> Bool {
    host.changes.contains { $0.attribute == .presence && $0.old != nil && $0.new != nil }
  }

  /// True where the host gets a node that it has not now.
  static func isJoin(_ host: HostPlan) -> Bool {
    host.changes.contains { $0.attribute == .presence && $0.old == nil && $0.new != nil }
  }

  static let anew = "log in anew (--force-reauth)"

  /// One node out of the way, for example `park #7 as win-lab-old-7`.
  package static func words(_ parking: Parking) -> String {
    let move = "park #\(parking.node.id) as \(parking.parkedName)"
    switch parking.reason {
    case .ownerChange: return move
    case .offlineHolder: return move + " (offline)"
    case .swap: return move + " (its host takes another name)"
    }
  }

  /// One deletion, for example `delete #7 (the same machine under its former owner)`.
  package static func words(_ deletion: Deletion) -> String {
    var text = "delete #\(deletion.node.id)"
    switch deletion.reason {
    case .absent, .prune: break
    case .parkedTwin: text += " (parked)"
    case .ownerChange: text += " (the same machine under its former owner)"
    case .untag: text += " first (the server keeps it tagged)"
    }
    if let code = deletion.blockedBy {
      let held = code == .guardDeletes
      return "not done: \(text) " + (held ? "(held back by max_deletes)" : "[\(code.rawValue)]")
    }
    if deletion.byAge { text += " if a second look finds it offline" }
    return text
  }

  private static func join(_ host: HostPlan) -> String {
    var words: [String] = []
    for change in host.changes {
      switch (change.attribute, change.new) {
      case (.name, .text(let name)?): words.insert("join as \(name)", at: 0)
      case (.tags, .list(let tags)?): words.append(tags.joined(separator: " "))
      case (.owner, .text(let owner)?): words.append("owner \(owner)")
      case (.approvedRoutes, .list(let routes)?):
        let forwards = host.changes.contains { $0.attribute == .ipForwarding && $0.new != nil }
        words.append(
          "routes " + routes.joined(separator: " ") + (forwards ? " with IP forwarding" : ""))
      case (.loginServer, .text(let server)?):
        words.append("server \(server)" + (mayJoinByAddress(host) ? " (or its IP)" : ""))
      case (.presence, _), (.advertisedRoutes, _), (.serverFallback, _), (.ipForwarding, _): break
      case (let attribute, let value?): words.append("\(label(attribute)) \(text(value))")
      case (_, nil): break
      }
    }
    if words.first?.hasPrefix("join") != true {
      words.insert(host.node == nil ? "join" : "join again", at: 0)
    }
    if host.reauthenticates { words.append(anew) }
    if host.os == .windows { words.append("else a person does (script, RunOnce, key for a day)") }
    if let route = host.route { words.append(route == "local" ? "this machine" : "ssh \(route)") }
    return words.joined(separator: ", ")
  }

  private static func mayJoinByAddress(_ host: HostPlan) -> Bool {
    host.changes.contains { $0.attribute == .serverFallback }
  }

  /// One change in words, for example `tags: tag:a → tag:b`.
  package static func words(_ change: Change) -> String {
    switch (change.attribute, change.old, change.new) {
    case (.online, _, _): return "offline: start it"
    case (.serverFallback, _, _): return "server: by its name or its IP"
    case (.presence, nil, _): return "join"
    case (.waitingJoin, _, _): return "remove the join script that a person has used"
    case (.presence, _, nil): return "take it off the mesh"
    case (.presence, .text(let why)?, _): return "\(why): join again"
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
    case .clientVersion: "tailscale"
    case .clientLogs: "client_logs"
    case .ipForwarding: "IP forwarding"
    case .waitingJoin: "join script"
    case .serverFallback: "server_fallback"
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
