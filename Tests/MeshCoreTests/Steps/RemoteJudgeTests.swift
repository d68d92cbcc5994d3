import MeshCore
import Testing

/// What each script's answer means: done, failed at a stage, or cut short.
@Suite struct RemoteJudgeTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var call: RemoteCall
    var sections: [String: (Int, String)]
    var errorText = ""
    /// Nil where the step is done.
    var code: String?
    /// The detail of a verdict, or a part of the failure's evidence or message.
    var words = ""

    var testDescription: String { "\(call.script.rawValue) \(code ?? "done") \(words)" }
  }

  static let url = "https://mesh.example.com"
  static let running = """
    {"BackendState":"Running","HaveNodeKey":true,"Self":{"PublicKey":"nodekey:1f","Online":true}}
    """

  static func rows() throws -> [Row] {
    let check = RemoteCall.checkServer(try HostFixture.url(url))
    let install = RemoteCall.install(
      try InstallPlan.choose(for: HostFixture.host(), facts: debian))
    let configure = RemoteCall.configureHost(forwarding: [.ipv4], logsOff: true)
    let join = RemoteCall.join(arguments: ["--reset"], key: .preAuthKey)
    let set = RemoteCall.setPreferences(arguments: ["--accept-dns=true"])
    let status = (0, running)
    return prepareRows + [
      Row(call: .elevate, sections: ["uid": (0, "0")], words: "root"),
      Row(
        call: .elevate, sections: ["uid": (0, "1000")], code: "MESH-ELEVATE-REFUSED", words: "1000"),
      Row(
        call: .elevate, sections: [:], errorText: "sudo: 1 incorrect password attempt",
        code: "MESH-ELEVATE-WRONG-PASSWORD", words: "incorrect password"),
      Row(
        call: .elevate, sections: [:], errorText: "sudo: a password is required",
        code: "MESH-ELEVATE-PASSWORD"),
      Row(
        call: .elevate, sections: [:], errorText: "ops is not in the sudoers file.",
        code: "MESH-ELEVATE-REFUSED", words: "sudoers"),
      Row(
        call: .elevate, sections: [:], errorText: "boom", code: "MESH-ELEVATE-REFUSED",
        words: "boom"),

      Row(call: check, sections: ["verdict": (0, "ok")], words: "\(url) answers"),
      Row(
        call: check, sections: ["verdict": (0, "resolve"), "evidence": (0, "curl: (6)")],
        code: "MESH-SERVER-RESOLVE", words: "curl: (6)"),
      Row(call: check, sections: ["verdict": (0, "connect")], code: "MESH-SERVER-CONNECT"),
      Row(call: check, sections: ["verdict": (0, "tls")], code: "MESH-SERVER-TLS"),
      Row(call: check, sections: ["verdict": (0, "http")], code: "MESH-SERVER-HTTP"),
      Row(call: check, sections: ["verdict": (0, "body")], code: "MESH-SERVER-BODY"),

      Row(
        call: install,
        sections: ["stage": (0, ""), "evidence": (0, ""), "version": (0, "1.102.3")],
        words: "tailscale 1.102.3"),
      Row(
        call: install, sections: ["stage": (1, "download"), "evidence": (0, "a\ncurl: (22) 404")],
        code: "MESH-INSTALL-DOWNLOAD", words: "curl: (22) 404"),
      Row(call: install, sections: ["stage": (1, "key")], code: "MESH-INSTALL-KEY"),
      Row(
        call: install, sections: ["stage": (100, "update"), "evidence": (0, "")],
        errorText: "E: no lists", code: "MESH-INSTALL-UPDATE", words: "E: no lists"),
      Row(call: install, sections: ["stage": (100, "install")], code: "MESH-INSTALL-PACKAGE"),
      Row(call: install, sections: ["stage": (1, "odd")], code: "MESH-INSTALL-PACKAGE"),
      Row(call: install, sections: [:], code: "MESH-INSTALL-PACKAGE"),

      Row(
        call: install, sections: ["stage": (1, "version"), "evidence": (0, "not found")],
        code: "MESH-INSTALL-VERSION", words: "not found"),
      Row(
        call: install, sections: ["stage": (1, "checksum"), "evidence": (0, "has the SHA-256 1")],
        code: "MESH-INSTALL-CHECKSUM", words: "has the SHA-256 1"),
      Row(call: install, sections: ["stage": (1, "unpack")], code: "MESH-INSTALL-PLACE"),
      Row(call: install, sections: ["stage": (1, "place")], code: "MESH-INSTALL-PLACE"),
      Row(call: install, sections: ["stage": (1, "unit")], code: "MESH-INSTALL-PLACE"),
      Row(call: install, sections: ["stage": (1, "restart")], code: "MESH-CLIENT-START"),
      Row(call: install, sections: ["stage": (1, "busy")], code: "MESH-INSTALL-BUSY"),

      Row(
        call: configure,
        sections: ["stage": (0, ""), "forwarding": (0, "4\n6"), "client-logs": (0, "off")],
        words: "forwards IPv4, IPv6, client logs off"),
      Row(
        call: configure,
        sections: ["stage": (0, ""), "forwarding": (0, ""), "client-logs": (0, "off")],
        words: "client logs off"),
      Row(
        call: configure, sections: ["stage": (1, "forwarding"), "evidence": (0, "Read-only")],
        code: "MESH-HOST-FORWARDING", words: "Read-only"),
      Row(
        call: configure, sections: ["stage": (1, "logs"), "evidence": (0, "denied")],
        code: "MESH-HOST-CLIENT-LOGS", words: "denied"),
      Row(call: configure, sections: ["stage": (1, "restart")], code: "MESH-CLIENT-START"),
      Row(call: configure, sections: [:], code: "MESH-HOST-CLIENT-LOGS"),

      Row(call: .startService, sections: ["stage": (0, ""), "state": status], words: "running"),
      Row(
        call: .startService, sections: ["stage": (1, "start"), "evidence": (0, "Unit not found.")],
        code: "MESH-CLIENT-START", words: "Unit not found."),
      Row(
        call: .startService,
        sections: ["stage": (1, "missing"), "evidence": (0, "tailscaled: not found")],
        code: "MESH-CLIENT-START", words: "not found"),
      Row(call: .startService, sections: [:], code: "MESH-CLIENT-START"),

      Row(call: join, sections: ["up": (0, ""), "status": status]),
      Row(
        call: join, sections: ["up": (75, "busy"), "status": status], code: "MESH-JOIN-BUSY",
        words: "busy"),
      Row(
        call: join, sections: ["up": (3, "odd words")], code: "MESH-CLIENT-FAILED",
        words: "odd words"),
      Row(call: join, sections: [:], code: "MESH-SSH-LOST"),

      Row(call: set, sections: ["set": (0, ""), "status": status]),
      Row(
        call: set, sections: ["set": (1, "odd words")], code: "MESH-CLIENT-FAILED",
        words: "odd words"),
      Row(call: set, sections: [:], code: "MESH-SSH-LOST"),

      Row(
        call: .clearKey, sections: ["restart": (0, ""), "state": status], words: "forgot the key"),
      Row(
        call: .clearKey, sections: ["restart": (77, "only root restarts it"), "state": status],
        words: "root has to restart it to forget the key"),
      Row(
        call: .clearKey, sections: ["restart": (5, "Job failed.")], code: "MESH-CLIENT-START",
        words: "Job failed."),
      Row(call: .clearKey, sections: [:], code: "MESH-CLIENT-START"),

      Row(
        call: .leave, sections: ["down": (0, ""), "status": status], words: "down, not logged out"),
      Row(
        call: .leave, sections: ["down": (0, "no client is installed")],
        words: "down, not logged out"),
      Row(
        call: .leave, sections: ["down": (1, "Access denied: prefs write access denied")],
        code: "MESH-CLIENT-START", words: "Access denied"),
      Row(call: .leave, sections: [:], code: "MESH-CLIENT-START"),
      Row(call: RemoteCall(.verify, elevated: false, timeout: 1), sections: [:]),
      Row(call: .probe, sections: [:]),
    ] + windowsRows(try HostFixture.url(url))
  }

  private static func windowsRows(_ url: ServerURL) -> [Row] {
    let install = RemoteCall(.installWindows, elevated: true, timeout: 1)
    let handOver = RemoteCall.handOver(arguments: ["--reset"], server: url)
      .describing(keyID: "7", expires: Timestamp(seconds: 1_800_000_000))
    let status = (0, running)
    let line = "powershell -ExecutionPolicy Bypass -File C:\\temp\\join-mesh.ps1"
    return [
      Row(
        call: install, sections: ["stage": (0, ""), "version": (0, "1.102.3")],
        words: "tailscale 1.102.3"),
      Row(call: install, sections: ["stage": (1, "download")], code: "MESH-INSTALL-DOWNLOAD"),
      Row(
        call: install,
        sections: [
          "stage": (1, "download"),
          "evidence": (0, "https://x/y.msi: curl: (22) 404\nwinget: exit -1978335138"),
        ], code: "MESH-INSTALL-DOWNLOAD", words: "winget: exit -1978335138"),
      Row(
        call: install, sections: ["stage": (1, "key"), "evidence": (0, "it is signed by CN=Evil")],
        code: "MESH-INSTALL-SIGNATURE", words: "CN=Evil"),
      Row(
        call: install,
        sections: ["stage": (1, "install"), "evidence": (0, "Return value 3\nmsiexec: exit 1603")],
        code: "MESH-INSTALL-PACKAGE", words: "msiexec: exit 1603"),
      Row(
        call: install, sections: ["stage": (1, "install"), "evidence": (0, "msiexec: exit 1618")],
        code: "MESH-INSTALL-BUSY", words: "1618"),
      Row(
        call: install, sections: ["stage": (1, "install"), "evidence": (0, "msiexec: exit 1625")],
        code: "MESH-TARGET-LOCKED", words: "1625"),
      Row(
        call: install,
        sections: [
          "stage": (1, "install"),
          "evidence": (0, "msiexec: exit 0\nthe client is 1.98.1 afterwards, not 1.102.3"),
        ], code: "MESH-INSTALL-PACKAGE", words: "not 1.102.3"),
      Row(
        call: install,
        sections: [
          "stage": (0, ""), "evidence": (0, "msiexec: exit 3010"), "version": (0, "1.102.3"),
        ], words: "tailscale 1.102.3"),
      Row(
        call: install,
        sections: [
          "stage": (0, ""), "version": (0, "1.102.3"),
          "evidence": (0, "https://x/y.msi: curl: (6) no\nSuccessfully installed\nwinget: exit 0"),
        ], words: "tailscale 1.102.3 by winget --source winget"),
      Row(call: install, sections: [:], code: "MESH-INSTALL-PACKAGE"),
      Row(
        call: handOver, sections: ["handover": (0, "joined"), "status": status],
        words: "joined in the session of the desktop's user"),
      Row(
        call: handOver,
        sections: ["handover": (0, "waiting"), "line": (0, line), "status": status],
        words: "waits for a person"),
      Row(
        call: handOver, sections: ["handover": (1, ""), "evidence": (0, "Access is denied.")],
        code: "MESH-JOIN-HAND-OVER", words: "Access is denied."),
      Row(call: handOver, sections: [:], code: "MESH-JOIN-HAND-OVER"),
      Row(
        call: .takeBack, sections: ["removed": (0, "")], words: "script and key removed"),
      Row(
        call: .takeBack, sections: ["removed": (1, "in use")], code: "MESH-JOIN-HAND-OVER",
        words: "in use"),
      Row(call: .takeBack, sections: [:], code: "MESH-JOIN-HAND-OVER"),
    ]
  }

  static let debian: HostFacts = {
    var facts = HostFacts(os: .linux, elevation: .sudo)
    facts.distribution = "debian"
    facts.distributionCodename = "bookworm"
    facts.packageManagers = ["apt"]
    return facts
  }()

  private static var prepareRows: [Row] {
    let operate = RemoteCall.prepareOperator(login: "ops", on: .linux)
    let undo = RemoteCall.prepareUndo(keepsOperator: false, on: .linux)
    return [
      Row(
        call: RemoteCall(.installBrew, elevated: true, timeout: 1),
        sections: ["stage": (0, ""), "evidence": (0, ""), "version": (0, "1.102.3")],
        words: "tailscale 1.102.3"),
      Row(
        call: RemoteCall(.installBrew, elevated: true, timeout: 1),
        sections: ["stage": (1, "install"), "evidence": (0, "Error: no bottle available!")],
        code: "MESH-INSTALL-PACKAGE", words: "no bottle"),
      Row(call: operate, sections: ["prepared": (0, "written")], words: "written"),
      Row(call: operate, sections: ["prepared": (0, "unchanged")], words: "unchanged"),
      Row(
        call: operate,
        sections: ["prepared": (1, "set"), "evidence": (0, "Access denied: prefs write")],
        code: "MESH-PREPARE-OPERATOR", words: "Access denied"),
      Row(
        call: undo,
        sections: ["sudoers": (0, "removed"), "doas": (0, "absent"), "operator": (0, "kept")]),
      Row(
        call: undo,
        sections: [
          "sudoers": (1, "failed"), "doas": (0, "absent"), "operator": (0, "absent"),
          "evidence": (0, "rm: Read-only file system"),
        ], code: "MESH-PREPARE-UNDO", words: "Read-only"),
    ]
  }

  @Test func everyAnswerHasItsMeaning() throws {
    for row in try Self.rows() {
      let answer = RemoteAnswer(
        exitStatus: 0, report: HostFixture.report(row.sections), errorText: row.errorText)
      switch RemoteJudge.judge(row.call, answer: answer, host: HostFixture.host(), known: "1.102.3")
      {
      case .success(let verdict):
        #expect(row.code == nil, "\(row.testDescription)")
        #expect(row.words.isEmpty || verdict.detail == row.words, "\(row.testDescription)")
        if row.sections["status"] != nil || row.sections["state"] != nil,
          row.call.script != .clearKey
        {
          #expect(verdict.client?.nodeKey == "nodekey:1f", "\(row.testDescription)")
          #expect(verdict.client?.version == "1.102.3")
        }
      case .failure(let failure):
        let found = failure.diagnostic
        #expect(found.code.rawValue == row.code, "\(row.testDescription): \(found)")
        #expect(found.severity == .error && found.host == "web1" && found.hint != nil)
        #expect(
          (found.evidence ?? found.message).contains(row.words), "\(row.testDescription): \(found)")
      }
    }
  }

  @Test func everyScriptHasRows() throws {
    // The installing scripts share one contract and one judge.
    // Only looks, like a probe: its answer is read by doctor.
    let installing = ScriptName.allCases.filter(\.installs) + [.checkSource]
    #expect(
      Set(try Self.rows().map(\.call.script)).union(installing) == Set(ScriptName.allCases))
  }

  /// No answer that lacks its end counts as done; what was begun is looked at again.
  @Test func whatWasCutShortIsNeverDone() throws {
    for row in try Self.rows() where ![.probe, .verify].contains(row.call.script) {
      let answer = RemoteAnswer(
        exitStatus: 0, report: HostFixture.report(row.sections, isComplete: false),
        errorText: row.errorText)
      let verdict = RemoteJudge.judge(row.call, answer: answer, host: HostFixture.host())
      switch (row.call.script, verdict) {
      case (.checkServer, .success(let verdict)):
        // The join itself will tell; but it is said.
        #expect(verdict.warnings.map(\.code) == [.serverUnchecked])
      case (_, .success(let verdict)):
        Issue.record("\(row.testDescription) counts as done: \(verdict)")
      case (_, .failure(let failure)):
        #expect(failure.diagnostic.severity == .error)
      }
    }
  }

  @Test func aServerThatCannotBeCheckedIsAWarning() throws {
    let check = RemoteCall.checkServer(try HostFixture.url(Self.url))
    let verdict = try RemoteJudge.judge(
      check, answer: HostFixture.answer(["verdict": (0, "no-tool")]), host: HostFixture.host()
    ).get()
    #expect(verdict.warnings.map(\.code) == [.serverUnchecked])
    #expect(verdict.detail == verdict.warnings.first?.message)
  }

  @Test func aCheckWithoutAURLFails() {
    let call = RemoteCall(.checkServer, elevated: false, timeout: 1)
    let verdict = RemoteJudge.judge(
      call, answer: HostFixture.answer(["verdict": (0, "ok")]), host: HostFixture.host())
    #expect(throws: Failure.self) { try verdict.get() }
  }
}
