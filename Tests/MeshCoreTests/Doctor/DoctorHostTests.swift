import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// What doctor makes of a host's answers.
@Suite struct DoctorHostTests {
  static let now = Timestamp(seconds: 1_780_000_000)

  static func facts(_ change: (inout HostFacts) -> Void = { _ in }) -> HostFacts {
    var facts = HostFacts(os: .linux, elevation: .sudo)
    facts.distribution = "debian"
    facts.distributionVersion = "12"
    facts.distributionCodename = "bookworm"
    facts.architecture = "x86_64"
    facts.user = "ops"
    facts.packageManagers = ["apt"]
    facts.service = .running
    change(&facts)
    return facts
  }

  static func client(
    _ version: String = "1.102.3", state: String? = "Running", node: MeshNode? = nil,
    url: String = "https://mesh.example.com"
  ) -> ClientFacts {
    var client = ClientFacts(version: version)
    client.backendState = state
    client.nodeKey = node?.nodeKey
    client.preferences = ReportedPreferences()
    client.preferences?.controlURL = url
    return client
  }

  static func report(_ verdict: String, _ evidence: String = "said") -> ReachAnswer {
    .report(
      ScriptReport(sections: [
        "verdict": .init(status: 0, text: verdict), "evidence": .init(status: 0, text: evidence),
        "tool": .init(status: 0, text: "curl"), "address": .init(status: 0, text: "192.0.2.1"),
      ]))
  }

  static func doctor(
    _ host: MeshCore.Host, _ probe: ProbeResult, nodes: [MeshNode]? = [],
    version: String? = "0.29.2",
    server: ReachAnswer? = report("ok"), source: ReachAnswer? = report("ok")
  ) throws -> [DoctorCheck.Kind: DoctorCheck] {
    let url = try HostFixture.url("https://mesh.example.com")
    let checks = DoctorHost(
      host: host, probe: probe, server: url, serverVersion: version, nodes: nodes, now: now,
      serverCheck: server, sourceCheck: source
    ).checks
    #expect(checks.map(\.kind) == DoctorCheck.Kind.ofHost)
    for check in checks where check.verdict == .fail {
      #expect(check.finding?.hint?.isEmpty == false, "\(check)")
      #expect(check.finding?.severity == .error)
    }
    return Dictionary(uniqueKeysWithValues: checks.map { ($0.kind, $0) })
  }

  // MARK: The way there

  /// P pass, F fail, U unknown, in the order of the checks.
  @Test(arguments: [
    (DiagnosticCode.sshResolve, "FUUUUUUUUU"), (.sshRefused, "PFUUUUUUUU"),
    (.sshUnreachable, "PFUUUUUUUU"), (.sshHostKeyUnknown, "PPFUUUUUUU"),
    (.sshHostKeyChanged, "PPFUUUUUUU"), (.sshAuthentication, "PPPFUUUUUU"),
    (.sshNoShell, "PPPFUUUUUU"), (.targetOSDiffers, "PPPPFUUUUU"), (.sshJump, "UUUFUUUUUU"),
    (.sshProgram, "UUUFUUUUUU"), (.sshTimeout, "UUUFUUUUUU"), (.sshLost, "UUUFUUUUUU"),
    (.sshFailed, "UUUFUUUUUU"), (.elevateTerminal, "PPPFUUUUUU"),
  ])
  func aFailedProbeSaysHowFarItCame(code: DiagnosticCode, expected: String) throws {
    let finding = Diagnostic(code, .error, "no", hint: "do this", host: "web1")
    let checks = try Self.doctor(
      HostFixture.host(), .failed(finding), server: nil, source: nil)
    let letters = DoctorCheck.Kind.ofHost.map { kind in
      switch checks[kind]?.verdict {
      case .pass: "P"
      case .fail: "F"
      case .unknown: "U"
      case nil: "?"
      }
    }
    #expect(letters.joined() == expected)
  }

  @Test func thisMachineHasNoSSH() throws {
    let host = HostFixture.host { $0.connection = .local }
    let checks = try Self.doctor(host, .facts(Self.facts()))
    #expect(checks[.hostKey]?.words == "this machine, no SSH")
  }

  /// A plan always blocks such a host, so facts of this machine are no pass.
  @Test func aWindowsHostIsNeverThisMachine() throws {
    let host = HostFixture.host {
      $0.connection = .local
      $0.os = .windows
    }
    let checks = try Self.doctor(host, .facts(Self.facts()))
    #expect(checks[.os]?.verdict == .fail && checks[.os]?.finding?.code == .targetUnsupported)
    #expect(checks.values.allSatisfy { $0.kind == .os || $0.verdict == .unknown })
  }

  // MARK: Root

