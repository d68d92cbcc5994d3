import MeshCore
import MeshTestSupport
import Testing

/// What a person reads before `prepare` does anything, whole.
@Suite struct PreparationTests {
  private static func facts(
    _ change: (inout HostFacts) -> Void = { _ in }
  ) -> HostFacts {
    var facts = HostFacts(os: .linux, elevation: .sudoPassword)
    facts.elevationEvidence = "sudo: a password is required"
    facts.user = "ops"
    facts.distribution = "debian"
    facts.distributionVersion = "12"
    facts.distributionCodename = "bookworm"
    facts.packageManagers = ["apt"]
    facts.architecture = "x86_64"
    facts.initSystem = "systemd"
    change(&facts)
    return facts
  }

  private static func client(operated by: String = "") -> ClientFacts {
    var client = ClientFacts(version: "1.102.3")
    client.backendState = "NeedsLogin"
    client.preferences = ReportedPreferences()
    client.preferences?.operatorUser = by
    return client
  }

  private func text(
    _ form: Preparation.Form, _ facts: HostFacts, _ host: Host = HostFixture.host("mail-1")
  ) throws -> String {
    let way = RootWay.find(host, facts)
    switch try Preparation.need(form, of: host, facts: facts, way: way) {
    case .none(let why): return "nothing: \(why)\n"
    case .needed(let preparation):
      let calls = preparation.calls.map { call in
        ([call.script.rawValue]
          + call.parameters.map { "\($0.name)=\($0.value.split(separator: "\n").count)" })
          .joined(separator: " ")
      }
      return (preparation.lines + ["", "calls (parameter=lines):"] + calls).joined(separator: "\n")
        + "\n"
    }
  }

  @Test func everythingThatIsShown() throws {
    let fresh = Self.facts()
    let joined = Self.facts {
      $0.client = Self.client(operated: "alice")
      $0.service = .running
    }
    let doas = Self.facts {
      $0.elevation = .doasPassword
      $0.elevationEvidence = "doas: Authentication required"
    }
    let terminal = Self.facts {
      $0.elevation = .terminal
      $0.elevationEvidence = "sudo: sorry, you must have a tty to run sudo"
    }
    let parts = [
      ("one-time, fresh host", try text(.oneTime, fresh)),
      ("one-time, client with another operator", try text(.oneTime, joined)),
      ("drop-in, sudo", try text(.dropIn, fresh)),
      ("drop-in, sudo with requiretty", try text(.dropIn, terminal)),
      ("drop-in, doas", try text(.dropIn, doas)),
      ("undo", PreparationUndo.lines(HostFixture.host("mail-1")).joined(separator: "\n") + "\n"),
      (
        "undo, operator in the inventory",
        PreparationUndo.lines(HostFixture.host("mail-1") { $0.preferences.operatorUser = "ops" })
          .joined(separator: "\n") + "\n"
      ),
    ]
    GoldenFile("../Cases/prepare/shown.txt").expect(
      parts.map { "=== \($0.0)\n\($0.1)" }.joined(separator: "\n"))
  }

  @Test func nothingIsDoneTwice() throws {
    let root = Self.facts { $0.elevation = .root }
    let sudo = Self.facts { $0.elevation = .sudo }
    let operated = Self.facts {
      $0.client = Self.client(operated: "ops")
      $0.service = .running
    }
    for form in [Preparation.Form.oneTime, .dropIn] {
      #expect(try text(form, root).hasPrefix("nothing: ops is root"))
      #expect(try text(form, sudo).hasPrefix("nothing: ops becomes root"))
    }
    #expect(try text(.oneTime, operated).hasPrefix("nothing: ops may change the client"))
    #expect(try text(.dropIn, operated).contains("prepare PART=1"))
  }

