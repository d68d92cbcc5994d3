import MeshCore
import Testing

/// What the sections of `check-server` lead to.
@Suite struct CheckServerOutcomeTests {
  private static let name = "http://sfspark1.local:8080"
  private static let address = "http://10.0.0.56:8080"

  private func outcome(
    _ sections: [String: String], url: String = "http://sfspark1.internal:8080",
    candidates: [String] = [], isComplete: Bool = true,
    _ change: (inout Host) -> Void = { _ in }
  ) throws -> CheckServerOutcome {
    var host = HostFixture.host("win-lab")
    change(&host)
    return CheckServerOutcome(
      HostFixture.report(sections.mapValues { (0, $0) }, isComplete: isComplete),
      url: try HostFixture.url(url), candidates: try candidates.map(HostFixture.url), on: host)
  }

  @Test(arguments: [
    ("ok", nil), ("resolve", DiagnosticCode.serverResolve), ("connect", .serverConnect),
    ("tls", .serverTLS), ("http", .serverHTTP), ("body", .serverBody),
  ])
  func aStageThatFailsStopsTheJoin(verdict: String, code: DiagnosticCode?) throws {
    let outcome = try outcome(["verdict": verdict, "evidence": "why\nand more"])
    #expect(outcome.failure?.code == code)
    #expect(outcome.warnings.isEmpty)
    #expect(outcome.server.normalized == "http://sfspark1.internal:8080")
    guard let failure = outcome.failure else { return }
    #expect(failure.severity == .error && failure.host == "win-lab" && failure.hint != nil)
    #expect(failure.evidence == "why", "the first line says it")
  }

  @Test(arguments: ["no-tool", "something new"])
  func whatCouldNotBeCheckedIsAWarning(verdict: String) throws {
    let outcome = try outcome(["verdict": verdict])
    #expect(outcome.failure == nil && outcome.warnings.map(\.code) == [.serverUnchecked])
    let cut = try self.outcome(["verdict": "ok"], isComplete: false)
    #expect(cut.failure == nil && cut.warnings.map(\.code) == [.serverUnchecked])
  }

