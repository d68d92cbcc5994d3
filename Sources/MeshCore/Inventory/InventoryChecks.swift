import YAMLReader

/// What can only be seen by looking at several hosts at once.
enum InventoryChecks {
  /// Runs all of them; each takes time in proportion to what it looks at.
  static func run(
    over complete: [CompleteHost], entries: [HostEntry], groups: [GroupEntry],
    server: ServerURL?, in context: inout DecodingContext
  ) {
    names(complete, entries, &context)
    machineKeys(entries, &context)
    aliases(complete, entries, &context)
    local(complete, entries, &context)
    foreign(complete, entries, &context)
    idle(complete, entries, server, &context)
    groupNames(entries, groups, &context)
    RouteChecks.run(over: complete, in: &context)
  }

  /// Two hosts for one node name, whatever the case.
  private static func names(
    _ complete: [CompleteHost], _ entries: [HostEntry], _ context: inout DecodingContext
  ) {
    var first: [String: Int] = [:]
    first.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      let name = complete[index].host.name.lowercased()
      guard let earlier = first[name] else {
        first[name] = index
        continue
      }
      let other = entries[earlier]
      let mark = entry.layer.name?.mark ?? entry.mark
      context.report(
        .invDuplicateName, .error,
        "`\(entry.key)` and `\(other.key)` are both the node `\(YAMLNode.cut(name))`",
        detail:
          "`\(other.key)` stands in line \(other.mark.line); a node name is unique in the mesh.",
        hint: "give one of them another `name`", from: mark,
        to: entry.layer.name?.end ?? entry.end, host: entry.key)
    }
  }

  private static func machineKeys(_ entries: [HostEntry], _ context: inout DecodingContext) {
    var first: [String: String] = [:]
    for entry in entries {
      guard let key = entry.layer.machineKey else { continue }
      guard let other = first[key.value] else {
        first[key.value] = entry.key
        continue
      }
      context.report(
        .invDuplicateMachine, .error, "`\(entry.key)` pins the same machine key as `\(other)`",
        detail: "A machine key belongs to one machine, so one of the two names is wrong.",
        at: key, host: entry.key)
    }
  }

  /// Swapping the names of two hosts needs such aliases for one run, so they are no error.
  private static func aliases(
    _ complete: [CompleteHost], _ entries: [HostEntry], _ context: inout DecodingContext
  ) {
    guard entries.contains(where: { !$0.layer.aliases.isEmpty }) else { return }
    var names: [String: Int] = [:]
    for (index, element) in complete.enumerated() where names[element.host.name] == nil {
      names[element.host.name] = index
    }
    var claimed: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      for alias in entry.layer.aliases {
        let word = alias.value.lowercased()
        if let other = names[word], other != index {
          report("is the node name of `\(entries[other].key)`", alias)
        } else if let other = claimed[word], other != index {
          report("is also an alias of `\(entries[other].key)`", alias)
        } else {
          claimed[word] = index
        }
        func report(_ problem: String, _ alias: Located<String>) {
          context.report(
            .invAlias, .warning, "the alias `\(YAMLNode.cut(alias.value))` \(problem)",
            detail:
              "Where both hosts point at one node by name only, neither is changed before one "
              + "of them proves to be it.", at: alias, host: entry.key)
        }
      }
    }
  }

  /// meshctl runs on one machine, and goes there without an address.
  private static func local(
    _ complete: [CompleteHost], _ entries: [HostEntry], _ context: inout DecodingContext
  ) {
    var first: String?
    for (index, entry) in entries.enumerated() where complete[index].host.connection == .local {
      if let first {
        context.report(
          .invLocal, .warning, "`\(entry.key)` and `\(first)` both have `connection: local`",
          detail: "`local` is the one machine that meshctl runs on.", from: entry.mark,
          to: entry.end, host: entry.key)
      } else {
        first = entry.key
      }
      if let address = entry.layer.address {
        context.report(
          .invLocal, .warning, "`address` has no effect together with `connection: local`",
          hint: "remove one of the two", at: address, host: entry.key)
      }
    }
  }

  /// What a host itself says and its system does not have.
  ///
  /// What it inherits is passed over quietly: a fleet of several systems says it once for all.
  private static func foreign(
    _ complete: [CompleteHost], _ entries: [HostEntry], _ context: inout DecodingContext
  ) {
    for (index, entry) in entries.enumerated() where complete[index].host.os == .windows {
      func report(_ key: String) {
        context.report(
          .invForeign, .warning, "`\(key)` means nothing on a Windows host",
          detail: "The client there has no such setting, so it is passed over.",
          hint: "remove it from `\(entry.key)`", from: entry.mark, to: entry.end, host: entry.key)
      }
      if entry.layer.preferences.operatorUser != nil { report("operator") }
      if entry.layer.preferences.tailscaleSSH == true { report("tailscale_ssh: true") }
    }
  }

  /// What a host itself says and its system or its server makes nothing of.
  private static func idle(
    _ complete: [CompleteHost], _ entries: [HostEntry], _ server: ServerURL?,
    _ context: inout DecodingContext
  ) {
    for (index, entry) in entries.enumerated() {
      let host = complete[index].host
      func report(_ message: String, _ detail: String) {
        context.report(
          .invForeign, .warning, message, detail: detail,
          hint: "remove it from `\(entry.key)`", from: entry.mark, to: entry.end, host: entry.key)
      }
      if entry.layer.bootstrap.oemDir != nil, host.os != .windows {
        report(
          "`bootstrap.oem_dir` means nothing on a \(host.os.rawValue) host",
          "Only the setup of Windows reads such a folder, so it is passed over.")
      }
      if entry.layer.serverFallback == .ip, (host.serverURL ?? server)?.scheme == .https {
        report(
          "`server_fallback: ip` does nothing with an https:// server",
          "The certificate is for its name, so a client never joins it by address.")
      }
    }
  }

  private static func groupNames(
    _ entries: [HostEntry], _ groups: [GroupEntry], _ context: inout DecodingContext
  ) {
    guard !groups.isEmpty else { return }
    let names = Set(groups.map(\.name))
    for entry in entries where names.contains(entry.key) {
      context.report(
        .invSameName, .warning, "`\(entry.key)` is a host and a group",
        detail: "`--limit \(entry.key)` takes the host and all hosts of the group.",
        from: entry.mark, to: entry.end, host: entry.key)
    }
  }
}