  @Test func refusals() throws {
    func code(
      _ form: Preparation.Form, _ facts: HostFacts, _ host: Host = HostFixture.host("mail-1")
    ) -> DiagnosticCode? {
      do throws(Failure) {
        _ = try Preparation.need(
          form, of: host, facts: facts, way: RootWay.find(host, facts))
        return nil
      } catch { return error.diagnostic.code }
    }
    for name in ["ops ALL", "%wheel", "ops\nroot", "-ops", "", "ALL", "o\"ps", "DOM\\ops", ".ops"] {
      #expect(code(.dropIn, Self.facts { $0.user = name }) == .prepareUser, "\(name)")
      #expect(code(.oneTime, Self.facts { $0.user = name }) == .prepareUser, "\(name)")
      #expect(RootRule(.sudoers, login: name) == nil && RootRule(.doas, login: name) == nil)
    }
    let other = HostFixture.host("mail-1") { $0.preferences.operatorUser = "eve" }
    #expect(code(.oneTime, Self.facts(), other) == .prepareOperator)
    #expect(code(.dropIn, Self.facts(), other) == nil)
    let none = HostFixture.host("mail-1") { $0.become.method = .none }
    #expect(code(.dropIn, Self.facts(), none) == .elevateRefused)
    let refused = Self.facts {
      $0.elevation = .refused
      $0.elevationEvidence = "ops is not in the sudoers file."
    }
    #expect(code(.dropIn, refused) == .elevateRefused)
    #expect(code(.oneTime, Self.facts { $0.distribution = "nixos" }) == .installUnsupported)
  }

  @Test func publicKeys() throws {
    let blob = "AAAAC3NzaC1lZDI1NTE5AAAAIPVNEFfe4WHV6Kz26ayOvvrfGTDxv0nBKlTfYrylTwcN"
    let key = try PublicKeyLine(parsing: "ssh-ed25519 \(blob) root@vm\n", named: "k.pub")
    #expect(key.text == "ssh-ed25519 \(blob) root@vm meshctl-prepare")
    let again = try PublicKeyLine(parsing: "# mine\n" + key.text + "\r\n", named: "k.pub")
    #expect(again.text == key.text, "the marker is not doubled")
    let odd = try PublicKeyLine(
      parsing: "\u{FEFF}ssh-ed25519 \(blob) a\u{202E}é b\r\n", named: "k.pub")
    #expect(odd.comment == "a b", "what could act on a terminal has no place there")
    let twice = "ssh-ed25519 \(blob) a\nssh-ed25519 \(blob) b\n"
    #expect(try PublicKeyLine(parsing: twice, named: "k.pub").comment == "a", "one key is one")
    for bad in [
      "", "ssh-ed25519", "hello world", "ssh-ed25519 \(blob) a\u{1B}[2Jb",
      "ssh-ed25519 \(blob)\nssh-ed25519 \(blob.dropLast(4))wcNA\n",
      "command=\"x\" ssh-ed25519 \(blob)", "ssh-ed25519 AAAA;rm", "ssh-rsa \(blob)'",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    ] {
      #expect(throws: Failure.self, "\(bad)") { try PublicKeyLine(parsing: bad, named: "k.pub") }
    }
  }

  @Test func answersInWords() throws {
    let host = HostFixture.host("mail-1")
    let rule = try #require(RootRule(.sudoers, login: "ops"))
    let call = RemoteCall.prepare(rule, login: "ops")
    func code(_ sections: [String: (Int, String)], _ call: RemoteCall) -> DiagnosticCode? {
      guard
        case .failure(let failure) = PrepareJudge.verdict(
          call, HostFixture.answer(sections), host)
      else { return nil }
      #expect(failure.diagnostic.hint != nil && failure.diagnostic.detail != nil)
      return failure.diagnostic.code
    }
    let stages: [(String, DiagnosticCode)] = [
      ("check", .prepareCheck), ("foreign", .prepareForeign), ("other", .prepareForeign),
      ("folder", .prepareWrite), ("write", .prepareWrite), ("client", .prepareOperator),
      ("set", .prepareOperator), ("part", .prepareWrite),
    ]
    for (stage, expected) in stages {
      #expect(code(["prepared": (1, stage), "evidence": (0, "why")], call) == expected, "\(stage)")
    }
    #expect(code(["prepared": (0, "written")], call) == nil)
    #expect(code(["prepared": (0, "nonsense")], call) == .prepareWrite)
    func undone(_ sections: [String: (Int, String)]) -> [String: PrepareJudge.Undone]? {
      try? PrepareJudge.undone(HostFixture.answer(sections), host).get()
    }
    #expect(undone(["sudoers": (0, "removed"), "doas": (0, "absent")])?.count == 2)
    #expect(undone(["sudoers": (0, "removed"), "doas": (1, "failed")]) == nil)
    #expect(undone([:]) == nil)
  }
}
