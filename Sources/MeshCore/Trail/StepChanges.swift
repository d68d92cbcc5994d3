/// What a step changes, attribute by attribute: what was shown, corrected by what the step itself says.
package struct StepChanges: Sendable {
  private let plan: Plan
  private let host: HostPlan?

  /// - Parameters:
  ///   - plan: what was shown.
  ///   - host: the part of it that is about the step's host; nil for a step of no host.
  package init(plan: Plan, host: HostPlan?) {
    self.plan = plan
    self.host = host
  }

  /// In the plan's order; nil where no attribute is known.
  package func of(_ kind: StepKind, _ step: Step?) -> [JournalChange]? {
    var changes = shown(kind, step)
    switch step {
    case .setTags(_, let tags)?: changes = known(.tags, .list(tags), in: changes)
    case .approveRoutes(_, let routes)?:
      changes = known(.approvedRoutes, .list(routes), in: changes)
    case .setExpiry?: changes = known(.expiry, .text("never"), in: changes)
    case .renameNode(let id, let name)?: changes = [renaming(id, to: name)]
    case .deleteNode(let id)?:
      changes = [
        JournalChange("presence", old: nodeName(id).map { .text($0) }, new: .some(nil))
      ]
    default: break
    }
    return changes.isEmpty ? nil : changes
  }

  private func shown(_ kind: StepKind, _ step: Step?) -> [JournalChange] {
    guard let host, var written = kind.written else { return [] }
    if case .setPreferences(let flags)? = step {
      let named = Set(flags.compactMap(Change.Attribute.init(setFlag:)))
      written.removeAll { !named.contains($0) }
    }
    if case .configureHost(let forwarding, let logsOff)? = step {
      if forwarding.isEmpty { written.removeAll { $0 == .ipForwarding } }
      if !logsOff { written.removeAll { $0 == .clientLogs } }
    }
    return host.doable.filter { written.contains($0.attribute) }.map {
      JournalChange($0.attribute.rawValue, old: .some($0.old), new: .some($0.new))
    }
  }

  /// The value that the step sets, which a later round may have completed.
  private func known(
    _ attribute: Change.Attribute, _ new: Change.Value, in changes: [JournalChange]
  ) -> [JournalChange] {
    guard let index = changes.firstIndex(where: { $0.attribute == attribute.rawValue }) else {
      return changes + [JournalChange(attribute.rawValue, old: nil, new: new)]
    }
    var changes = changes
    changes[index].new = .some(PlanDocument.ValuePart(new))
    return changes
  }

  /// Of a node that is parked, or of the host's own.
  private func renaming(_ id: String, to name: String) -> JournalChange {
    var old: Change.Value??
    if let parking = plan.hosts.lazy.flatMap(\.parkings).first(where: { $0.node.id == id }) {
      old = .text(name == parking.parkedName ? parking.name : parking.parkedName)
    } else if let change = host?.doable.first(where: { $0.attribute == .name }) {
      old = .some(change.old)
    }
    return JournalChange(Change.Attribute.name.rawValue, old: old, new: .text(name))
  }

  private func nodeName(_ id: String) -> String? {
    let deletions = plan.hosts.lazy.flatMap(\.deletions).first { $0.node.id == id }
    return deletions?.name ?? plan.unmanaged.first { $0.nodeID == id }?.name
  }
}

extension Step {
  /// The node that a step on the server is about.
  package var nodeID: String? {
    switch self {
    case .setTags(let id, _), .approveRoutes(let id, _), .renameNode(let id, _), .setExpiry(let id),
      .deleteNode(let id):
      id
    default: nil
    }
  }
}
