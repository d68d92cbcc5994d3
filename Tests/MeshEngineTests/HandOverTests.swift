import MeshCore
import MeshEngine
import MeshTestSupport
import Testing

/// A join that a person has to finish (design §6, Windows).
@Suite("Handing a join over", .timeLimit(.minutes(1)))
struct HandOverTests {
  typealias Story = KeysInFlightTests.Story

  static let key = "nodekey:1f"
  static let running =
    #"{"BackendState":"Running","HaveNodeKey":true,"Self":{"PublicKey":"nodekey:1f"}}"#
  static let timedOut = HostChainTests.answer([
    "up": (1, "timeout waiting for Tailscale service to enter a Running state"),
    "status": (0, #"{"BackendState":"NeedsLogin"}"#),
  ])

  private let story = Story()
  private let events = RecordingEvents()
  private let host: Host
  private let server: ServerURL

  init() throws {
    host = try #require(
      try InventoryText.load("hosts: {one: {os: windows, owner: ops}}").hosts.first)
    server = try #require(ServerURL("https://mesh.example.com"))
  }

  /// `online`: how the node stands at each look.
  private func run(
    online: [Bool] = [], expires earlier: Timestamp? = nil,
    answers: @escaping @Sendable (RemoteCall) throws -> RemoteAnswer
  ) async throws -> ChainResult {
    let looks = Looks(online)
    var control = FakeControlPlane()
    control.onCreateKey = { [story] request in
      let id = story.all.count { $0.hasPrefix("create") } + 7
      story.add("create \(request.lifetime)")
      return MintedKey(
        id: "\(id)", key: Secret("secret-\(id)"), expiration: Timestamp(seconds: 600))
    }
    control.onExpireKey = { [story] in story.add("expire \($0)") }
    control.onExpireUnused = { [story] in story.add("expire unused \($0.rfc3339)") }
    control.onNodes = {
      NodeList(nodes: [looks.next()], serverTime: nil)
    }
    var hosts = FakeHosts()
    hosts.onRun = { [story] call, _ in
      story.add(call.script.rawValue)
      return try answers(call)
    }
    var ledger = FakeLedger()
    ledger.onAdd = { [story] in story.add("note \($0)") }
    ledger.onRemove = { [story] in story.add("forget \($0)") }
    let clock = ManualClock()
    let ports = Ports.unimplemented(
      control: control, hosts: hosts, events: events, keys: ledger, clock: clock)
    var join = JoinStep(arguments: ["--reset"], key: KeyRequest(owner: .user("ops")))
    join.lasting = 15
    join.expiresFirst = earlier
    join.handOver = HandOver(arguments: ["--reset"], server: server, owner: .user("ops"))
    var facts = HostFacts(os: .windows, elevation: .root)
    facts.client = ClientFacts(version: "1.102.3")
    return try await HostChain(
      host: host, steps: [.join(join)], round: 1, ports: ports,
      keys: KeysInFlight(control: control, ledger: ports.keys),
      nodes: NodeWatch(control: control, clock: clock)
    ).run(facts: facts)
  }

  private static func ended(_ sections: [String: (Int, String)]) -> RemoteAnswer {
    HostChainTests.answer(sections)
  }

  @Test func aJoinThatOnlyAPersonCanFinishWaits() async throws {
    let result = try await run(expires: Timestamp(seconds: 3)) { [story] call in
      switch call.script {
      case .join: return HandOverTests.timedOut
      case .handOver:
        for parameter in call.parameters where parameter.name.hasPrefix("KEY_") {
          story.add("\(parameter.name)=\(parameter.value)")
        }
        return HandOverTests.ended(["handover": (0, "waiting"), "line": (0, "run it")])
      default: return HostChainTests.cleared
      }
    }
    #expect(result.failure == nil)
    let waiting = try #require(result.waiting)
    #expect(waiting.code == .joinWaits && waiting.host == "one")
    #expect(waiting.message.contains("run it") && waiting.hint != nil)
    // The old key goes first, the direct one after its failure; the one that waits lives.
    #expect(
      story.all == [
        "expire unused 1970-01-01T00:00:03Z", "create 600", "note 7", "join", "expire 7",
        "forget 7", "clear-key",
        "create 85800", "note 8", "hand-over", "KEY_ID=8", "KEY_EXPIRES=1970-01-01T00:10:00Z",
        "forget 8",
      ])
    #expect(result.stepsDone == [])
  }

  @Test func theDesktopsOwnSessionMayJoinAtOnce() async throws {
    let result = try await run(online: [true]) { call in
      switch call.script {
      case .join: HandOverTests.timedOut
      case .handOver:
        HandOverTests.ended(["handover": (0, "joined"), "status": (0, HandOverTests.running)])
      default: HostChainTests.cleared
      }
    }
    #expect(result.failure == nil && result.waiting == nil)
    #expect(result.stepsDone == [.join])
  }

  @Test func aNodeThatDropsAfterTheLoginIsNotJoined() async throws {
    let result = try await run(online: [true, false]) { call in
      switch call.script {
      case .join:
        HandOverTests.ended(["up": (0, ""), "status": (0, HandOverTests.running)])
      case .handOver: HandOverTests.ended(["handover": (0, "waiting")])
      default: HostChainTests.cleared
      }
    }
    #expect(result.waiting?.code == .joinWaits)
    #expect(
      events.lines(of: "one").contains("failed join MESH-JOIN-DROPPED"),
      "\(events.lines(of: "one"))")
  }

  @Test func aFailedHandOverIsAFailureAndItsKeyIsExpired() async throws {
    let result = try await run { call in
      switch call.script {
      case .join: HandOverTests.timedOut
      case .handOver:
        HandOverTests.ended(["handover": (1, ""), "evidence": (0, "Access is denied.")])
      case .takeBack: HandOverTests.ended(["removed": (0, "")])
      default: HostChainTests.cleared
      }
    }
    #expect(result.waiting == nil)
    #expect(result.failure?.code == .joinHandOver)
    #expect(result.failure?.evidence == "Access is denied.")
    #expect(result.failure?.detail?.contains("direct join had failed") == true)
    #expect(story.all.suffix(3) == ["expire 8", "forget 8", "take-back"])
  }

  @Test func whatFailsForAPersonTooIsNotHandedOver() async throws {
    let result = try await run { call in
      call.script == .join
        ? HostChainTests.answer(["up": (1, "backend error: invalid pre auth key")])
        : HostChainTests.cleared
    }
    #expect(result.failure?.code == .joinKeyUnknown)
    #expect(!story.all.contains("hand-over"))
  }

  /// The node at each look; the last one stays.
  private final class Looks: Sendable {
    private let states: [Bool]
    private let count = Story()

    init(_ states: [Bool]) { self.states = states }

    func next() -> MeshNode {
      let index = count.all.count
      count.add("look")
      var node = MeshNode(
        id: "1", machineKey: "mkey:1f", nodeKey: HandOverTests.key, hostname: "one",
        givenName: "one")
      node.online = states.isEmpty ? false : states[min(index, states.count - 1)]
      return node
    }
  }
}
