import MeshCore
import Testing

/// Every row of the sudo and doas tables (reference tailscale-client.md §5.1): what a probe makes of it,
/// and what is said when a script meets it.
@Suite struct ElevationRowTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var program: String
    var text: String
    var status: Int
    var elevation: HostFacts.Elevation
    var code: DiagnosticCode
    /// What a plan does with the host.
    var action: String
    /// A part of the next command.
    var next: String

    var testDescription: String { "\(program): \(text) (exit \(status))" }
  }

  private static func sudo(
    _ text: String, _ elevation: HostFacts.Elevation, _ code: DiagnosticCode, _ action: String,
    next: String, status: Int = 1
  ) -> Row {
    Row(
      program: "sudo", text: text, status: status, elevation: elevation, code: code,
      action: action, next: next)
  }

  private static func doas(
    _ text: String, _ elevation: HostFacts.Elevation, _ code: DiagnosticCode, _ action: String,
    next: String, status: Int = 1
  ) -> Row {
    Row(
      program: "doas", text: text, status: status, elevation: elevation, code: code,
      action: action, next: next)
  }

  private static let refusedHint = "who may run sudo"

  static let rows = [
    sudo(
      "sudo: a password is required", .sudoPassword, .elevatePassword, "wait", next: "become"),
    sudo(
      "sudo: interactive authentication is required", .sudoPassword, .elevatePassword, "wait",
      next: "become"),
    sudo(
      "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required",
      .sudoPassword, .elevatePassword, "wait", next: "become"),
    sudo(
      "sudo: no tty present and no askpass program specified", .sudoPassword, .elevatePassword,
      "wait", next: "become"),
    sudo(
      "sudo: A terminal is required to authenticate", .sudoPassword, .elevatePassword, "wait",
      next: "become"),
    sudo(
      "sudo: sorry, you must have a tty to run sudo", .terminal, .elevateTerminal, "wait",
      next: "!requiretty"),
    sudo(
      "Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt",
      .refused, .elevateWrongPassword, "blocked", next: "become.password"),
    sudo(
      "sudo: 3 incorrect password attempts", .refused, .elevateWrongPassword, "blocked",
      next: "become.password"),
    sudo(
      "sudo: maximum 3 incorrect authentication attempts", .refused, .elevateWrongPassword,
      "blocked", next: "become.password"),
    sudo(
      "sudo: Authentication failed, try again.", .refused, .elevateWrongPassword, "blocked",
      next: "become.password"),
    sudo(
      "ops is not in the sudoers file.\nThis incident has been reported to the administrator.",
      .refused, .elevateRefused, "blocked", next: refusedHint),
    sudo(
      "ops is not in the sudoers file.  This incident will be reported.", .refused,
      .elevateRefused, "blocked", next: refusedHint),
    sudo(
      "ops is not allowed to run sudo on web1.  This incident will be reported.", .refused,
      .elevateRefused, "blocked", next: refusedHint),
    sudo(
      "Sorry, user ops may not run sudo on web1.", .refused, .elevateRefused, "blocked",
      next: refusedHint),
    sudo(
      "sudo: I'm sorry ops. I'm afraid I can't do that", .refused, .elevateRefused, "blocked",
      next: refusedHint),
    sudo(
      "Sorry, user ops is not allowed to execute '/usr/bin/true' as root on web1.", .refused,
      .elevateRefused, "blocked", next: refusedHint),
    sudo(
      "sudo: account validation failure, is your account locked?", .refused, .elevateRefused,
      "blocked", next: refusedHint),
    sudo(
      "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.\nsudo: If sudo is running in a container, you may need to adjust the container configuration to disable the flag.",
      .noNewPrivileges, .elevateNoNewPrivileges, "blocked", next: "how that container is started"),
    sudo(
      "sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set or an NFS file system without root privileges?",
      .noNewPrivileges, .elevateNoNewPrivileges, "blocked", next: "container"),
    sudo(
      "sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set", .noNewPrivileges,
      .elevateNoNewPrivileges, "blocked", next: "container"),
    sudo(
      "sudo: not found", .unavailable, .elevateUnavailable, "blocked", next: "ssh.user", status: 127
    ),
    sudo(
      "env: \u{2018}sudo\u{2019}: No such file or directory", .unavailable, .elevateUnavailable,
      "blocked", next: "ssh.user", status: 127),
    doas(
      "doas: Authentication required", .doasPassword, .elevateDoas, "wait",
      next: "permit nopass ops"),
    doas(
      "doas: Authorization required", .doasPassword, .elevateDoas, "wait",
      next: "permit nopass ops"),
    doas("doas: a tty is required", .doasPassword, .elevateDoas, "wait", next: "permit nopass ops"),
    doas(
      "doas: Operation not permitted", .refused, .elevateRefused, "blocked", next: refusedHint),
    doas(
      "doas: doas is not enabled, /etc/doas.conf: No such file or directory", .refused,
      .elevateRefused, "blocked", next: refusedHint),
    doas(
      "doas: not found", .unavailable, .elevateUnavailable, "blocked", next: "ssh.user", status: 127
    ),
  ]

  static let host = HostFixture.host { $0.ssh.user = "ops" }

  private func facts(_ row: Row) throws -> HostFacts {
    var sections: [String: (Int, String)] = [
      "uname": (0, "Linux"), "user": (0, "ops"), "uid": (0, "1000"),
      "sudo": (127, "sudo: not found"), "doas": (127, "doas: not found"),
    ]
    sections[row.program] = (row.status, row.text)
    let answer = HostFixture.answer(sections)
    guard case .facts(let facts) = LinuxTarget.facts(in: answer, of: Self.host) else {
      throw HostFixture.BadFixture(text: "no facts")
    }
    return facts
  }

  @Test(arguments: rows) func whatAScriptMeets(row: Row) throws {
    let finding = try #require(SudoClassifier.diagnostic(of: row.text, on: Self.host))
    #expect(finding.code == row.code && finding.severity == .error && finding.host == "web1")
    #expect(finding.hint?.contains(row.next) == true, "\(finding)")
    #expect(finding.evidence.map(row.text.contains) == true)
  }

  @Test(arguments: rows) func whatAProbeTells(row: Row) throws {
    let facts = try facts(row)
    #expect(facts.elevation == row.elevation)
    #expect(row.status == 127 || facts.elevationEvidence.map(row.text.contains) == true)
    switch ElevationChoice.choose(BecomeSettings(), facts: facts) {
    case .ready: Issue.record("it is not ready")
    case .password: #expect(row.action == "wait" && row.code == .elevatePassword)
    case .impossible:
      let refusal = try #require(RootWay.refusal(Self.host, facts)?.finding)
      // A probe gives no password, so it never meets a wrong one.
      #expect(row.code == .elevateWrongPassword || refusal.code == row.code, "\(refusal)")
      #expect(refusal.hint?.isEmpty == false)
    }
  }

  @Test func rootSudoAndDoas() throws {
    func elevation(_ change: [String: (Int, String)]) throws -> HostFacts.Elevation {
      let sections: [String: (Int, String)] = [
        "uname": (0, "Linux"), "user": (0, "ops"), "uid": (0, "1000"),
        "sudo": (127, "sudo: not found"), "doas": (127, "doas: not found"),
      ]
      let answer = HostFixture.answer(sections.merging(change) { $1 })
      guard case .facts(let facts) = LinuxTarget.facts(in: answer, of: Self.host) else {
        throw HostFixture.BadFixture(text: "no facts")
      }
      return facts.elevation
    }
    #expect(try elevation(["uid": (0, "0")]) == .root)
    #expect(try elevation(["sudo": (0, "")]) == .sudo)
    #expect(try elevation(["doas": (0, "")]) == .doas)
    // Where sudo refuses and doas works, doas it is.
    #expect(
      try elevation(["sudo": (1, "ops is not in the sudoers file."), "doas": (0, "")]) == .doas)
    // A password can be given to sudo, but not to doas.
    #expect(
      try elevation([
        "sudo": (1, "sudo: a password is required"), "doas": (1, "doas: Authentication required"),
      ]) == .sudoPassword)
  }

  /// `become.method` decides; what it leaves out is not used.
  static let methods: [(BecomeSettings.Method, HostFacts.Elevation, DiagnosticCode?)] = [
    (.none, .sudo, .elevateRefused), (.doas, .sudo, .elevateRefused),
    (.doas, .terminal, .elevateRefused), (.sudo, .doasPassword, .elevateUnavailable),
    (.none, .root, nil), (.sudo, .sudo, nil), (.doas, .doas, nil),
  ]

  @Test(arguments: methods)
  func method(
    method: BecomeSettings.Method, elevation: HostFacts.Elevation, code: DiagnosticCode?
  ) {
    var host = Self.host
    host.become.method = method
    var facts = HostFacts(os: .linux, elevation: elevation)
    facts.user = "ops"
    #expect(RootWay.refusal(host, facts)?.finding.code == code)
  }
}
