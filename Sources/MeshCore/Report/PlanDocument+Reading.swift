import YAMLReader

/// From a document back to the plan that it was made from.
extension PlanDocument {
  /// What a document says that no plan can hold.
  package struct Unreadable: Error, Sendable {
    /// The place and the trouble in words; outside text in it is short and escaped.
    package var words: String
  }

  /// The plan, complete: rendering it gives what rendering the first one gave.
  ///
  /// - Throws: `Unreadable` for words that this version does not know and for hosts or nodes that
  ///   stand twice.
  package func plan() throws(Unreadable) -> Plan {
    var flags = PlanFlags()
    try self.flags?.read(into: &flags)
    var hosts: [HostPlan] = []
    var names: Set<String> = []
    for (index, part) in self.hosts.enumerated() {
      let place = "hosts[\(index)]"
      hosts.append(try part.host(place))
      guard names.insert(part.name).inserted else {
        throw Unreadable(words: "\(place): \(Reading.short(part.name)) stands twice")
      }
    }
    var nodes: [UnmanagedNode] = []
    var ids: Set<String> = []
    for (index, part) in unmanaged.enumerated() {
      let place = "unmanaged[\(index)]"
      nodes.append(try part.unmanaged(place))
      guard ids.insert(part.node.id).inserted else {
        throw Unreadable(words: "\(place): node \(Reading.short(part.node.id)) stands twice")
      }
    }
    return Plan(
      inventoryPath: inventory.path, inventoryDigest: inventory.digest,
      server: ServerIdentity(url: server.url, version: server.version), flags: flags, hosts: hosts,
      unmanaged: nodes, usersToCreate: usersToCreate, nodeCount: counts?.nodes ?? 0,
      hostCount: counts?.hosts ?? hosts.count, simulated: simulated ?? false,
      diagnostics: try Reading.all(diagnostics, "diagnostics") { part, place throws(Unreadable) in
        try part.diagnostic(place)
      })
  }

  /// Small steps of reading.
  enum Reading {
    static func short(_ text: String) -> String { "`" + VisibleText.escaped(text, limit: 40) + "`" }

    static func word<Word: RawRepresentable<String>>(
      _ text: String, _ place: String, as: Word.Type = Word.self
    ) throws(Unreadable) -> Word {
      guard let word = Word(rawValue: text) else {
        throw Unreadable(words: "\(place): \(short(text)) is not known to this version")
      }
      return word
    }

    /// Scripts match on codes, so none that could not be one of ours gets in.
    static func code(_ text: String, _ place: String) throws(Unreadable) -> DiagnosticCode {
      let letters = text.utf8
      guard text.hasPrefix("MESH-"), (6...80).contains(letters.count),
        letters.allSatisfy({ (65...90).contains($0) || (48...57).contains($0) || $0 == 45 })
      else { throw Unreadable(words: "\(place): \(short(text)) is no code") }
      return DiagnosticCode(rawValue: text)
    }

    static func optionalCode(
      _ text: String?, _ place: String
    ) throws(Unreadable) -> DiagnosticCode? {
      guard let text else { return nil }
      return try code(text, place)
    }

    static func all<Part, Value>(
      _ parts: [Part], _ place: String, _ read: (Part, String) throws(Unreadable) -> Value
    ) throws(Unreadable) -> [Value] {
      var values: [Value] = []
      for (index, part) in parts.enumerated() {
        values.append(try read(part, "\(place)[\(index)]"))
      }
      return values
    }
  }
}

extension PlanDocument.FlagsPart {
  func read(into flags: inout PlanFlags) throws(PlanDocument.Unreadable) {
    flags.limit = limit ?? []
    flags.exclude = exclude ?? []
    flags.shard = try shard.map { text throws(PlanDocument.Unreadable) in
      guard let shard = Shard(text: text) else {
        throw PlanDocument.Unreadable(
          words: "flags.shard: \(PlanDocument.Reading.short(text)) is no shard")
      }
      return shard
    }
    flags.probe = probe ?? false
    flags.askBecomePassword = askBecomePassword ?? false
    flags.prune = prune ?? false
    flags.allowMove = allowMove ?? false
    flags.maxDeletes = try limit(maxDeletes, "flags.maxDeletes")
    flags.maxChanges = try limit(maxChanges, "flags.maxChanges")
  }

  private func limit(
    _ text: String?, _ place: String
  ) throws(PlanDocument.Unreadable) -> Guards.Limit? {
    guard let text else { return nil }
    guard let limit = Guards.Limit(text: text) else {
      throw PlanDocument.Unreadable(
        words: "\(place): \(PlanDocument.Reading.short(text)) is no limit")
    }
    return limit
  }
}

