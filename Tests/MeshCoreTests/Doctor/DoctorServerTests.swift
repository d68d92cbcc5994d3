import MeshCore
import MeshTestSupport
import Testing

/// What doctor makes of the server's answers.
@Suite struct DoctorServerTests {
  static let now = Timestamp(seconds: 1_780_000_000)

  private func server(
    identity: Result<ServerIdentity, Failure>? = nil, serverTime: Timestamp? = now,
    nodes: Failure? = nil, policy: Result<PolicyState, Failure> = .success(.tagOwners(["tag:a"])),
    key: APIKeyState = .expires(nil), support: Diagnostic? = nil, examination: Failure? = nil,
    yaml: String = "hosts:\n  web-1: {owner: alice}\n"
  ) throws -> [DoctorCheck.Kind: DoctorCheck] {
    let list = DoctorServer.NodeListing(nodes: [], serverTime: serverTime, localTime: Self.now)
    let identity =
      identity
      ?? .success(ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"))
    var doctor = DoctorServer(
      inventory: try InventoryText.load(yaml), url: "https://mesh.example.com",
      identity: identity)
    if case .success = identity {
      doctor.nodes = nodes.map { .failure($0) } ?? .success(list)
      if nodes == nil {
        doctor.policy = policy
        doctor.examination =
          examination.map { .failure($0) }
          ?? .success(ServerExamination(support: support, key: key))
      }
    }
    let checks = doctor.checks
    #expect(
      checks.map(\.kind) == [.inventory, .api, .apiKey, .serverVersion, .policy, .clock])
    for check in checks where check.verdict == .fail {
      #expect(check.finding?.hint?.isEmpty == false || check.finding?.evidence != nil)
    }
    return Dictionary(uniqueKeysWithValues: checks.map { ($0.kind, $0) })
  }

  private func verdicts(_ checks: [DoctorCheck.Kind: DoctorCheck]) -> [DoctorCheck.Verdict?] {
    [.api, .apiKey, .serverVersion, .policy, .clock].map { checks[$0]?.verdict }
  }

  @Test func allIsWell() throws {
    let checks = try server()
    #expect(verdicts(checks) == [.pass, .pass, .pass, .pass, .pass])
    #expect(checks.values.allSatisfy { $0.finding == nil })
  }

  /// What cannot be reached makes the rest unknown, not failed.
  @Test(
    arguments: [
      (DiagnosticCode.apiUnreachable, [.fail, .unknown, .unknown, .unknown, .unknown]),
      (.apiUnresolved, [.fail, .unknown, .unknown, .unknown, .unknown]),
      (.apiTLS, [.fail, .unknown, .unknown, .unknown, .unknown]),
      (.apiKeyMissing, [.unknown, .fail, .unknown, .unknown, .unknown]),
      (.apiKeyMalformed, [.unknown, .fail, .unknown, .unknown, .unknown]),
      (.apiVersionTooOld, [.pass, .unknown, .fail, .unknown, .unknown]),
    ] as [(DiagnosticCode, [DoctorCheck.Verdict])])
  func aFirstFailure(code: DiagnosticCode, expected: [DoctorCheck.Verdict]) throws {
    let checks = try server(identity: .failure(Failure(code, "no", hint: "do")))
    #expect(verdicts(checks) == expected.map(Optional.some))
  }

  @Test func aRefusedKey() throws {
    let checks = try server(nodes: Failure(.apiKeyRefused, "Headscale refused the key", hint: "x"))
    #expect(verdicts(checks) == [.pass, .fail, .pass, .unknown, .unknown])
    #expect(checks[.apiKey]?.finding?.code == .apiKeyRefused)
  }

