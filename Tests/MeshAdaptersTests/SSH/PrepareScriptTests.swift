import Foundation
import MeshCore
import MeshEngine
import Testing

/// `prepare` and `prepare-undo` in real shells, with fake visudo, doas and tailscale, on paths of a
/// test's own.
@Suite(.timeLimit(.minutes(2))) struct PrepareScriptTests {
  /// A made-up root of the file system.
  struct Machine: ~Copyable {
    let folder: String
    let shell: [String]
    var sudoers: String { folder + "/sudoers.d/meshctl" }
    var doas: String { folder + "/doas.conf" }
    var note: String { folder + "/lib/meshctl/operator" }
    var keys: String { folder + "/home/.ssh/authorized_keys" }

    init(_ shell: [String]) throws {
      self.shell = shell
      folder = "/tmp/meshctl-prepare-\(UUID().uuidString.prefix(8))"
      for name in ["bin", "sudoers.d", "lib", "home"] {
        try FileManager.default.createDirectory(
          atPath: folder + "/" + name, withIntermediateDirectories: true)
      }
      try program("chown", "[ \"$1\" = 0:0 ] && echo \"$2\" >>\(folder)/owned")
      try program(
        "visudo", "[ \"$1\" = -cf ] && ! grep -q BROKEN \"$2\" || { echo 'syntax error'; exit 1; }")
      try program(
        "doas", "[ \"$1\" = -C ] && ! grep -q BROKEN \"$2\" || { echo 'syntax error'; exit 1; }")
      try program(
        "tailscale",
        """
        case $1 in
          set) [ ! -e \(folder)/denied ] || { echo 'Access denied'; exit 1; }
            echo "${2#--operator=}" >\(folder)/operator ;;
          debug) printf '{\\n\\t"OperatorUser": "%s"\\n}\\n' "$(cat \(folder)/operator 2>/dev/null)" ;;
        esac
        """)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func program(_ name: String, _ body: String) throws {
      try write("bin/" + name, "#!/bin/sh\n" + body + "\n", 0o755)
    }

    func write(_ name: String, _ text: String, _ mode: Int = 0o644) throws {
      let file = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: file))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    func mode(_ path: String) -> Int? {
      (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]) as? Int
    }

    /// Everything in the folder but the programs.
    func files(_ name: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name)) ?? []).sorted()
    }

    /// The call with its places moved into this folder.
    private func moved(_ call: RemoteCall) -> RemoteCall {
      var call = call
      for index in call.parameters.indices {
        switch call.parameters[index].name {
        case "PLACE", "SUDOERS", "DOAS", "NOTE":
          call.parameters[index].value = call.parameters[index].value
            .replacingOccurrences(of: RootRule.sudoersPlace, with: sudoers)
            .replacingOccurrences(of: RootRule.doasPlace, with: doas)
            .replacingOccurrences(of: RemoteCall.operatorNote(on: .linux), with: note)
        default: break
        }
      }
      return call
    }

    func run(_ call: RemoteCall) async throws -> ScriptReport {
      let input = try ScriptRendering.standardInput(of: moved(call), mark: "m")
      let output = try await ShellRun.output(
        shell, input.reveal(), path: folder + "/bin", environment: ["HOME": folder + "/home"])
      let report = ScriptReport(parsing: output, mark: "m")
      #expect(report.isComplete, "\(output)")
      return report
    }

    func prepared(_ call: RemoteCall) async throws -> String {
      let report = try await run(call)
      return "\(report.status("prepared") ?? -1) \(report.text("prepared") ?? "")"
    }
  }

  private static let rule = RootRule(.sudoers, login: "ops")
  private static let doasRule = RootRule(.doas, login: "ops")

  @Test(arguments: ShellRun.shells) func dropIn(shell: [String]) async throws {
    let machine = try Machine(shell)
    let rule = try #require(Self.rule)
    let call = RemoteCall.prepare(rule, login: "ops")
    #expect(try await machine.prepared(call) == "0 written")
    #expect(machine.read(machine.sudoers) == rule.text + "\n")
    #expect(machine.mode(machine.sudoers) == 0o440)
    #expect(machine.files("sudoers.d") == ["meshctl"], "no temporary file stays")
    #expect(machine.read(machine.folder + "/owned")?.contains("/sudoers.d/meshctl.") == true)
    #expect(try await machine.prepared(call) == "0 unchanged")
    let undo = RemoteCall.prepareUndo(keepsOperator: false, on: .linux)
    let report = try await machine.run(undo)
    #expect(report.text("sudoers") == "removed" && report.text("doas") == "absent")
    #expect(machine.files("sudoers.d") == [])
    #expect(try await machine.run(undo).text("sudoers") == "absent")
  }

  @Test(arguments: ShellRun.shells) func dropInIsNeverUnchecked(shell: [String]) async throws {
    let machine = try Machine(shell)
    let rule = try #require(Self.rule)
    var broken = RemoteCall.prepare(rule, login: "ops")
    broken.parameters[3].value += "\nBROKEN"
    let report = try await machine.run(broken)
    #expect(report.text("prepared") == "check" && report.text("evidence") == "syntax error")
    #expect(machine.files("sudoers.d") == [])
    try machine.program("visudo", "exit 127")
    #expect(try await machine.prepared(.prepare(rule, login: "ops")) == "1 check")
    #expect(machine.files("sudoers.d") == [])
  }

  @Test(arguments: ShellRun.shells) func whatIsNotOursStays(shell: [String]) async throws {
    let machine = try Machine(shell)
    let rule = try #require(Self.rule)
    let call = RemoteCall.prepare(rule, login: "ops")
    let undo = RemoteCall.prepareUndo(keepsOperator: false, on: .linux)
    try machine.write("sudoers.d/meshctl", "ops ALL=NOPASSWD: /usr/bin/id\n")
    #expect(try await machine.prepared(call) == "1 foreign")
    #expect(try await machine.run(undo).text("sudoers") == "foreign")
    #expect(machine.read(machine.sudoers) == "ops ALL=NOPASSWD: /usr/bin/id\n")
    let eve = try #require(RootRule(.sudoers, login: "eve"))
    try machine.write("sudoers.d/meshctl", eve.text + "\n")
    #expect(try await machine.prepared(call) == "1 other")
    #expect(machine.read(machine.sudoers) == eve.text + "\n")
    try FileManager.default.removeItem(atPath: machine.sudoers)
    try machine.write("target", rule.text)
    try FileManager.default.createSymbolicLink(
      atPath: machine.sudoers, withDestinationPath: machine.folder + "/target")
    #expect(try await machine.prepared(call) == "1 foreign")
    #expect(try await machine.run(undo).text("sudoers") == "foreign")
    // An older text of ours for the same user is renewed.
    try FileManager.default.removeItem(atPath: machine.sudoers)
    try machine.write("sudoers.d/meshctl", RootRule.sudoersMarker + "\nops ALL=(ALL) ALL\n")
    #expect(try await machine.prepared(call) == "0 written")
    #expect(machine.read(machine.sudoers) == rule.text + "\n")
  }

  @Test(arguments: ShellRun.shells) func doasKeepsTheRest(shell: [String]) async throws {
    let machine = try Machine(shell)
    let rule = try #require(Self.doasRule)
    let call = RemoteCall.prepare(rule, login: "ops")
    let undo = RemoteCall.prepareUndo(keepsOperator: false, on: .linux)
    let before = "# mine\npermit persist :wheel"
    try machine.write("doas.conf", before, 0o640)
    #expect(try await machine.prepared(call) == "0 written")
    #expect(machine.read(machine.doas) == before + "\n" + rule.text + "\n")
    #expect(machine.mode(machine.doas) == 0o640)
    #expect(try await machine.prepared(call) == "0 unchanged")
    let eve = try #require(RootRule(.doas, login: "eve"))
    #expect(try await machine.prepared(.prepare(eve, login: "eve")) == "1 other")
    #expect(try await machine.run(undo).text("doas") == "removed")
    #expect(machine.read(machine.doas) == before + "\n")
    #expect(machine.mode(machine.doas) == 0o640)
    try FileManager.default.removeItem(atPath: machine.doas)
    #expect(try await machine.prepared(call) == "0 written")
    #expect(machine.mode(machine.doas) == 0o400)
    #expect(try await machine.run(undo).text("doas") == "removed")
    #expect(machine.read(machine.doas) == nil, "a file that was ours alone goes")
    try machine.write("doas.conf", RootRule.doasMarker + "\nBROKEN\n")
    #expect(try await machine.run(undo).text("doas") == "foreign", "nobody knows where it ends")
    try machine.write("doas.conf", "BROKEN\n")
    #expect(try await machine.prepared(call) == "1 check")
    #expect(machine.read(machine.doas) == "BROKEN\n")
    #expect(machine.files(".").filter { $0.contains(".meshctl") } == [])
  }

  @Test(arguments: ShellRun.shells) func operatorComesAndGoes(shell: [String]) async throws {
    let machine = try Machine(shell)
    let call = RemoteCall.prepareOperator(login: "ops", on: .linux)
    let undo = RemoteCall.prepareUndo(keepsOperator: false, on: .linux)
    try machine.write("operator", "alice\n")
    let report = try await machine.run(call)
    #expect(report.text("prepared") == "written" && report.status("prefs") == 0)
    #expect(machine.read(machine.note) == "ops\nalice\n")
    #expect(try await machine.prepared(call) == "0 unchanged")
    #expect(machine.read(machine.note) == "ops\nalice\n", "the first note is the true one")
    // A rule that had no effect is taken back without the operator.
    let rule = try await machine.run(.prepareUndoRule(on: .linux))
    #expect(rule.text("sudoers") == "absent" && rule.sections["operator"] == nil)
    #expect(machine.read(machine.note) == "ops\nalice\n")
    #expect(try await machine.run(undo).text("operator") == "removed")
    #expect(machine.read(machine.folder + "/operator") == "alice\n")
    #expect(machine.files("lib") == [])
    #expect(try await machine.run(undo).text("operator") == "absent")
    // Somebody else took over meanwhile.
    _ = try await machine.run(call)
    try machine.write("operator", "eve\n")
    #expect(try await machine.run(undo).text("operator") == "changed")
    #expect(machine.read(machine.folder + "/operator") == "eve\n")
    // The inventory manages it.
    _ = try await machine.run(call)
    let kept = RemoteCall.prepareUndo(keepsOperator: true, on: .linux)
    #expect(try await machine.run(kept).text("operator") == "kept")
    #expect(machine.read(machine.folder + "/operator") == "ops\n")
    // One that refuses leaves no note behind.
    try machine.write("operator", "\n")
    try machine.write("denied", "")
    let refused = try await machine.run(call)
    #expect(refused.text("prepared") == "set" && refused.text("evidence") == "Access denied")
    #expect(machine.read(machine.note) == nil)
  }

  /// A second login user keeps the first "before", and a failed `set` puts the old note back.
  @Test(arguments: ShellRun.shells) func operatorOfASecondLogin(shell: [String]) async throws {
    let machine = try Machine(shell)
    let undo = RemoteCall.prepareUndo(keepsOperator: false, on: .linux)
    try machine.write("operator", "alice\n")
    _ = try await machine.run(.prepareOperator(login: "ops", on: .linux))
    let second = RemoteCall.prepareOperator(login: "bob", on: .linux)
    try machine.write("denied", "")
    #expect(try await machine.prepared(second) == "1 set")
    #expect(machine.read(machine.note) == "ops\nalice\n")
    try FileManager.default.removeItem(atPath: machine.folder + "/denied")
    #expect(try await machine.prepared(second) == "0 written")
    #expect(machine.read(machine.note) == "bob\nalice\n")
    #expect(try await machine.run(undo).text("operator") == "removed")
    #expect(machine.read(machine.folder + "/operator") == "alice\n")
  }

  @Test(arguments: ShellRun.shells) func keys(shell: [String]) async throws {
    let machine = try Machine(shell)
    let blob = "AAAAC3NzaC1lZDI1NTE5AAAAIPVNEFfe4WHV6Kz26ayOvvrfGTDxv0nBKlTfYrylTwcN"
    let key = try PublicKeyLine(parsing: "ssh-ed25519 \(blob) it's me", named: "k")
    let undo = RemoteCall.prepareUndoKeys(on: .linux)
    #expect(try await machine.prepared(.prepare(key)) == "0 written")
    #expect(machine.read(machine.keys) == key.text + "\n")
    #expect(machine.mode(machine.keys) == 0o600)
    #expect(machine.mode((machine.keys as NSString).deletingLastPathComponent) == 0o700)
    #expect(try await machine.prepared(.prepare(key)) == "0 unchanged")
    #expect(try await machine.run(undo).text("keys") == "removed")
    #expect(machine.read(machine.keys) == "")
    // Merged with what is there, also after a last line without its end.
    let mine = "from=\"192.0.2.1\" ssh-ed25519 AAAAC3Nza me"
    try machine.write("home/.ssh/authorized_keys", mine, 0o644)
    #expect(try await machine.prepared(.prepare(key)) == "0 written")
    #expect(machine.read(machine.keys) == "\(mine)\n\(key.text)\n")
    #expect(try await machine.run(undo).text("keys") == "removed")
    #expect(machine.read(machine.keys) == mine + "\n" && machine.mode(machine.keys) == 0o644)
    #expect(try await machine.run(undo).text("keys") == "absent")
    // A key that a person put there is theirs.
    try machine.write("home/.ssh/authorized_keys", "restrict ssh-ed25519 \(blob) person\n")
    #expect(try await machine.prepared(.prepare(key)) == "0 unchanged")
    #expect(try await machine.run(undo).text("keys") == "absent")
    try machine.write("home/.ssh/authorized_keys", "# ssh-ed25519 \(blob)\n")
    #expect(try await machine.prepared(.prepare(key)) == "0 written", "a comment is no key")
  }

  /// A run that is stopped in the middle leaves neither half a rule nor a temporary file.
  @Test(arguments: ShellRun.shells) func stoppedInTheMiddle(shell: [String]) async throws {
    let machine = try Machine(shell)
    let rule = try #require(Self.rule)
    try machine.program("visudo", "kill -TERM $(ps -o ppid= -p $PPID | tr -d ' ') $PPID; sleep 1")
    let input = try ScriptRendering.standardInput(
      of: .prepare(rule, login: "ops"), mark: "m"
    ).reveal().replacingOccurrences(of: RootRule.sudoersPlace, with: machine.sudoers)
    _ = try await ShellRun.output(shell, input, path: machine.folder + "/bin")
    #expect(machine.files("sudoers.d") == [])
  }
}
