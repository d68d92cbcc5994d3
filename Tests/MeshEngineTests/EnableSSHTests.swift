import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

@Suite("A host where SSH is enabled first", .timeLimit(.minutes(1)))
struct EnableSSHTests {
  private let events = RecordingEvents()
  private let clock = ManualClock()
  private let story = KeysInFlightTests.Story()

  static func failed(_ code: DiagnosticCode) -> ProbeResult {
    .failed(Diagnostic(code, .error, "no SSH", evidence: "Connection refused", hint: "look"))
  }

  /// A chain of this one step; the n-th probe answers with the n-th result, the last one for ever.
  private func run(
    _ way: EnableSSHStep.Way, probes: [ProbeResult],
    os: String = "linux", deliver: @escaping @Sendable () async throws -> Void = {}
  ) async throws -> ChainResult {
    let host = try #require(
      try InventoryText.load("hosts: {one: {owner: ops, os: \(os)}}").hosts.first)
    let count = Mutex(0)
    var hosts = FakeHosts()
    hosts.onProbe = { [story] _ in
      story.add("probe")
      let index = count.withLock { value in
        defer { value += 1 }
        return min(value, probes.count - 1)
      }
      return probes[index]
    }
    var bootstrap = FakeBootstrap()
    bootstrap.onDeliver = { [story] found, host in
      story.add("deliver")
      #expect(found == way && host.key == "one")
      try await deliver()
      return "delivered"
    }
    let control = FakeControlPlane()
    let ports = Ports.unimplemented(
      control: control, hosts: hosts, events: events, bootstrap: bootstrap, clock: clock)
    return try await HostChain(
      host: host, steps: [.enableSSH(EnableSSHStep(way))], round: 1, ports: ports,
      keys: KeysInFlight(control: control, ledger: ports.keys),
      nodes: NodeWatch(control: control, clock: clock)
    ).run(facts: nil)
  }

  @Test func theCommandRunsOnceAndTheFactsAreThere() async throws {
    let facts = HostChainTests.facts()
    let result = try await run(
      .command(["x"]),
      probes: [
        EnableSSHTests.failed(.sshRefused), EnableSSHTests.failed(.sshNoBanner),
        EnableSSHTests.failed(.sshUnreachable), .facts(facts),
      ])
    #expect(result.failure == nil && result.waiting == nil)
    #expect(result.stepsDone == [.enableSSH])
    #expect(result.facts == facts)
    #expect(story.all == ["deliver", "probe", "probe", "probe", "probe"])
  }

  @Test(arguments: [DiagnosticCode.sshHostKeyUnknown, .sshAuthentication])
  func whateverElseSSHSaysMeansThatItAnswers(code: DiagnosticCode) async throws {
    let result = try await run(.command(["x"]), probes: [EnableSSHTests.failed(code)])
    #expect(result.failure == nil && result.stepsDone == [.enableSSH] && result.facts == nil)
    #expect(story.all == ["deliver", "probe"])
  }

  /// On Windows the server starts before the keys are in their place.
  @Test func windowsMayRefuseTheLoginForAMoment() async throws {
    let facts = HostChainTests.facts()
    let result = try await run(
      .command(["x"]),
      probes: [
        EnableSSHTests.failed(.sshRefused), EnableSSHTests.failed(.sshAuthentication),
        .facts(facts),
      ], os: "windows")
    #expect(result.failure == nil && result.facts == facts)
    #expect(story.all == ["deliver", "probe", "probe", "probe"])
  }

  @Test func keysThatStayOutAreAFailureThatNamesFileAndACL() async throws {
    let result = try await run(
      .command(["x"]), probes: [EnableSSHTests.failed(.sshAuthentication)], os: "windows")
    let failure = try #require(result.failure)
    #expect(failure.code == .bootstrapKeys && result.waiting == nil)
    #expect(failure.message == "one still refuses the login 120 s after delivered")
    #expect(failure.detail?.contains("administrators_authorized_keys") == true)
    #expect(failure.detail?.contains("ACL") == true)
    #expect(failure.hint?.hasSuffix("then: meshctl apply --limit one") == true)
  }

  @Test func keysThatASetupHasYetToBringAreWaitedFor() async throws {
    let result = try await run(
      .files("oem"), probes: [EnableSSHTests.failed(.sshAuthentication)], os: "windows")
    #expect(result.failure == nil && result.waiting?.code == .bootstrapKeys)
    #expect(result.waiting?.detail?.contains("administrators_authorized_keys") == true)
    #expect(result.waiting?.hint?.contains(#"C:\OEM\install.bat"#) == true)
  }

  @Test func aCommandThatDidNotHelpIsAFailureWithinTheBound() async throws {
    let start = clock.now()
    let result = try await run(
      .command(["x"]), probes: [EnableSSHTests.failed(.sshRefused)])
    #expect(result.failure?.code == .bootstrapNoAnswer)
    #expect(result.failure?.evidence == "Connection refused")
    #expect(result.failure?.detail?.contains("The machine may be off") == true)
    #expect(result.failure?.hint?.hasPrefix("see that one is on, look at ") == true)
    #expect(result.waiting == nil && result.stepsDone == [])
    let waited = clock.now().seconds(since: start)
    #expect((120...126).contains(waited), "\(waited)")
  }

  @Test func filesWaitForTheMachinesOwnSetup() async throws {
    let result = try await run(.files("oem"), probes: [EnableSSHTests.failed(.sshNoBanner)])
    #expect(result.failure == nil)
    #expect(result.waiting?.code == .bootstrapSetup && result.waiting?.hint != nil)
    #expect(result.stepsDone == [.enableSSH])
  }

  @Test func theWaitIsSaidOnce() async throws {
    _ = try await run(.files("oem"), probes: [EnableSSHTests.failed(.sshRefused)])
    let said = events.all.filter { if case .waits = $0.kind { true } else { false } }
    #expect(said.count == 1 && said.first?.host == nil)
    guard case .waits(let finding)? = said.first?.kind else { return }
    #expect(finding.message.contains("one: delivered; waiting up to 120 s"))
  }

  @Test func aDeliveryThatFailsIsNotWaitedFor() async throws {
    let result = try await run(
      .command(["x"]), probes: [EnableSSHTests.failed(.sshRefused)],
      deliver: { throw KeysInFlightTests.broken })
    #expect(result.failure?.code.rawValue == "MESH-TEST")
    #expect(story.all == ["deliver"])
  }

  @Test func aCancellationEndsTheWait() async throws {
    let task = Task {
      try await run(
        .command(["x"]), probes: [EnableSSHTests.failed(.sshRefused)],
        deliver: { try await Task.sleep(for: .seconds(30)) })
    }
    while story.all.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(story.all == ["deliver"])
  }
}