  @Test(
    arguments: [
      (HostFacts.Elevation.root, DoctorCheck.Verdict.pass, nil), (.sudo, .pass, nil),
      (.doas, .pass, nil), (.sudoPassword, .fail, DiagnosticCode.elevatePassword),
      (.refused, .fail, .elevateRefused), (.unavailable, .fail, .elevateUnavailable),
    ] as [(HostFacts.Elevation, DoctorCheck.Verdict, DiagnosticCode?)])
  func elevation(
    _ elevation: HostFacts.Elevation, verdict: DoctorCheck.Verdict, code: DiagnosticCode?
  ) throws {
    let checks = try Self.doctor(
      HostFixture.host(), .facts(Self.facts { $0.elevation = elevation }))
    #expect(checks[.elevation]?.verdict == verdict && checks[.elevation]?.finding?.code == code)
    if elevation == .sudoPassword {
      #expect(checks[.elevation]?.finding?.hint?.hasPrefix("meshctl prepare web1") == true)
      let host = HostFixture.host { $0.become.password = .environment("X") }
      let known = try Self.doctor(host, .facts(Self.facts { $0.elevation = elevation }))
      #expect(known[.elevation]?.verdict == .unknown, "no password is sent by a look")
    }
  }

  /// As `meshctl prepare --one-time` leaves a host.
  @Test(arguments: [("ops", DoctorCheck.Verdict.pass), ("eve", .fail)])
  func anOperatorNeedsNoRoot(name: String, verdict: DoctorCheck.Verdict) throws {
    var client = Self.client()
    client.preferences?.operatorUser = name
    let facts = Self.facts {
      $0.elevation = .sudoPassword
      $0.client = client
    }
    let check = try Self.doctor(HostFixture.host(), .facts(facts))[.elevation]
    #expect(check?.verdict == verdict)
    #expect(check?.words.contains("without root") == (verdict == .pass))
  }

  // MARK: Source

  @Test(arguments: [
    ("ok", DoctorCheck.Verdict.pass), ("http", .fail), ("resolve", .fail), ("connect", .fail),
    ("tls", .fail), ("no-tool", .unknown), ("nonsense", .unknown),
  ])
  func aptSources(verdict: String, expected: DoctorCheck.Verdict) throws {
    let check = try Self.doctor(
      HostFixture.host(), .facts(Self.facts()), source: Self.report(verdict))[.packageSource]
    #expect(check?.verdict == expected)
  }

  @Test func whereSourcesAre() {
    let place = DoctorSource(host: HostFixture.host(), facts: Self.facts()).place
    let file = "https://pkgs.tailscale.com/stable/debian/bookworm.noarmor.gpg"
    #expect(place?.url == file && place?.isFile == true)
    let mirrored = DoctorSource(
      host: HostFixture.host { $0.tailscale.mirror = "http://pkgs.lab.test:8081/stable/" },
      facts: Self.facts()
    ).place
    #expect(mirrored?.url == "http://pkgs.lab.test:8081/stable/debian/bookworm.noarmor.gpg")
    let installed = Self.facts { $0.client = Self.client() }
    #expect(DoctorSource(host: HostFixture.host(), facts: installed).place == nil)
  }

  @Test func nothingToInstallIsAPass() throws {
    let facts = Self.facts { $0.client = Self.client() }
    let check = try Self.doctor(HostFixture.host(), .facts(facts), source: nil)[.packageSource]
    #expect(check?.verdict == .pass && check?.words.contains("1.102.3") == true)
    let pinned = HostFixture.host { $0.tailscale.version = .pinned("1.90.0") }
    let needed = try Self.doctor(pinned, .facts(facts), source: nil)[.packageSource]
    #expect(needed?.verdict == .unknown, "it would be changed, and nothing was asked")
  }

  // MARK: Server, client, mesh

  @Test(arguments: [
    ("ok", DoctorCheck.Verdict.pass), ("resolve", .fail), ("connect", .fail), ("tls", .fail),
    ("http", .fail), ("body", .fail), ("no-tool", .unknown),
  ])
  func theServerFromThere(verdict: String, expected: DoctorCheck.Verdict) throws {
    let check = try Self.doctor(
      HostFixture.host(), .facts(Self.facts()), server: Self.report(verdict))[.serverURL]
    #expect(check?.verdict == expected)
  }

  @Test func aLostConnectionIsUnknown() throws {
    let lost = ReachAnswer.failed(Diagnostic(.sshLost, .error, "broke", hint: "x"))
    let checks = try Self.doctor(
      HostFixture.host(), .facts(Self.facts()), server: lost, source: lost)
    #expect(checks[.serverURL]?.verdict == .unknown && checks[.packageSource]?.verdict == .unknown)
  }

  @Test func clientVersions() throws {
    func verdict(_ version: String?, pinned: String? = nil, server: String? = "0.29.2") throws
      -> DoctorCheck.Verdict?
    {
      let host = HostFixture.host { host in
        if let pinned { host.tailscale.version = .pinned(pinned) }
      }
      let facts = Self.facts { $0.client = version.map { Self.client($0) } }
      return try Self.doctor(host, .facts(facts), version: server)[.clientVersion]?.verdict
    }
    #expect(try verdict("1.102.3") == .pass)
    #expect(try verdict("1.78.1") == .fail)
    #expect(try verdict("1.78.1", server: "0.28.0") == .pass)
    #expect(try verdict("1.78.1", server: nil) == .unknown)
    #expect(try verdict(nil) == .pass)
    #expect(try verdict(nil, pinned: "1.60.0") == .fail)
    #expect(try verdict("") == .unknown)
  }

