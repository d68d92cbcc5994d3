/// Holds what a saved plan promised against what would be done now.
///
/// Compared is what would be done to every host and node that either plan touches: action, node id
/// and key, the changes that may be done (old and new), parkings, deletions, users to create. How sure
/// an identity is, foreseen steps and what was not compared may move freely, because apply probes and
/// a plan may not have; only that SSH is enabled has to have been shown, since it opens the host and
/// may run a command here.
package enum SavedPlanComparison {
  /// What moved, in words, one line a host, node or user; empty where the promise holds.
  ///
  /// Outside text in the lines is escaped.
  package static func differences(saved: Plan, now: Plan) -> [String] {
    var lines: [String] = []
    if saved.server.url != now.server.url {
      lines.append("the server was \(saved.server.url), now \(now.server.url)")
    }
    lines += users(saved.usersToCreate, now.usersToCreate)
    let old = byName(saved)
    let new = byName(now)
    for host in saved.hosts {
      guard let words = moved(host, new[host.name]) else { continue }
      lines.append("\(host.name): \(words)")
    }
    for host in now.hosts where old[host.name] == nil && isTouched(host) {
      lines.append("\(host.name): was not in the plan, now \(words(host))")
    }
    lines += deletions(saved, now)
    return lines.map(VisibleText.escaped)
  }

  private static func byName(_ plan: Plan) -> [String: HostPlan] {
    Dictionary(plan.hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether anything would be done to the host or for it.
  static func isTouched(_ host: HostPlan) -> Bool {
    switch host.action {
    case .none, .blocked, .wait: false
    case .join, .change, .replace, .remove:
      !host.doable.isEmpty || !host.parkings.isEmpty || !doable(host.deletions).isEmpty
        || host.reauthenticates
    }
  }

  private static func doable(_ deletions: [Deletion]) -> [Deletion] {
    deletions.filter { $0.blockedBy == nil }
  }

  // MARK: Hosts

  private static func moved(_ saved: HostPlan, _ now: HostPlan?) -> String? {
    let wasTouched = isTouched(saved)
    guard let now else { return wasTouched ? "\(words(saved)) was planned, now it is gone" : nil }
    guard wasTouched || isTouched(now) else { return nil }
    guard saved.action == now.action else { return "was \(words(saved)), now \(words(now))" }
    let parts =
      node(saved, now) + changes(saved.doable, now.doable)
      + sets(saved.parkings, now.parkings) { HostText.words($0) }
      + sets(doable(saved.deletions), doable(now.deletions)) { HostText.words($0) }
      + login(saved.reauthenticates, now.reauthenticates) + owner(saved.joinAs, now.joinAs)
      + enabling(saved, now)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private static func enabling(_ saved: HostPlan, _ now: HostPlan) -> [String] {
    guard now.steps.contains(.enableSSH), !saved.steps.contains(.enableSSH) else { return [] }
    return ["SSH does not answer now and would be enabled first, which was not planned"]
  }

  private static func words(_ host: HostPlan) -> String {
    switch host.action {
    case .none: return "in sync"
    case .join: return "to join"
    case .change: return "to change"
    case .replace: return "to be replaced"
    case .remove: return "to be removed"
    case .wait, .blocked:
      let why = host.diagnostics.first { $0.severity == .error }?.message
      let state = host.action == .wait ? "waiting for a person" : "blocked"
      return why.map { "\(state): \($0)" } ?? state
    }
  }

  private static func node(_ saved: HostPlan, _ now: HostPlan) -> [String] {
    guard saved.node != now.node else { return [] }
    switch (saved.node, now.node) {
    case (let old?, let new?) where old.id == new.id: return ["node #\(old.id) has another key"]
    case (let old?, let new?): return ["was node #\(old.id), now #\(new.id)"]
    case (let old?, nil): return ["node #\(old.id) is not its node any more"]
    case (nil, let new?): return ["node #\(new.id) is its node now"]
    case (nil, nil): return []
    }
  }

  /// What is compared of a change; whether it waits for a proof is not, because apply probes.
  private static func promise(_ change: Change) -> Change {
    Change(change.attribute, old: change.old, new: change.new)
  }

  private static func changes(_ saved: [Change], _ now: [Change]) -> [String] {
    let old = saved.map(promise)
    let new = now.map(promise)
    var parts: [String] = []
    for change in old where !new.contains(change) {
      if let other = new.first(where: { $0.attribute == change.attribute }) {
        parts.append("planned \(HostText.words(change)), now \(HostText.words(other))")
      } else {
        parts.append("no longer: \(HostText.words(change))")
      }
    }
    let known = Set(old.map(\.attribute))
    for change in new where !known.contains(change.attribute) {
      parts.append("now also: \(HostText.words(change))")
    }
    return parts
  }

  private static func login(_ saved: Bool, _ now: Bool) -> [String] {
    guard saved != now else { return [] }
    return [now ? "now also: " + HostText.anew : "no longer: " + HostText.anew]
  }

  /// Whose key a login takes; a plan without facts may not have foreseen the login.
  private static func owner(_ saved: JoinOwner?, _ now: JoinOwner?) -> [String] {
    guard let saved, let now, saved != now else { return [] }
    return ["planned to log in as \(words(saved)), now as \(words(now))"]
  }

  private static func words(_ owner: JoinOwner) -> String {
    switch owner {
    case .user(let user): user
    case .tags(let tags): tags.joined(separator: " ")
    }
  }

  private static func sets<Part: Hashable>(
    _ saved: [Part], _ now: [Part], _ words: (Part) -> String
  ) -> [String] {
    let old = Set(saved)
    let new = Set(now)
    return saved.filter { !new.contains($0) }.map { "no longer: \(words($0))" }
      + now.filter { !old.contains($0) }.map { "now also: \(words($0))" }
  }

  // MARK: The server

  private static func deletions(_ saved: Plan, _ now: Plan) -> [String] {
    let old = Set(saved.deletions)
    let new = Set(now.deletions)
    let gone = saved.deletions.filter { !new.contains($0) }.map { deletion in
      let other = now.deletions.first { $0.node.id == deletion.node.id }
      return "node #\(deletion.node.id) \(deletion.name): "
        + (other == nil
          ? "was to be deleted, now it is not" : "is to be deleted, but is not the same")
    }
    let known = Set(saved.deletions.map(\.node.id))
    let added = now.deletions.filter { !old.contains($0) && !known.contains($0.node.id) }.map {
      "node #\($0.node.id) \($0.name): is to be deleted now, and was not"
    }
    return gone + added
  }

  private static func users(_ saved: [String], _ now: [String]) -> [String] {
    saved.filter { !now.contains($0) }.map { "user \($0): was to be created, now it is not" }
      + now.filter { !saved.contains($0) }.map { "user \($0): is to be created now, and was not" }
  }
}
