import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import Testing

/// A whole `prepare` over the real ssh, against a fake sudo that asks for a password.
@Suite(
  .tags(.sshd), .serialized, .timeLimit(.minutes(2)),
  .enabled(if: ShellRun.find("sshd") != nil, "no sshd binary on this machine"))
struct PrepareHostsTests {
  private static let password = "pa$$ 'w0rd"

  /// A person who answers as said, and remembers what was asked and shown.
  actor Person: PrepareDialogue {
    private var passwords: [String]
    private let answers: [String: Bool]
    private(set) var shown: [String] = []
    private(set) var asked: [String] = []

    init(passwords: [String], answers: [String: Bool] = [:]) {
      self.passwords = passwords
      self.answers = answers
    }

    func say(_ lines: [String]) { shown += lines }
    func warn(_ finding: Diagnostic) { shown.append(finding.code.rawValue) }

    func confirm(_ question: String) -> Bool {
      asked.append(question)
      return answers.first { question.contains($0.key) }?.value ?? true
    }

    func password(_ question: String) -> Secret? {
      asked.append(question)
      return passwords.isEmpty ? nil : Secret(passwords.removeFirst())
    }

    var text: String { (shown + asked).joined(separator: "\n") }
  }

  /// A sudo that asks until the rule is there, a visudo, and a client.
  private func furnish(_ server: LoopbackSSHD) throws {
    let folder = server.folder
    try server.script(
      "sudo",
      """
      #!/bin/sh
      echo "$*" >>\(folder)/argv
      if [ "$1" = -n ]; then
        [ -e \(folder)/rule ] || { echo 'sudo: a password is required' >&2; exit 1; }
        while [ "$1" != -- ] && [ "$1" != true ]; do shift; done
        [ "$1" = true ] && exit 0
        shift; exec env FAKE_ROOT=yes "$@"
      fi
      IFS= read -r line
      [ "$line" = "pa\\$\\$ 'w0rd" ] || { echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }
      while [ "$1" != -- ]; do shift; done; shift
      exec env FAKE_ROOT=yes "$@"

      """)
    // The scripts ask `id` whether they are root; the login user is not, as sudo's child it is.
    try server.script(
      "id",
      """
      #!/bin/sh
      case $1 in
        -u) [ "$FAKE_ROOT" = yes ] && echo 0 || echo 1000 ;;
        -un) echo ops ;;
        *) exec /usr/bin/id "$@" ;;
      esac

      """)
    try server.script("visudo", "#!/bin/sh\nexit 0\n")
    try server.script("chown", "#!/bin/sh\nexit 0\n")
    // The rule goes to /etc; here that is a file which the fake sudo looks for.
    try server.script(
      "mktemp",
      "#!/bin/sh\ncase $1 in /etc/*) exec /usr/bin/mktemp \(folder)/new.XXXXXX;; esac\nexec /usr/bin/mktemp \"$@\"\n"
    )
    try server.script(
      "mv",
      "#!/bin/sh\n[ \"$3\" = \(RootRule.sudoersPlace) ] && [ ! -e \(folder)/useless ] && exec /bin/mv -f \"$2\" \(folder)/rule\nexec /bin/rm -f \"$2\"\n"
    )
    try server.script(
      "tailscale",
      """
      #!/bin/sh
      case $1 in
        version) echo '{"majorMinorPatch":"1.102.3"}' ;;
        status) echo '{"BackendState":"NeedsLogin"}' ;;
        set) [ "$FAKE_ROOT" = yes ] || { echo 'Access denied'; exit 1; }; echo "${2#*=}" >\(folder)/operator ;;
        debug) printf '{"ControlURL": "", "OperatorUser": "%s"}\\n' "$(cat \(folder)/operator 2>/dev/null)" ;;
      esac

      """)
  }

  private func hosts(_ server: LoopbackSSHD) -> OpenSSHHosts {
    OpenSSHHosts(
      environment: ["PATH": "/usr/bin:/bin", "HOME": server.folder], program: server.ssh)
  }

  private func prepare(
    _ server: LoopbackSSHD, _ task: PrepareRequest.Task, _ person: Person, count: Int = 1
  ) async throws -> [PrepareOutcome] {
    let hosts = hosts(server)
    let list = (0..<count).map { server.host("box-\($0)") }
    let session = PrepareSession(
      request: PrepareRequest(task: task), hosts: hosts, dialogue: person)
    let outcomes = try await session.run(list)
    await hosts.close()
    return outcomes
  }

  private func code(_ outcome: PrepareOutcome?) -> DiagnosticCode? {
    guard case .failed(let finding)? = outcome?.result else { return nil }
    return finding.code
  }