  @Test func aNameThatDoesNotResolveIsCalledDNSWithTheLineToWrite() throws {
    let outcome = try outcome(
      [
        "verdict": "resolve", "candidate": Self.address, "container": "docker",
        "candidates": "\(Self.address) ok HTTP status 200",
      ], url: Self.name, candidates: [Self.address])
    let failure = try #require(outcome.failure)
    #expect(failure.code == .serverResolve)
    #expect(
      failure.message
        == "`sfspark1.local` does not resolve on win-lab; 10.0.0.56:8080 answers from there")
    #expect(failure.hint == "write for win-lab: server_url: http://10.0.0.56:8080")
    #expect(failure.detail?.contains("It is DNS") == true)
    #expect(failure.detail?.contains("win-lab is in a Docker container") == true)
    #expect(outcome.server.normalized == Self.name)
  }

  @Test func withTheFallbackTheJoinGoesOnByAddress() throws {
    let outcome = try outcome(
      ["verdict": "resolve", "candidate": Self.address], url: Self.name,
      candidates: ["http://10.0.0.7:8080", Self.address]
    ) { $0.serverFallback = .ip }
    #expect(outcome.failure == nil)
    #expect(outcome.server.normalized == Self.address)
    #expect(outcome.warnings.map(\.code) == [.serverByAddress])
    #expect(outcome.warnings.first?.detail?.contains("It is DNS") == true)
  }

  @Test func aTargetMayNameNoAddressThatItWasNotGiven() throws {
    let outcome = try outcome(
      ["verdict": "resolve", "candidate": "http://203.0.113.9:8080"], url: Self.name,
      candidates: [Self.address]
    ) { $0.serverFallback = .ip }
    #expect(outcome.failure?.code == .serverResolve)
    #expect(outcome.server.normalized == Self.name)
    #expect(outcome.failure?.hint?.contains("203.0.113.9") == false)
  }

  @Test func httpsIsNeverSwappedForAnAddress() throws {
    let outcome = try outcome(
      ["verdict": "resolve", "candidate": "https://10.0.0.56"], url: "https://mesh.local",
      candidates: ["https://10.0.0.56"]
    ) { $0.serverFallback = .ip }
    #expect(outcome.failure?.code == .serverResolve)
    #expect(outcome.server.normalized == "https://mesh.local")
    #expect(outcome.failure?.hint?.contains("hosts file, /etc/hosts") == true)
    #expect(outcome.failure?.hint?.contains("server_url") == false)
  }

  @Test func whatWasTriedInVainIsSaid() throws {
    let failure = try #require(
      try outcome(
        ["verdict": "resolve", "candidates": "\(Self.address) connect curl exit 7: refused"],
        url: Self.name, candidates: [Self.address]
      ).failure)
    #expect(failure.detail?.contains("\(Self.address) connect") == true)
    #expect(failure.hint?.contains("server_url: http://ADDRESS:8080") == true)
  }

  /// The system resolves it by nss-mdns; the client asks the hosts file and DNS.
  @Test func multicastOnlyIsAWarningWithTheLineToWrite() throws {
    let sections = ["verdict": "ok", "mdns": "yes", "address": "10.0.0.56"]
    let warned = try outcome(sections, url: Self.name)
    #expect(warned.failure == nil && warned.warnings.map(\.code) == [.serverLocalName])
    #expect(warned.warnings.first?.hint?.contains("server_url: \(Self.address)") == true)
    let joins = try outcome(
      sections.merging(["candidate": Self.address]) { $1 }, url: Self.name,
      candidates: [Self.address]
    ) { $0.serverFallback = .ip }
    #expect(joins.server.normalized == Self.address)
    #expect(joins.warnings.map(\.code) == [.serverByAddress])
  }

  @Test func aLocalNameIsDoubtedOnlyWhereNobodyKnows() throws {
    #expect(
      try outcome(["verdict": "ok"], url: Self.name).warnings.map(\.code) == [.serverLocalName])
    #expect(try outcome(["verdict": "ok", "mdns": "no"], url: Self.name).warnings.isEmpty)
    // There the client asks the system's resolver.
    for os in [OperatingSystem.windows, .macos] {
      #expect(try outcome(["verdict": "ok"], url: Self.name) { $0.os = os }.warnings.isEmpty)
    }
  }

  @Test func aProxyOfTheLoginIsSaidAndNotTrusted() throws {
    let proxy = ["proxy": "http_proxy=http://proxy:3128"]
    let reached = try outcome(
      proxy.merging(["verdict": "connect", "proxied": "ok"]) { $1 })
    #expect(reached.failure == nil && reached.warnings.map(\.code) == [.serverProxy])
    #expect(
      reached.warnings.first?.hint?.contains("HTTP_PROXY=http://proxy:3128 into") == true)
    let lost = try outcome(proxy.merging(["verdict": "connect", "proxied": "http"]) { $1 })
    #expect(lost.failure?.code == .serverConnect)
    #expect(lost.failure?.detail?.contains("through it: http") == true)
  }

  @Test(arguments: [
    ("300", nil), ("-300", nil), ("301", "5 min behind the server's"),
    ("-9000", "2 h ahead of the server's"), ("400000", "4 d behind the server's"), ("", nil),
    ("soon", nil), ("9223372036854775807", nil), ("-9223372036854775808", nil),
  ])
  func clocksThatDifferAreSaid(clock: String, words: String?) throws {
    let outcome = try outcome(["verdict": "ok", "clock": clock])
    #expect(outcome.failure == nil)
    #expect(outcome.warnings.map(\.code) == (words == nil ? [] : [.serverClock]))
    if let words {
      #expect(outcome.warnings.first?.message == "the clock of win-lab is \(words)")
      #expect(outcome.warnings.first?.hint?.contains("timedatectl") == true)
    }
  }

  @Test func aWrongClockExplainsARefusedCertificate() throws {
    let failure = try #require(
      try outcome(["verdict": "tls", "clock": "86400"], url: "https://mesh.example.com").failure)
    #expect(failure.code == .serverTLS)
    #expect(failure.detail?.contains("Its clock is 24 h behind the server's") == true)
    #expect(failure.hint?.contains("set-ntp") == true)
  }

  @Test func aLoopbackAddressMeansTheHostItself() throws {
    let failure = try #require(
      try outcome(["verdict": "connect"], url: "http://127.0.0.1:8080").failure)
    #expect(failure.message.hasSuffix("which is win-lab itself"))
  }

  @Test func busyboxChecksNoCertificate() throws {
    let outcome = try outcome(
      ["verdict": "ok", "tool": "busybox-wget"], url: "https://mesh.example.com")
    #expect(outcome.warnings.map(\.code) == [.serverUnchecked])
  }

  // MARK: Addresses

  @Test func onlyAddressesThatMeanTheSameMachineElsewhereAreCandidates() throws {
    let url = try HostFixture.url("http://sfspark1.local:8080/hs")
    let candidates = url.candidates(at: [
      "127.0.0.1", "::1", "fd00::56", "169.254.1.2", "fe80::1", "0.0.0.0", "::", "224.0.0.251",
      "ff02::fb", "100.64.0.3", "fd7a:115c:a1e0::3", "::ffff:10.0.0.56", "nonsense", "10.0.0.56",
      "10.0.0.56", "10.0.0.57",
    ])
    #expect(
      candidates.map(\.normalized) == [
        "http://10.0.0.56:8080/hs", "http://10.0.0.57:8080/hs", "http://[fd00::56]:8080/hs",
      ])
    for none in ["https://sfspark1.local", "http://10.0.0.1:8080"] {
      #expect(try HostFixture.url(none).candidates(at: ["10.0.0.56"]).isEmpty)
    }
    let many = (1...9).map { "10.0.0.\($0)" }
    #expect(url.candidates(at: many).count == 4)
  }

  @Test func theCallOfAJoinTakesTheAddress() throws {
    let (named, used) = (try HostFixture.url(Self.name), try HostFixture.url(Self.address))
    let join = RemoteCall.join(
      arguments: ["--reset", "--login-server=\(Self.name)", "--hostname=x"], key: .preAuthKey)
    let changed = join.joining(by: used, insteadOf: named)
    #expect(
      changed.parameters.first?.value == "--reset\n--login-server=\(Self.address)\n--hostname=x")
    #expect(changed.secretFiles == join.secretFiles)
    #expect(join.joining(by: named, insteadOf: named) == join)
    let other = RemoteCall.setPreferences(arguments: ["--ssh=true"])
    #expect(other.joining(by: used, insteadOf: named) == other)
    let check = RemoteCall.checkServer(named)
    #expect(check.joining(by: used, insteadOf: named) == check)
  }
}