  @Test(arguments: [
    (APIKeyState.notNeeded("a socket"), DoctorCheck.Verdict.pass, false),
    (.unlisted, .unknown, false),
    (.expires(nil), .pass, false), (.expires(now.adding(seconds: 90 * 86_400)), .pass, false),
    (.expires(now.adding(seconds: 14 * 86_400)), .pass, false),
    (.expires(now.adding(seconds: 14 * 86_400 - 1)), .pass, true),
    (.expires(now.adding(seconds: 3600)), .pass, true),
  ])
  func whenTheKeyRunsOut(state: APIKeyState, verdict: DoctorCheck.Verdict, warns: Bool) throws {
    let check = try #require(try server(key: state)[.apiKey])
    #expect(check.verdict == verdict)
    #expect(check.finding?.code == (warns ? .doctorKeyEnds : nil))
  }

  @Test func aKeyListThatFailsIsUnknown() throws {
    let check = try server(examination: Failure(.apiTimeout, "no answer", hint: "x"))[.apiKey]
    #expect(check?.verdict == .unknown && check?.finding?.code == .apiTimeout)
  }

  @Test(
    arguments: [
      (0, DoctorCheck.Verdict.pass, false), (2, .pass, false), (-20, .pass, false),
      (31, .pass, true), (-300, .pass, true), (301, .fail, true), (-86_400, .fail, true),
    ] as [(Int64, DoctorCheck.Verdict, Bool)])
  func clocks(skew: Int64, verdict: DoctorCheck.Verdict, warns: Bool) throws {
    let check = try #require(
      try server(serverTime: Self.now.adding(seconds: skew))[.clock])
    #expect(check.verdict == verdict && (check.finding != nil) == warns)
    if skew > 2 { #expect(check.words.contains("ahead")) }
    if skew < -2 { #expect(check.words.contains("behind")) }
  }

  @Test func noClockIsUnknown() throws {
    #expect(try server(serverTime: nil)[.clock]?.verdict == .unknown)
  }

  @Test func policies() throws {
    let tagged = "hosts:\n  web-1: {tags: [tag:web]}\n"
    #expect(try server(policy: .success(.none))[.policy]?.finding == nil)
    let warned = try server(policy: .success(.none), yaml: tagged)[.policy]
    #expect(warned?.verdict == .pass && warned?.finding?.code == .doctorPolicy)
    #expect(try server(policy: .success(.unreadable("line 3")))[.policy]?.verdict == .fail)
    #expect(try server(policy: .success(.unknown))[.policy]?.verdict == .unknown)
    let failed = try server(policy: .failure(Failure(.apiTimeout, "no", hint: "x")))[.policy]
    #expect(failed?.verdict == .fail && failed?.finding?.code == .apiTimeout)
  }

  @Test func versions() throws {
    let readOnly = Diagnostic(.apiVersionReadOnly, .error, "can be read only", hint: "upgrade")
    #expect(try server(support: readOnly)[.serverVersion]?.verdict == .fail)
    let untested = Diagnostic(.apiVersionUntested, .warning, "newer", hint: "look")
    let check = try server(support: untested)[.serverVersion]
    #expect(check?.verdict == .pass && check?.finding?.code == .apiVersionUntested)
  }
}

/// The oldest client that each server takes.
@Suite struct ClientFloorTests {
  @Test(arguments: [
    ("0.26.1", OperatingSystem.linux, "1.62"), ("0.27.0", .linux, "1.64"),
    ("0.28.0", .linux, "1.74"), ("0.29.2", .linux, "1.80"), ("0.30.0", .macos, "1.80"),
    ("1.2.0", .linux, "1.80"), ("0.26.1", .windows, "1.74"), ("0.29.2", .windows, "1.80"),
  ])
  func floors(server: String, os: OperatingSystem, floor: String) {
    #expect(ClientFloor.of(server: server, os: os) == floor)
  }

  @Test(
    arguments: [
      ("1.80.0", false), ("1.79.9", true), ("1.102.3", false), ("1.8.0", true), ("2.0.0", false),
      ("1.102", false), ("unknown", nil), ("1", nil),
    ] as [(String, Bool?)])
  func refusals(client: String, refused: Bool?) {
    #expect(ClientFloor.refuses(client: client, server: "0.29.2", os: .linux) == refused)
    #expect(ClientFloor.refuses(client: client, server: nil, os: .linux) == nil)
    #expect(ClientFloor.refuses(client: client, server: "dev", os: .linux) == nil)
  }
}