  /// No password in what was said, in an argument, or in a file that is left.
  private func expectNoLeak(_ server: LoopbackSSHD, _ person: Person) async {
    #expect(await !person.text.contains("w0rd"))
    #expect(server.read("argv")?.contains("w0rd") != true)
    #expect(!server.log.contains("w0rd"))
    let left = (try? FileManager.default.contentsOfDirectory(atPath: server.folder)) ?? []
    for name in left { #expect(server.read(name)?.contains("w0rd") != true, "\(name)") }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/etc/sudoers.d")))
  func dropIn() async throws {
    try await LoopbackSSHD.run { server in
      try furnish(server)
      let person = Person(passwords: [Self.password])
      let outcomes = try await prepare(server, .grant(.dropIn), person)
      #expect(outcomes.map(\.result) == [.done], "\(outcomes)")
      #expect(server.read("rule") == RootRule(.sudoers, login: "ops").map { $0.text + "\n" })
      // What was written was shown in full, before the question.
      let shown = await person.shown
      for line in try #require(server.read("rule")).split(separator: "\n") {
        #expect(shown.contains("    \(line)"))
      }
      #expect(await person.asked.count == 2)
      await expectNoLeak(server, person)
      let again = Person(passwords: [])
      #expect(try await prepare(server, .grant(.dropIn), again).map(\.result) == [.unneeded])
      #expect(await again.asked == [], "nothing is asked where nothing is missing")
    }
  }

  @Test func operatorOnly() async throws {
    try await LoopbackSSHD.run { server in
      try furnish(server)
      try server.script("mv", "#!/bin/sh\nexec /bin/rm -f \"$2\"\n")
      try server.script(
        "mkdir", "#!/bin/sh\ncase $* in */var/lib/meshctl*) exit 0;; esac\nexec /bin/mkdir \"$@\"\n"
      )
      try server.script(
        "mktemp",
        "#!/bin/sh\ncase $1 in /var/*) exec /usr/bin/mktemp \(server.folder)/new.XXXXXX;; esac\nexec /usr/bin/mktemp \"$@\"\n"
      )
      let person = Person(passwords: [Self.password])
      let outcomes = try await prepare(server, .grant(.oneTime), person)
      #expect(outcomes.map(\.result) == [.done], "\(outcomes)")
      #expect(server.read("operator") == "ops\n")
      #expect(
        try await prepare(server, .grant(.oneTime), Person(passwords: [])).map(\.result) == [
          .unneeded
        ])
      await expectNoLeak(server, person)
      // And apply's calls need no root there any more.
      let hosts = hosts(server)
      guard case .facts(let facts) = await hosts.probe(server.host()) else {
        Issue.record("no facts")
        return
      }
      #expect(ClientAccess.operates(server.host(), facts))
      await hosts.close()
    }
  }

  @Test func wrongPasswords() async throws {
    try await LoopbackSSHD.run { server in
      try furnish(server)
      let stubborn = Person(passwords: ["wrong", "wrong too", "a third"])
      let outcomes = try await prepare(server, .grant(.dropIn), stubborn)
      #expect(code(outcomes.first) == .elevateWrongPassword)
      let tries = (server.read("argv") ?? "").split(separator: "\n").filter { $0.contains("-S") }
      #expect(tries.count == 2, "one more try, and no lock-out")
      #expect(server.read("rule") == nil)
      let silent = Person(passwords: [])
      #expect(code(try await prepare(server, .grant(.dropIn), silent).first) == .declined)
      let no = Person(passwords: [Self.password], answers: ["Do this": false])
      let declined = try await prepare(server, .grant(.dropIn), no)
      #expect(declined == [PrepareOutcome(host: "box-0", result: .declined, touched: false)])
      #expect(await no.asked.count == 1, "no password is asked for after a no")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/etc/sudoers.d")))
  func aRuleWithoutEffectIsTakenBack() async throws {
    try await LoopbackSSHD.run { server in
      try furnish(server)
      try server.write("useless", "")
      let outcomes = try await prepare(
        server, .grant(.dropIn), Person(passwords: [Self.password]))
      #expect(code(outcomes.first) == .prepareNotEffective, "\(outcomes)")
    }
  }

  @Test func onePasswordForAll() async throws {
    try await LoopbackSSHD.run { server in
      try furnish(server)
      // Every host is the same machine here, so its rule would help them all: none is written.
      try server.write("useless", "")
      let shares = Person(passwords: [Self.password])
      _ = try await prepare(server, .grant(.dropIn), shares, count: 3)
      #expect(await shares.asked.filter { $0.contains("password of") }.count == 1)
      #expect(await shares.asked.filter { $0.contains("same password for the other 2") }.count == 1)
      let keeps = Person(
        passwords: [Self.password, Self.password, Self.password], answers: ["same password": false])
      _ = try await prepare(server, .grant(.dropIn), keeps, count: 3)
      #expect(await keeps.asked.filter { $0.contains("password of") }.count == 3)
      #expect(await keeps.asked.filter { $0.contains("same password") }.count == 1)
    }
  }
}
