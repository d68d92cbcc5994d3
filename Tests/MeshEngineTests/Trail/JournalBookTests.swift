import MeshCore
import MeshEngine
import MeshTestSupport
import Testing

/// What of a run goes into the journal, and in which order.
@Suite struct JournalBookTests {
  private static let time = Timestamp(seconds: 1_795_892_100)
  private static let run = RunIdentity(
    id: "0123456789ab", author: RunAuthor(user: "ops", uid: 1, host: "ctl", pid: 7),
    mesh: "https://mesh.example.com", inventory: "inventory.yaml", startedAt: time)

  private static func plan() -> Plan {
    var web = HostPlan(
      name: "web", os: .linux, action: .change, identity: .pinned,
      node: NodeReference(id: "12", nodeKey: "nodekey:a"),
      changes: [
        Change(.tags, old: .list(["tag:a"]), new: .list(["tag:b"])),
        Change(.name, old: .text("web-1"), new: .text("web")),
        Change(.approvedRoutes, old: nil, new: .list([]), blockedBy: .guardDeletes),
      ])
    web.parkings = [
      Parking(
        node: NodeReference(id: "7", nodeKey: "nodekey:b"), name: "web", parkedName: "web-old-7",
        reason: .offlineHolder)
    ]
    return Plan(
      inventoryPath: "inventory.yaml", inventoryDigest: "sha256:0",
      server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"),
      flags: PlanFlags(), hosts: [web], unmanaged: [], usersToCreate: [], nodeCount: 2,
      hostCount: 1, simulated: false, diagnostics: [])
  }

  private static func book() -> JournalBook {
    var book = JournalBook(run: run, hash: { "sha256:\($0.hosts.count)" })
    book.show(plan())
    return book
  }

  private static func event(_ kind: Event.Kind, _ step: Step? = nil, host: String? = "web") -> Event
  {
    Event(time: time, host: host, kind: kind, step: step)
  }

  private static func words(_ entry: JournalEntry) -> String {
    [entry.type.rawValue, entry.step, entry.node, entry.result?.rawValue, entry.code, entry.key]
      .compactMap(\.self).joined(separator: " ")
  }

  /// Looking, checking and an end: nothing was changed, so nothing is written.
  @Test func aRunThatChangesNothingLeavesNoLine() {
    var book = Self.book()
    for kind in [StepKind.elevate, .checkServer, .verify] {
      #expect(book.entries(for: Self.event(.stepStart(kind))).isEmpty)
      #expect(book.entries(for: Self.event(.stepOK(kind, detail: "x"))).isEmpty)
      let failed = Event.Kind.stepFailed(kind, Diagnostic(.unexpected, .error, "x"))
      #expect(book.entries(for: Self.event(failed)).isEmpty)
    }
    #expect(book.end(exit: 3, at: Self.time).isEmpty)
  }

  @Test func theBeginningComesBeforeTheChange() throws {
    var book = Self.book()
    let tags = Step.setTags(nodeID: "12", tags: ["tag:b", "tag:c"])
    let begun = book.entries(for: Self.event(.stepStart(.setTags), tags))
    #expect(begun.map(Self.words) == ["start"])
    #expect(begun.first?.plan == "sha256:1")
    let done = book.entries(for: Self.event(.stepOK(.setTags, detail: "tag:b"), tags))
    #expect(done.map(Self.words) == ["step set-tags 12 ok"])
    #expect(
      try #require(done.first).line.contains(
        #"[{"attribute":"tags","new":["tag:b","tag:c"],"old":["tag:a"]}]"#))
    let end = book.end(exit: 0, at: Self.time.adding(seconds: 9))
    #expect(end.map(Self.words) == ["end"])
    #expect(end.first?.done == 1 && end.first?.seconds == 9)
  }

  /// A parked node gets another name than the host's own, and both say what they were called.
  @Test func renamesSayWhichNode() throws {
    var book = Self.book()
    let park = Step.renameNode(nodeID: "7", name: "web-old-7")
    let name = Step.renameNode(nodeID: "12", name: "web")
    _ = book.entries(for: Self.event(.stepStart(.renameNode), park))
    let parked = book.entries(for: Self.event(.stepOK(.renameNode, detail: ""), park))
    #expect(try #require(parked.first).line.contains(#""new":"web-old-7","old":"web""#))
    #expect(parked.first?.node == "7")
    _ = book.entries(for: Self.event(.stepStart(.renameNode), name))
    let named = book.entries(for: Self.event(.stepOK(.renameNode, detail: ""), name))
    #expect(try #require(named.first).line.contains(#""new":"web","old":"web-1""#))
    #expect(named.first?.node == "12")
  }

