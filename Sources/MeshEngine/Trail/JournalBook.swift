package import MeshCore

/// Turns the events of one run into entries of the journal.
///
/// Nothing is said of a run that changes nothing. The line that a run begins comes before its first
/// change, so that a run that was killed shows as one without an end.
package struct JournalBook: Sendable {
  private struct Work: Hashable {
    var host: String?
    var step: StepKind
  }

  private let run: RunIdentity
  private let hash: @Sendable (Plan) -> String
  private var plan: Plan?
  private var planHash: String?
  private var hosts: [String: HostPlan] = [:]
  /// Steps that were begun and have not ended, in the order of their beginning.
  private var begun: [(work: Work, step: Step?)] = []
  /// The nodes that hosts got in this run.
  private var joined: [String: String] = [:]
  /// True once a change was begun.
  package private(set) var hasBegun = false
  package private(set) var done = 0
  package private(set) var failed = 0

  /// - Parameters:
  ///   - run: whose journal it is.
  ///   - hash: of a plan; asked once, and only where something is written.
  package init(run: RunIdentity, hash: @escaping @Sendable (Plan) -> String) {
    self.run = run
    self.hash = hash
  }

  package mutating func show(_ plan: Plan) {
    self.plan = plan
    planHash = nil
    hosts = [:]
  }

  /// What an event adds to the journal; mostly nothing.
  package mutating func entries(for event: Event) -> [JournalEntry] {
    switch event.kind {
    case .stepStart(let kind):
      guard kind.writes else { return [] }
      begun.append((Work(host: event.host, step: kind), event.step))
      return begin(event.time)
    case .stepOK(let kind, let detail):
      guard kind.writes else { return [] }
      if let host = event.host, let node = event.nodeID { joined[host] = node }
      done += 1
      var entry = ended(kind, event, .ok)
      entry.detail = detail.isEmpty ? nil : detail
      return begin(event.time) + [entry]
    case .stepFailed(let kind, let diagnostic):
      // A warning is about cleaning up after a step whose own end is another event.
      guard kind.writes, diagnostic.severity == .error else { return [] }
      failed += 1
      var entry = ended(kind, event, .failed)
      entry.code = diagnostic.code.rawValue
      entry.message = diagnostic.message
      return begin(event.time) + [entry]
    case .hostDone(let outcome):
      return left(of: outcome, event)
    case .sideEffect(let effect):
      return begin(event.time) + [entry(effect, event)]
    case .version, .plan, .round, .stepSkipped, .waits: return []
    }
  }

  /// The last entries; none where nothing was changed.
  package mutating func end(exit: Int32, at time: Timestamp) -> [JournalEntry] {
    guard hasBegun else { return [] }
    var entries = begun.map { open in
      entry(open.work.step, open.step, host: open.work.host, node: nil, at: time, .interrupted)
    }
    begun = []
    var last = JournalEntry(.end, at: time, of: run, plan: currentHash())
    last.exitCode = exit
    last.done = done
    last.failed = failed
    last.seconds = max(0, time.seconds(since: run.startedAt))
    entries.append(last)
    return entries
  }

  // MARK: Entries

  private mutating func begin(_ time: Timestamp) -> [JournalEntry] {
    guard !hasBegun else { return [] }
    hasBegun = true
    return [JournalEntry(.start, at: time, of: run, plan: currentHash())]
  }

  private mutating func ended(
    _ kind: StepKind, _ event: Event, _ result: JournalEntry.Result
  ) -> JournalEntry {
    let work = Work(host: event.host, step: kind)
    var step = event.step
    // The same node's step where a host has several of one kind (parked names).
    let index =
      begun.firstIndex { $0.work == work && $0.step == step }
      ?? begun.firstIndex { $0.work == work }
    if let index {
      let opened = begun.remove(at: index).step
      step = step ?? opened
    }
    var entry = entry(
      kind, step, host: event.host, node: event.nodeID, at: event.time, result)
    if kind == .createUser, case .stepOK(_, let user) = event.kind {
      entry.changes = [JournalChange("user", old: .some(nil), new: .text(user))]
    }
    return entry
  }

  /// A step that was begun and left to a person has no end of its own.
  private mutating func left(of outcome: HostOutcome, _ event: Event) -> [JournalEntry] {
    let open = begun.filter { $0.work.host == outcome.host }
    begun.removeAll { $0.work.host == outcome.host }
    return open.map { open in
      var entry = entry(
        open.work.step, open.step, host: outcome.host, node: nil, at: event.time,
        outcome.result == .waiting ? .waits : .interrupted)
      entry.code = outcome.diagnostics.first?.code.rawValue
      entry.message = outcome.diagnostics.first?.message
      return entry
    }
  }

  private mutating func entry(
    _ kind: StepKind, _ step: Step?, host: String?, node: String?, at time: Timestamp,
    _ result: JournalEntry.Result
  ) -> JournalEntry {
    var entry = JournalEntry(.step, at: time, of: run, plan: currentHash())
    let hostPlan = host.flatMap { shownPlan(of: $0) }
    entry.host = host
    entry.step = kind.rawValue
    entry.node =
      node ?? step?.nodeID ?? host.flatMap { joined[$0] }
      ?? (kind == .join ? nil : hostPlan?.node?.id)
    if let plan { entry.changes = StepChanges(plan: plan, host: hostPlan).of(kind, step) }
    entry.result = result
    return entry
  }

  private mutating func entry(_ effect: Event.SideEffect, _ event: Event) -> JournalEntry {
    var entry = JournalEntry(.key, at: event.time, of: run, plan: currentHash())
    entry.host = event.host
    switch effect {
    case .keyMinted(let id):
      entry.key = id
      entry.result = .minted
    case .keyExpired(let id):
      entry.key = id
      entry.result = .expired
    case .keysExpired(let expiration):
      entry.expiring = expiration.rfc3339
      entry.result = .expired
    case .nodeDeleted(let id):
      return self.entry(
        .deleteNode, .deleteNode(id: id), host: event.host, node: id, at: event.time, .ok)
    }
    return entry
  }

  private mutating func shownPlan(of host: String) -> HostPlan? {
    if hosts.isEmpty, let plan {
      hosts = Dictionary(plan.hosts.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    }
    return hosts[host]
  }

  private mutating func currentHash() -> String? {
    if planHash == nil { planHash = plan.map(hash) }
    return planHash
  }
}
