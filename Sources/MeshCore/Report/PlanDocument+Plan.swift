import YAMLReader

/// From a plan to its document.
extension PlanDocument {
  package init(_ plan: Plan) {
    let counted = plan.summary
    self.init(
      formatVersion: Plan.formatVersion, meshctl: MeshctlVersion.current,
      simulated: plan.simulated ? true : nil,
      inventory: InventoryPart(path: plan.inventoryPath, digest: plan.inventoryDigest),
      server: ServerPart(url: plan.server.url, version: plan.server.version),
      flags: FlagsPart(plan.flags),
      counts: CountsPart(nodes: plan.nodeCount, hosts: plan.hostCount),
      hosts: plan.hosts.map(HostPart.init), unmanaged: plan.unmanaged.map(UnmanagedPart.init),
      usersToCreate: plan.usersToCreate,
      summary: SummaryPart(
        join: counted.join, change: counted.change, replace: counted.replace,
        remove: counted.remove, wait: counted.wait, blocked: counted.blocked,
        inSync: counted.inSync, unmanaged: counted.unmanaged, byNameOnly: counted.byNameOnly),
      diagnostics: plan.diagnostics.map(DiagnosticPart.init))
  }

  /// The document as stable, indented JSON without a final line feed.
  package static func json(_ plan: Plan) -> String { StableJSON.encode(PlanDocument(plan)) }
}

extension PlanDocument.FlagsPart {
  init(_ flags: PlanFlags) {
    func set(_ flag: Bool) -> Bool? { flag ? true : nil }
    self.init(
      limit: flags.limit.isEmpty ? nil : flags.limit,
      exclude: flags.exclude.isEmpty ? nil : flags.exclude, shard: flags.shard?.text,
      probe: set(flags.probe), askBecomePassword: set(flags.askBecomePassword),
      prune: set(flags.prune),
      allowMove: set(flags.allowMove), maxDeletes: flags.maxDeletes?.text,
      maxChanges: flags.maxChanges?.text)
  }
}

extension PlanDocument.HostPart {
  init(_ host: HostPlan) {
    self.init(
      name: host.name, os: host.os.rawValue, action: host.action.rawValue,
      identity: host.identity?.rawValue, node: host.node.map(PlanDocument.NodePart.init),
      changes: host.changes.map {
        PlanDocument.ChangePart(
          attribute: $0.attribute.rawValue, old: $0.old.map(PlanDocument.ValuePart.init),
          new: $0.new.map(PlanDocument.ValuePart.init), onceProven: $0.onceProven ? true : nil,
          blockedBy: $0.blockedBy?.rawValue)
      },
      steps: host.steps.map(\.rawValue), unknown: host.unknown,
      diagnostics: host.diagnostics.map(PlanDocument.DiagnosticPart.init), reason: host.reason,
      parks: host.parkings.isEmpty ? nil : host.parkings.map(PlanDocument.ParkPart.init),
      deletes: host.deletions.isEmpty ? nil : host.deletions.map(PlanDocument.DeletePart.init),
      reauthenticates: host.reauthenticates ? true : nil, route: host.route,
      tagsWithoutPolicy: host.tagsWithoutPolicy.isEmpty ? nil : host.tagsWithoutPolicy,
      joinAs: host.joinAs.map(PlanDocument.JoinAsPart.init), exitNodeAddress: host.exitNodeAddress)
  }
}

extension PlanDocument.NodePart {
  init(_ node: NodeReference) { self.init(id: node.id, nodeKey: node.nodeKey) }
}

extension PlanDocument.JoinAsPart {
  init(_ owner: JoinOwner) {
    switch owner {
    case .user(let user): self.init(user: user)
    case .tags(let tags): self.init(tags: tags)
    }
  }
}

extension PlanDocument.ParkPart {
  init(_ parking: Parking) {
    self.init(
      node: PlanDocument.NodePart(parking.node), name: parking.name,
      parkedName: parking.parkedName, reason: parking.reason.rawValue)
  }
}

extension PlanDocument.DeletePart {
  init(_ deletion: Deletion) {
    self.init(
      node: PlanDocument.NodePart(deletion.node), name: deletion.name,
      reason: deletion.reason.rawValue, byAge: deletion.byAge,
      blockedBy: deletion.blockedBy?.rawValue)
  }
}

extension PlanDocument.UnmanagedPart {
  init(_ node: UnmanagedNode) {
    self.init(
      name: node.name, node: PlanDocument.NodePart(id: node.nodeID), online: node.online,
      lastSeen: node.lastSeen?.rfc3339, delete: node.deletion.map(PlanDocument.DeletePart.init),
      parkedFor: node.parkedFor, prunable: node.isPrunable ? true : nil,
      formerRecord: node.isFormerRecord ? true : nil)
  }
}

extension PlanDocument.ValuePart {
  init(_ value: Change.Value) {
    switch value {
    case .text(let text): self = .text(text)
    case .list(let list): self = .list(list)
    case .flag(let flag): self = .flag(flag)
    }
  }
}

extension PlanDocument.DiagnosticPart {
  package init(_ diagnostic: Diagnostic) {
    self.init(
      code: diagnostic.code.rawValue, severity: diagnostic.severity.rawValue,
      message: diagnostic.message, detail: diagnostic.detail, evidence: diagnostic.evidence,
      hint: diagnostic.hint, host: diagnostic.host,
      position: diagnostic.position.map {
        PlanDocument.PositionPart(
          file: $0.file, line: $0.mark.line, column: $0.mark.column, length: $0.length)
      })
  }
}
