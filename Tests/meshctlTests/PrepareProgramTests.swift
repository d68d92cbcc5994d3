import Foundation
import Subprocess
import SystemPackage
import Testing

/// `meshctl prepare` as a person runs it, at a terminal of its own, on this machine
/// (`connection: local`) with a fake sudo; and in a simulated mesh.
@Suite(.timeLimit(.minutes(2))) struct PrepareProgramTests {
  private static let inventory = """
    version: 1
    server: {url: "https://mesh.example.com"}
    hosts:
      box: {connection: local, owner: alice}
      win: {os: windows, owner: alice}

    """

  /// A folder with an inventory, programs that come first on PATH, and answers for the terminal.
  final class Desk: Sendable {
    let path: String

    deinit { try? FileManager.default.removeItem(atPath: path) }

    init() throws {
      path = NSTemporaryDirectory() + "/meshctl-desk-\(UUID().uuidString)"
      try FileManager.default.createDirectory(
        atPath: path + "/bin", withIntermediateDirectories: true)
      _ = try file("inventory.yaml", PrepareProgramTests.inventory)
      // Takes the password `open sesame`, and is needed no more once the client has its operator.
      try program(
        "sudo",
        """
        echo "$*" >>\(path)/argv
        [ "$1" = -n ] && { echo 'sudo: a password is required' >&2; exit 1; }
        IFS= read -r line
        [ "$line" = 'open sesame' ] || { echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }
        while [ "$1" != -- ]; do shift; done; shift
        exec env FAKE_ROOT=yes "$@"
        """)
      try program(
        "id",
        """
        case $1 in
          -u) [ "$FAKE_ROOT" = yes ] && echo 0 || echo 1000 ;;
          -un) echo ops ;;
          *) exec /usr/bin/id "$@" ;;
        esac
        """)
      try program("doas", "exit 127")
      try program("chown", "exit 0")
      try program("mkdir", "case $* in */var/*) exit 0;; esac; exec /bin/mkdir \"$@\"")
      try program(
        "mktemp",
        "case $1 in /var/*) exec /usr/bin/mktemp \(path)/new.XXXXXX;; esac; exec /usr/bin/mktemp \"$@\""
      )
      try program("mv", "exec /bin/rm -f \"$2\"")
      try program(
        "tailscale",
        """
        case $1 in
          version) echo '{"majorMinorPatch":"1.102.3"}' ;;
          status) echo '{"BackendState":"NeedsLogin"}' ;;
          set) [ "$FAKE_ROOT" = yes ] || exit 1; echo "${2#*=}" >\(path)/operator ;;
          debug) printf '{"ControlURL":"","OperatorUser":"%s"}\\n' "$(cat \(path)/operator 2>/dev/null)" ;;
        esac
        """)
    }

    func program(_ name: String, _ body: String) throws {
      let place = try file("bin/" + name, "#!/bin/sh\n" + body + "\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    }

    func file(_ name: String, _ text: String) throws -> String {
      let place = path + "/" + name
      try Data(text.utf8).write(to: URL(filePath: place))
      return place
    }

    func read(_ name: String) -> String? {
      try? String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// Runs with questions answered at a pseudo-terminal; `output` is what it showed.
    func run(
      _ arguments: [String], answers: [(String, String)]
    ) async throws -> MeshctlProgram.Ending {
      let pairs = answers.map { [$0.0, $0.1] }
      let said = try file(
        "answers.json", String(decoding: try JSONEncoder().encode(pairs), as: UTF8.self))
      let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scripts/at_terminal.py").path()
      let result = try await Subprocess.run(
        .name("python3"), arguments: .init([script, said, MeshctlProgram.path] + arguments),
        environment: .custom([
          "PATH": path + "/bin:/usr/bin:/bin", "HOME": path, "TERM": "dumb",
        ]), workingDirectory: .init(path), output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20))
      guard case .exited(let code) = result.terminationStatus else {
        return MeshctlProgram.Ending(exit: -1, output: result.standardOutput, errors: "")
      }
      return MeshctlProgram.Ending(
        exit: code, output: result.standardOutput, errors: result.standardError)
    }
  }

  @Test func onceAtTheTerminal() async throws {
    let desk = try Desk()
    let ending = try await desk.run(
      ["prepare", "box"],
      answers: [("Only 'yes' goes on: ", "yes"), ("sudo password of ops on box: ", "open sesame")])
    #expect(ending.exit == 0, "\(ending.output)\(ending.errors)")
    #expect(ending.output.contains("tailscale set --operator=ops"))
    #expect(ending.output.contains("box: ready; ops changes the client without root."))
    #expect(desk.read("operator") == "ops\n")
    #expect(!ending.output.contains("sesame"), "the password is not echoed")
    #expect(desk.read("argv")?.contains("sesame") == false)
    let journal = try #require(desk.read(".local/state/meshctl/journal.jsonl"))
    let lines = journal.split(separator: "\n")
    try #require(lines.count == 3, "\(journal)")
    #expect(lines[0].contains(#""type":"start""#))
    #expect(lines[1].contains(#""host":"box""#) && lines[1].contains(#""result":"ok""#))
    #expect(lines[1].contains(#""step":"prepare""#) && lines[1].contains("operator ops"))
    #expect(lines[2].contains(#""exitCode":0"#) && !journal.contains("sesame"))
    let again = try await desk.run(["prepare", "box"], answers: [])
    #expect(again.exit == 0 && again.output.contains("nothing to prepare"))
    #expect(desk.read(".local/state/meshctl/journal.jsonl") == journal, "nothing was written")
  }

  @Test func wrongPasswordsAreAskedForOnceMore() async throws {
    let desk = try Desk()
    let twice = try await desk.run(
      ["prepare", "box"],
      answers: [("goes on: ", "yes"), ("ops on box: ", "wrong"), ("Once more", "wrong again")])
    #expect(twice.exit == 1, "\(twice.output)")
    #expect(twice.output.contains("MESH-ELEVATE-WRONG-PASSWORD"))
    #expect(desk.read(".local/state/meshctl/journal.jsonl") == nil, "nothing was written there")
    #expect(!twice.output.contains("wrong again"))
    let second = try await desk.run(
      ["prepare", "box"],
      answers: [("goes on: ", "yes"), ("ops on box: ", "wrong"), ("Once more", "open sesame")])
    #expect(second.exit == 0, "\(second.output)")
  }

  @Test func nothingWithoutAYes() async throws {
    let desk = try Desk()
    let no = try await desk.run(["prepare", "box"], answers: [("goes on: ", "y")])
    #expect(no.exit == 1, "\(no.output)")
    #expect(no.output.contains("box: declined, nothing was done"))
    #expect(desk.read("operator") == nil && desk.read("argv")?.contains("-S") != true)
    let both = try await desk.run(["prepare", "all"], answers: [("goes on: ", "no")])
    #expect(both.exit == 1 && both.output.contains("MESH-PREPARE-UNSUPPORTED"))
    #expect(both.output.contains("box: declined, nothing was done"))
    let undo = try await desk.run(["prepare", "--undo", "box"], answers: [("goes on: ", "no")])
    #expect(undo.exit == 1 && undo.output.contains("/etc/sudoers.d/meshctl"))
  }

  @Test func withoutATerminalNothingIsTried() async throws {
    let scratch = try Scratch()
    let file = try scratch.file("inventory.yaml", Self.inventory)
    let key = try scratch.file("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n")
    func run(_ more: [String]) async throws -> MeshctlProgram.Ending {
      try await MeshctlProgram.run(["prepare", "box", "-i", file] + more)
    }
    let ending = try await run([])
    #expect(ending.exit == 1 && ending.errors.contains("MESH-NO-TERMINAL"))
    let secret = try await run(["--copy-key", key])
    #expect(secret.exit == 1 && secret.errors.contains("it is a private key"))
    #expect(try await run(["--one-time", "--drop-in"]).exit == 64)
    #expect(try await run(["--undo", "--copy-key", key]).exit == 64)
    #expect(try await MeshctlProgram.run(["prepare", "nobody", "-i", file]).exit == 1)
  }

  /// The rehearsal: a host waits for a person, is prepared, and joins without root.
  @Test func rehearsed() async throws {
    let scratch = try Scratch()
    _ = try scratch.file(
      "inventory.yaml",
      "version: 1\nserver: {url: \"https://mesh.example.com\"}\nhosts:\n  mail-1: {owner: alice}\n")
    func run(_ words: [String]) async throws -> MeshctlProgram.Ending {
      try await MeshctlProgram.run(
        words + ["--simulate", "--world", "w.json"], in: scratch.path)
    }
    #expect(try await run(["apply", "--auto-approve"]).exit == 0)
    let place = scratch.path + "/w.json"
    var world = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: place)))
        as? [String: Any])
    var hosts = try #require(world["hosts"] as? [String: [String: Any]])
    var server = try #require(world["server"] as? [String: Any])
    hosts["mail-1"]?["privilege"] = "sudoPassword"
    hosts["mail-1"]?["client"] = NSNull()
    server["nodes"] = [Any]()
    world["hosts"] = hosts
    world["server"] = server
    try JSONSerialization.data(withJSONObject: world).write(to: URL(filePath: place))

    let waits = try await run(["plan", "--probe", "--detailed-exitcode"])
    #expect(waits.exit == 2 && waits.output.contains("hint: meshctl prepare mail-1"))
    #expect(try await run(["apply", "--auto-approve"]).exit == 4)
    let prepared = try await run(["prepare", "mail-1", "--auto-approve"])
    #expect(prepared.exit == 0, "\(prepared.errors)")
    let applied = try await run(["apply", "--auto-approve"])
    #expect(applied.exit == 0, "\(applied.output)\(applied.errors)")
    #expect(applied.output.contains("mail-1  matches  (check-server, join)"), "\(applied.output)")
    let undone = try await run(["prepare", "--undo", "mail-1", "--auto-approve"])
    #expect(undone.exit == 0 && undone.errors.contains("operator: taken back"))
  }
}
