import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

@Suite("A host's chain", .timeLimit(.minutes(1)))
struct HostChainTests {
  typealias Story = KeysInFlightTests.Story
  struct Foreign: Error {}

  static let broken = KeysInFlightTests.broken
  static let join = Step.join(
    JoinStep(arguments: ["--reset"], key: KeyRequest(owner: .user("ops"))))

  private let story = Story()
  private let events = RecordingEvents()
  private let host: Host

  init() throws {
    host = try #require(try InventoryText.load("hosts: {one: {owner: ops}}").hosts.first)
  }

  static func facts(_ client: ClientFacts? = nil) -> HostFacts {
    var facts = HostFacts(os: .linux, elevation: .root)
    facts.client = client
    return facts
  }

  /// A chain over fakes; `answers` are the scripts' answers, or what they throw.
  private func run(
    _ steps: [Step], facts: HostFacts = HostChainTests.facts(),
    ledger: FakeLedger? = nil,
    expire: @escaping @Sendable (String) async throws -> Void = { _ in },
    answers: @escaping @Sendable (ScriptName) async throws -> RemoteAnswer
  ) async throws -> ChainResult {
    var control = FakeControlPlane()
    control.onCreateKey = { [story] _ in
      story.add("create")
      return MintedKey(id: "7", key: Secret("secret-7"), expiration: Timestamp(seconds: 600))
    }
    control.onExpireKey = { [story] in
      story.add("expire \($0)")
      try await expire($0)
    }
    control.onSetTags = { [story] id, _ in story.add("tags \(id)") }
    control.onNodes = { NodeList(nodes: [], serverTime: nil) }
    var hosts = FakeHosts()
    hosts.onRun = { [story] call, _ in
      story.add(call.script.rawValue)
      return try await answers(call.script)
    }
    var quiet = FakeLedger()
    quiet.onAdd = { _ in }
    quiet.onRemove = { _ in }
    let clock = ManualClock()
    let ports = Ports.unimplemented(
      control: control, hosts: hosts, events: events, keys: ledger ?? quiet, clock: clock)
    let chain = HostChain(
      host: host, steps: steps, round: 1, ports: ports,
      keys: KeysInFlight(control: control, ledger: ports.keys),
      nodes: NodeWatch(control: control, clock: clock))
    return try await chain.run(facts: facts)
  }

  static func answer(_ sections: [String: (Int, String)]) -> RemoteAnswer {
    RemoteAnswer(
      exitStatus: 0,
      report: ScriptReport(sections: sections.mapValues { .init(status: $0.0, text: $0.1) }))
  }

  static let root = answer(["uid": (0, "0")])
  static let refused = answer(["up": (1, "backend error: invalid pre auth key")])
  static let cleared = answer(["restart": (0, "")])

  @Test func aFailureEndsTheChain() async throws {
    let result = try await run([.elevate, .setTags(nodeID: "1", tags: ["tag:a"])]) { _ in
      throw HostChainTests.broken
    }
    #expect(result.failure?.code.rawValue == "MESH-TEST")
    #expect(result.failure?.host == "one")
    #expect(result.stepsDone == [])
    #expect(story.all == ["elevate"])
    #expect(events.lines(of: "one") == ["start elevate", "failed elevate MESH-TEST"])
  }

  @Test func aForeignErrorFailsOnlyThisHostAndIsNotQuoted() async throws {
    let result = try await run([.elevate]) { _ in throw Foreign() }
    #expect(result.failure?.code == .unexpected)
    #expect(result.failure?.evidence == "Foreign")
    #expect(result.failure?.hint != nil)
  }

  @Test func aRefusedJoinExpiresTheKeyAndClearsTheClient() async throws {
    let result = try await run([.elevate, HostChainTests.join]) { script in
      switch script {
      case .elevate: HostChainTests.root
      case .join: HostChainTests.refused
      default: HostChainTests.cleared
      }
    }
    #expect(result.failure?.code == .joinKeyUnknown)
    #expect(result.stepsDone == [.elevate])
    #expect(result.triedToJoin)
    #expect(story.all == ["elevate", "create", "join", "expire 7", "clear-key"])
  }

  @Test func cleaningUpGoesOnWhereOnePartFails() async throws {
    let result = try await run(
      [HostChainTests.join], expire: { _ in throw HostChainTests.broken },
      answers: { script in
        guard script == .clearKey else { return HostChainTests.refused }
        throw HostChainTests.broken
      })
    #expect(result.failure?.code == .joinKeyUnknown)
    #expect(story.all == ["create", "join", "expire 7", "clear-key"])
    #expect(
      events.lines(of: "one") == [
        "start join", "failed join MESH-JOIN-KEY-UNKNOWN", "failed join MESH-TEST",
        "failed join MESH-TEST",
      ])
    for event in events.all.suffix(2) {
      guard case .stepFailed(_, let finding) = event.kind else { continue }
      #expect(finding.severity == .warning)
    }
  }

  @Test func aKeyThatNeverLeftClearsNothingOnTheHost() async throws {
    var ledger = FakeLedger()
    ledger.onAdd = { _ in throw HostChainTests.broken }
    ledger.onRemove = { _ in }
    let result = try await run([HostChainTests.join], ledger: ledger) { _ in
      throw Unimplemented.call("no script may run")
    }
    #expect(result.failure?.code.rawValue == "MESH-TEST")
    #expect(story.all == ["create", "expire 7"])
  }

  @Test func aLedgerThatForgetsNothingIsOnlyAWarning() async throws {
    var ledger = FakeLedger()
    ledger.onAdd = { _ in }
    ledger.onRemove = { _ in throw HostChainTests.broken }
    let result = try await run([HostChainTests.join], ledger: ledger) { _ in
      HostChainTests.answer(["up": (0, "")])
    }
    // It fails at the wait, because this answer has no node key, but the key is used and left alone.
    #expect(result.failure?.code == .joinNotSeen)
    #expect(result.warnings.map(\.code.rawValue) == ["MESH-TEST"])
    #expect(result.warnings.map(\.severity) == [.warning])
    #expect(story.all == ["create", "join"])
  }

  @Test(arguments: ["Running", "Stopped", "Starting"])
  func aClientThatHoldsAKeyIsNotJoined(state: String) async throws {
    var client = ClientFacts(version: "1.102.3")
    client.backendState = state
    client.nodeKey = "nodekey:1"
    let result = try await run(
      [.elevate, HostChainTests.join], facts: HostChainTests.facts(client)
    ) {
      _ in HostChainTests.root
    }
    #expect(result.failure == nil)
    #expect(result.stepsDone == [.elevate])
    #expect(story.all == ["elevate"])
    #expect(events.lines(of: "one").last == "skipped join")
  }

  @Test func aCancellationEndsWithoutCleaningUp() async throws {
    let (reached, signal) = AsyncStream<Void>.makeStream()
    let task = Task {
      try await run([HostChainTests.join]) { _ in
        signal.yield()
        try await Task.sleep(for: .seconds(30))
        return HostChainTests.cleared
      }
    }
    for await _ in reached { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // The client lets go of the key at once; `Applier.cleanUp` expires it on the server.
    #expect(story.all == ["create", "join", "clear-key"])
    #expect(events.lines(of: "one") == ["start join"])
  }
}
