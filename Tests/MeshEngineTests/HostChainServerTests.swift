import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

/// A server whose name only the controller resolves.
@Suite("A host's chain and the server's address", .timeLimit(.minutes(1)))
struct HostChainServerTests {
  private static let name = "http://sfspark1.local:8080"
  private static let address = "http://10.0.0.56:8080"
  private let sent = CallLog()

  private func run(
    _ steps: [Step], fallback: String, url: String = HostChainServerTests.name,
    names: [String: [String]] = ["sfspark1.local": ["127.0.1.1", "10.0.0.56"]],
    verdict: [String: (Int, String)]
  ) async throws -> ChainResult {
    let host = try #require(
      try InventoryText.load("hosts: {one: {owner: ops, server_fallback: \(fallback)}}").hosts.first
    )
    var control = FakeControlPlane()
    control.onCreateKey = { _ in
      MintedKey(id: "7", key: Secret("secret-7"), expiration: Timestamp(seconds: 600))
    }
    control.onExpireKey = { _ in }
    control.onNodes = { NodeList(nodes: [], serverTime: nil) }
    var hosts = FakeHosts()
    hosts.onRun = { [sent] call, _ in
      sent.add(call)
      switch call.script {
      case .checkServer: return HostChainTests.answer(verdict)
      case .join: return HostChainTests.refused
      default: return HostChainTests.cleared
      }
    }
    var ledger = FakeLedger()
    ledger.onAdd = { _ in }
    ledger.onRemove = { _ in }
    let clock = ManualClock()
    let ports = Ports.unimplemented(
      control: control, hosts: hosts, events: RecordingEvents(), keys: ledger, clock: clock,
      names: FakeNames(names))
    let chain = HostChain(
      host: host, steps: steps, round: 1, ports: ports,
      keys: KeysInFlight(control: control, ledger: ports.keys),
      nodes: NodeWatch(control: control, clock: clock))
    return try await chain.run(facts: HostChainTests.facts())
  }

  private static func login(_ url: String) throws -> [Step] {
    let server = try #require(ServerURL(url))
    return [
      .checkServer(server),
      .join(
        JoinStep(
          arguments: ["--reset", "--login-server=\(server.normalized)"],
          key: KeyRequest(owner: .user("ops")))),
    ]
  }

  private func parameter(_ script: ScriptName, _ name: String) -> String? {
    sent.all.first { $0.script == script }?.parameters.first { $0.name == name }?.value
  }

  private static let answers: [String: (Int, String)] = [
    "verdict": (0, "resolve"), "candidate": (0, address),
    "candidates": (0, "\(address) ok HTTP status 200"),
  ]

  @Test func theJoinGoesByTheAddressThatAnswered() async throws {
    let result = try await run(
      try Self.login(Self.name), fallback: "ip", verdict: Self.answers)
    #expect(parameter(.checkServer, "CANDIDATES") == Self.address, "and no loopback address")
    #expect(parameter(.join, "ARGS") == "--reset\n--login-server=\(Self.address)")
    #expect(result.stepsDone == [.checkServer])
    #expect(result.warnings.map(\.code) == [.serverByAddress])
  }

  @Test func withoutTheFallbackNothingIsJoinedAndTheLineIsGiven() async throws {
    let result = try await run(
      try Self.login(Self.name), fallback: "none", verdict: Self.answers)
    #expect(result.failure?.code == .serverResolve)
    #expect(result.failure?.hint == "write for one: server_url: \(Self.address)")
    #expect(parameter(.join, "ARGS") == nil, "no key was made for it")
  }

  @Test func aNameThatResolvesIsKept() async throws {
    _ = try await run(
      try Self.login(Self.name), fallback: "ip", verdict: ["verdict": (0, "ok")])
    #expect(parameter(.join, "ARGS") == "--reset\n--login-server=\(Self.name)")
  }

  @Test(arguments: ["https://sfspark1.local", "http://192.0.2.1:8080"])
  func nothingStandsInForCertificatesAndAddresses(url: String) async throws {
    let result = try await run(
      try Self.login(url), fallback: "ip", url: url, verdict: Self.answers)
    #expect(parameter(.checkServer, "CANDIDATES") == "")
    #expect(result.failure?.code == .serverResolve)
  }

  @Test func aNameThatNobodyResolvesHasNoCandidates() async throws {
    let result = try await run(
      try Self.login(Self.name), fallback: "ip", names: [:], verdict: ["verdict": (0, "resolve")])
    #expect(parameter(.checkServer, "CANDIDATES") == "")
    #expect(result.failure?.hint?.contains("server_url: http://ADDRESS:8080") == true)
  }

  /// Only a login can change the URL, and none was shown.
  @Test func aRepairDoesNotChangeTheServer() async throws {
    let result = try await run(
      [
        .checkServer(try #require(ServerURL(Self.name))),
        .startService(StartServiceStep(resumes: true)),
      ], fallback: "ip", verdict: Self.answers)
    #expect(result.failure?.code == .serverResolve)
    #expect(result.failure?.hint?.contains(Self.address) == true)
  }
}

/// Calls as they were sent.
private final class CallLog: Sendable {
  private let calls = Mutex<[RemoteCall]>([])

  func add(_ call: RemoteCall) { calls.withLock { $0.append(call) } }
  var all: [RemoteCall] { calls.withLock { $0 } }
}