extension PlanDocument.HostPart {
  func host(_ place: String) throws(PlanDocument.Unreadable) -> HostPlan {
    typealias Reading = PlanDocument.Reading
    var identity: Identity?
    if let word = self.identity { identity = try Reading.word(word, place + ".identity") }
    var plan = HostPlan(
      name: name, os: try Reading.word(os, place + ".os"),
      action: try Reading.word(action, place + ".action"), identity: identity,
      node: node?.reference,
      changes: try Reading.all(changes, place + ".changes") { part, place throws(Unreadable) in
        try part.change(place)
      },
      steps: try Reading.all(steps, place + ".steps") { word, place throws(Unreadable) in
        try Reading.word(word, place)
      },
      unknown: unknown,
      diagnostics: try Reading.all(diagnostics, place + ".diagnostics") {
        part, place throws(Unreadable) in try part.diagnostic(place)
      },
      route: route, tagsWithoutPolicy: tagsWithoutPolicy ?? [])
    plan.reason = reason
    plan.parkings = try Reading.all(parks ?? [], place + ".parks") {
      part, place throws(Unreadable) in try part.parking(place)
    }
    plan.deletions = try Reading.all(deletes ?? [], place + ".deletes") {
      part, place throws(Unreadable) in try part.deletion(place)
    }
    plan.reauthenticates = reauthenticates ?? false
    plan.joinAs = try joinAs?.owner(place + ".joinAs")
    plan.exitNodeAddress = exitNodeAddress
    return plan
  }

  private typealias Unreadable = PlanDocument.Unreadable
}

extension PlanDocument.JoinAsPart {
  func owner(_ place: String) throws(PlanDocument.Unreadable) -> JoinOwner {
    switch (user, tags) {
    case (let user?, nil): return .user(user)
    case (nil, let tags?): return .tags(tags)
    default: throw PlanDocument.Unreadable(words: "\(place): either user or tags is needed")
    }
  }
}

extension PlanDocument.NodePart {
  var reference: NodeReference { NodeReference(id: id, nodeKey: nodeKey ?? "") }
}

extension PlanDocument.ChangePart {
  func change(_ place: String) throws(PlanDocument.Unreadable) -> Change {
    Change(
      try PlanDocument.Reading.word(attribute, place + ".attribute"), old: old?.value,
      new: new?.value, onceProven: onceProven ?? false,
      blockedBy: try PlanDocument.Reading.optionalCode(blockedBy, place + ".blockedBy"))
  }
}

extension PlanDocument.ValuePart {
  var value: Change.Value {
    switch self {
    case .text(let text): .text(text)
    case .list(let list): .list(list)
    case .flag(let flag): .flag(flag)
    }
  }
}

extension PlanDocument.ParkPart {
  func parking(_ place: String) throws(PlanDocument.Unreadable) -> Parking {
    Parking(
      node: node.reference, name: name, parkedName: parkedName,
      reason: try PlanDocument.Reading.word(reason, place + ".reason"))
  }
}

extension PlanDocument.DeletePart {
  func deletion(_ place: String) throws(PlanDocument.Unreadable) -> Deletion {
    Deletion(
      node: node.reference, name: name,
      reason: try PlanDocument.Reading.word(reason, place + ".reason"), byAge: byAge,
      blockedBy: try PlanDocument.Reading.optionalCode(blockedBy, place + ".blockedBy"))
  }
}

extension PlanDocument.UnmanagedPart {
  func unmanaged(_ place: String) throws(PlanDocument.Unreadable) -> UnmanagedNode {
    var seen: Timestamp?
    if let lastSeen {
      guard let time = Timestamp(rfc3339: lastSeen) else {
        throw PlanDocument.Unreadable(
          words: "\(place).lastSeen: \(PlanDocument.Reading.short(lastSeen)) is no time")
      }
      seen = time
    }
    var read = UnmanagedNode(name: name, nodeID: node.id, online: online, lastSeen: seen)
    read.deletion = try delete?.deletion(place + ".delete")
    read.parkedFor = parkedFor
    read.isPrunable = prunable ?? false
    read.isFormerRecord = formerRecord ?? false
    return read
  }
}

extension PlanDocument.DiagnosticPart {
  func diagnostic(_ place: String) throws(PlanDocument.Unreadable) -> Diagnostic {
    Diagnostic(
      try PlanDocument.Reading.code(code, place + ".code"),
      try PlanDocument.Reading.word(severity, place + ".severity"),
      message, detail: detail, evidence: evidence, hint: hint,
      position: position.map {
        SourcePosition(
          file: $0.file, mark: SourceMark(line: $0.line, column: $0.column), length: $0.length)
      }, host: host)
  }
}