  @Test func membership() throws {
    let node = ReachMesh.node(1, "web1")
    func check(
      _ client: ClientFacts?, _ nodes: [MeshNode]?, _ change: (inout HostFacts) -> Void = { _ in }
    ) throws -> DoctorCheck? {
      let facts = Self.facts {
        $0.client = client
        change(&$0)
      }
      return try Self.doctor(HostFixture.host(), .facts(facts), nodes: nodes)[.mesh]
    }
    #expect(try check(Self.client(node: node), [node])?.words == "node #1, online")
    #expect(try check(nil, [])?.verdict == .unknown)
    #expect(try check(Self.client(state: "NeedsLogin"), [])?.verdict == .unknown, "not joined yet")
    #expect(try check(Self.client(state: nil), [])?.verdict == .fail, "the daemon is down")
    #expect(try check(Self.client(node: node), nil)?.verdict == .unknown)
    #expect(try check(Self.client(node: node), [])?.verdict == .fail, "its node was deleted")
    let other = ReachMesh.node(2, "web1")
    #expect(try check(Self.client(node: node), [other])?.verdict == .fail, "only the name is its")
    #expect(try check(Self.client(state: "Stopped", node: node), [node])?.verdict == .fail)
    var away = node
    away.online = false
    #expect(try check(Self.client(node: node), [away])?.verdict == .fail)
    var expired = node
    expired.expiry = Self.now.adding(seconds: -5)
    #expect(try check(Self.client(node: node), [expired])?.verdict == .fail)
    let elsewhere = Self.client(node: node, url: "https://other.example.com")
    let moved = try check(elsewhere, [])
    #expect(moved?.verdict == .fail && moved?.words.contains("other.example.com") == true)
    #expect(try check(elsewhere, [node])?.verdict == .pass, "the key says it is this server")
    var renamed = node
    renamed.givenName = "x\u{1B}[31m"
    #expect(try check(Self.client(node: node), [renamed])?.verdict == .pass)
  }

  // MARK: Text

  static func mixed() throws -> DoctorReport {
    let inventory = try InventoryText.load(
      """
      hosts:
        web-1: {owner: alice}
        db-1: {owner: alice}
        nas: {owner: alice}
        \("n" + String(repeating: "x", count: 62)): {owner: alice}
      """)
    let node = ReachMesh.node(1, "web-1")
    func part(_ index: Int, _ probe: ProbeResult) -> DoctorReport.HostPart {
      let host = inventory.hosts[index]
      let doctor = DoctorHost(
        host: host, probe: probe, server: inventory.server.url, serverVersion: "0.29.2",
        nodes: [node], now: now, serverCheck: report(index == 2 ? "resolve" : "ok"),
        sourceCheck: report("ok"))
      return .init(host: host.key, os: host.os, checks: doctor.checks)
    }
    let server = DoctorServer(
      inventory: inventory, url: "https://mesh.example.com",
      identity: .success(ServerIdentity(url: "https://mesh.example.com", version: "0.29.2")),
      nodes: .success(
        .init(nodes: [node], serverTime: now.adding(seconds: 45), localTime: now)),
      policy: .success(.unreadable("3:1: \u{1B}]0;owned\u{7} expected a value")),
      examination: .success(
        ServerExamination(support: nil, key: .expires(now.adding(seconds: 5 * 86_400)))))
    return DoctorReport(
      inventory: inventory, serverURL: "https://mesh.example.com", simulated: false,
      server: server.checks,
      hosts: [
        part(0, .facts(facts { $0.client = client(node: node) })),
        part(
          1,
          .failed(
            Diagnostic(
              .sshHostKeyChanged, .error, "db-1 shows another host key than the known one",
              detail: "It was reinstalled, or somebody else answers.",
              evidence: "REMOTE HOST \u{1B}[2J", hint: "ssh-keygen -R db-1", host: "db-1"))),
        part(2, .facts(facts { $0.elevation = .sudoPassword })), part(3, .facts(facts())),
      ])
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Cases/doctor")

  @Test(arguments: [60, 80, 120, 200, nil], [false, true])
  func looksLikeThis(width: Int?, verbose: Bool) throws {
    let report = try Self.mixed()
    let text = DoctorText(report, style: TextStyle(width: width, verbose: verbose)).rendered
    let name = "mixed" + (width.map { "-\($0)" } ?? "") + (verbose ? "-v" : "") + ".txt"
    GoldenFile(url: Self.folder.appendingPathComponent(name)).expect(text)
    for line in text.split(separator: "\n") {
      for scalar in line.unicodeScalars { #expect(!VisibleText.isHidden(scalar)) }
    }
    let painted = DoctorText(
      report, style: TextStyle(color: true, width: width, verbose: verbose)
    ).rendered
    #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == text && painted != text)
  }

  @Test func jsonIsAContract() throws {
    GoldenFile(url: Self.folder.appendingPathComponent("mixed.json"))
      .expect(DoctorDocument.json(try Self.mixed()) + "\n")
  }
}