  @Test func keysAndSideEffectsAreChanges() {
    var book = JournalBook(run: Self.run, hash: { _ in "" })
    let expired = book.entries(for: Self.event(.sideEffect(.keyExpired(id: "3")), host: nil))
    #expect(expired.map(Self.words) == ["start", "key expired 3"])
    let minted = book.entries(for: Self.event(.sideEffect(.keyMinted(id: "4"))))
    #expect(minted.map(Self.words) == ["key minted 4"])
    let deleted = book.entries(for: Self.event(.sideEffect(.nodeDeleted(id: "9"))))
    #expect(deleted.map(Self.words) == ["step delete-node 9 ok"])
    #expect(book.end(exit: 0, at: Self.time).count == 1)
  }

  @Test func whatWasStoppedIsNotSaidToBeDone() {
    var book = Self.book()
    _ = book.entries(for: Self.event(.stepStart(.join)))
    // Clearing the key up fails: no word about the join itself.
    let warning = Event.Kind.stepFailed(.join, Diagnostic(.unexpected, .warning, "x"))
    #expect(book.entries(for: Self.event(warning)).isEmpty)
    let end = book.end(exit: 130, at: Self.time)
    #expect(end.map(Self.words) == ["step join interrupted", "end"])
    #expect(end.last?.exitCode == 130)
  }

  @Test func whatIsLeftToAPersonSaysSo() {
    var book = Self.book()
    _ = book.entries(for: Self.event(.stepStart(.join)))
    let failed = Event.Kind.stepFailed(.join, Diagnostic(.joinNotSeen, .error, "x"))
    #expect(
      book.entries(for: Self.event(failed)).map(Self.words) == [
        "step join failed MESH-JOIN-NOT-SEEN"
      ])
    _ = book.entries(for: Self.event(.stepStart(.join)))
    let outcome = HostOutcome(
      host: "web", result: .waiting, stepsDone: [],
      diagnostics: [Diagnostic(.notVerified, .error, "y")])
    #expect(
      book.entries(for: Self.event(.hostDone(outcome))).map(Self.words) == [
        "step join waits MESH-VERIFY-DIFFERS"
      ])
  }

  // MARK: Situations

  private static func summary(
    _ result: HostOutcome.Result, _ code: DiagnosticCode, message: String = "x"
  ) -> RunSummary {
    RunSummary(
      outcomes: [
        HostOutcome(
          host: "web", result: result, stepsDone: [],
          diagnostics: [Diagnostic(code, .error, message)])
      ], rounds: 1, diagnostics: [])
  }

  /// The same trouble reads the same, whatever its words are and whether the host was tried or not.
  @Test func theSameTroubleIsNotNews() {
    func text(_ summary: RunSummary, exit: Int32 = 3) -> String? {
      RunSituation(summary, exit: exit, findings: []).text
    }
    let first = text(Self.summary(.failed, .joinNotSeen))
    #expect(first == text(Self.summary(.blocked, .joinNotSeen, message: "other words")))
    #expect(first != text(Self.summary(.failed, .joinNotOnline)))
    var held = Self.summary(.blocked, .backedOff)
    held.heldBack["web"] = Attempt.after(
      nil, situation: "", at: Self.time, code: .joinNotSeen, waits: false)
    #expect(first == text(held))
    #expect(text(Self.summary(.inSync, .joinNotSeen), exit: 0) == nil)
  }

  @Test func whenSomebodyIsTold() {
    func reason(_ exit: Int32, _ changes: Int, _ digest: String?, _ before: String?) -> String? {
      RunSituation.reason(exit: exit, changes: changes, digest: digest, remembered: before)?
        .rawValue
    }
    #expect(reason(0, 0, nil, nil) == nil)
    #expect(reason(0, 2, nil, nil) == "changed")
    #expect(reason(3, 0, "a", nil) == "failed")
    #expect(reason(3, 0, "a", "a") == nil)
    #expect(reason(3, 1, "a", "a") == "failed")
    #expect(reason(3, 0, "b", "a") == "failed")
    #expect(reason(4, 0, "c", "a") == "waits")
    #expect(reason(0, 0, nil, "a") == "recovered")
    #expect(reason(0, 3, nil, "a") == "recovered")
  }

  @Test func backedOffHostsAreCountedByWhatFailed() {
    var held = Self.summary(.blocked, .backedOff)
    held.heldBack["web"] = Attempt.after(
      nil, situation: "", at: Self.time, code: .joinNotSeen, waits: false)
    var metrics = RunMetrics(
      labels: RunMetrics.Labels(mesh: ""), exit: 3, seconds: 0, endedAt: Self.time)
    metrics.count(held)
    #expect(metrics.hosts == [.backedOff: 1])
    #expect(metrics.failures == ["MESH-JOIN-NOT-SEEN": 1])
  }
}
