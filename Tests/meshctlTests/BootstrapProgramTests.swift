import Foundation
import MeshCore
import Testing

@Suite("meshctl bootstrap", .timeLimit(.minutes(2))) struct BootstrapProgramTests {
  static let key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8nVYBrWSEVYIS3yAZpi8ySDRvJHIlJbzl6Jq5hcYo"

  private func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: folder + "/out/" + name)))
  }

  @Test func windowsFilesWithTheKeysOfTheHomeFolder() async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/.ssh", withIntermediateDirectories: true)
    // A comment is data; what could act on whoever reads it is left out.
    _ = try scratch.file(".ssh/id.pub", Self.key + " \u{202E}'; $(id) \"%PATH%\n")
    let arguments = ["bootstrap", "windows", "--out", scratch.path + "/out", "--port", "2222"]
    let first = try await MeshctlProgram.run(arguments, environment: ["HOME": scratch.path])
    #expect(first.exit == 0, "\(first)")
    #expect(first.errors.contains("Lets in 1 public key:"))
    #expect(first.errors.contains("  '; $(id)") && !first.errors.contains("\u{202E}"))
    #expect(first.errors.contains("-File enable-ssh.ps1 -Port 2222"))
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/out").sorted()
    #expect(
      names == [
        "authorized_keys", "autounattend-fragment.xml", "enable-ssh.ps1", "install.bat",
        "setup-ssh-key.ps1",
      ])
    for name in names {
      #expect(try !bytes(scratch.path, name).starts(with: [0xEF, 0xBB, 0xBF]), "\(name)")
    }
    #expect(
      String(decoding: try bytes(scratch.path, "authorized_keys"), as: UTF8.self)
        == Self.key + " '; $(id) \"%PATH%\n")
    let second = try await MeshctlProgram.run(arguments, environment: ["HOME": scratch.path])
    #expect(second.exit == 0)
    let lines = second.output.split(separator: "\n")
    #expect(lines.count == 5 && lines.allSatisfy { $0.hasSuffix("  as it was") }, "\(second)")
  }

  /// The command that a refused Windows login is answered with works as it stands.
  @Test func theCommandOfARefusedWindowsLoginWorks() async throws {
    let scratch = try Scratch()
    for folder in [".ssh", "my mesh"] {
      try FileManager.default.createDirectory(
        atPath: scratch.path + "/" + folder, withIntermediateDirectories: true)
    }
    _ = try scratch.file(".ssh/id.pub", Self.key + " me\n")
    _ = try scratch.file(
      "my mesh/office.yaml",
      """
      version: 1
      server: {url: "https://mesh.example.com"}
      hosts: {win-lab: {os: windows, owner: ops, ssh: {user: Docker}}}
      """)
    _ = try scratch.file(
      "world.json",
      """
      {"format": "meshctl-world", "version": 1, "time": "2026-11-28T09:00:00Z",
       "server": {"users": [{"id": 1, "name": "ops"}]},
       "hosts": {"win-lab": {"desktop": {"keys": "looseACL"}}}}
      """)
    let plan = try await MeshctlProgram.run(
      ["plan", "my mesh/office.yaml", "--probe", "--simulate", "--world", "world.json"],
      in: scratch.path)
    #expect(plan.exit == 1, "\(plan)")
    #expect(plan.output.contains("error[MESH-SSH-AUTH]: SSH refused the login on win-lab"))
    #expect(plan.output.contains("administrators_authorized_keys only, and only while its ACL"))
    let hint = try #require(plan.output.components(separatedBy: "hint: meshctl ").last)
    let command = try #require(
      hint.components(separatedBy: ", and run its setup-ssh-key.ps1").first)
    let made = try await MeshctlProgram.shell(
      "HOME=\"$PWD\" \"$MESHCTL\" \(command)", in: scratch.path)
    #expect(made.exit == 0, "\(command): \(made.errors)")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: scratch.path + "/enable-ssh-win-lab")
    #expect(names.contains("setup-ssh-key.ps1") && names.contains("authorized_keys"))
  }

  @Test func whatIsThereIsNotOverwrittenUnasked() async throws {
    let scratch = try Scratch()
    let keys = try scratch.file("keys.pub", Self.key + " me\n")
    let arguments = [
      "bootstrap", "linux", "--out", scratch.path + "/out", "--authorized-keys", keys,
    ]
    #expect(try await MeshctlProgram.run(arguments).exit == 0)
    let script = scratch.path + "/out/enable-ssh.sh"
    let mode =
      try FileManager.default.attributesOfItem(atPath: script)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o755)
    try Data("mine\n".utf8).write(to: URL(filePath: script))
    let refused = try await MeshctlProgram.run(arguments)
    #expect(refused.exit == 1)
    #expect(refused.errors.contains("MESH-BOOTSTRAP-FILE-DIFFERS"))
    #expect(refused.errors.contains("--force"))
    #expect(try bytes(scratch.path, "enable-ssh.sh") == Array("mine\n".utf8))
    let forced = try await MeshctlProgram.run(arguments + ["--force"])
    #expect(forced.exit == 0 && forced.output.contains("enable-ssh.sh  overwritten"))
  }

  @Test func aPrivateKeyIsRefusedAndNeverShown() async throws {
    let scratch = try Scratch()
    let key = try scratch.file(
      "id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n")
    let ending = try await MeshctlProgram.run(
      ["bootstrap", "windows", "--out", scratch.path + "/out", "--authorized-keys", key])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("MESH-BOOTSTRAP-PRIVATE-KEY"))
    #expect(!ending.errors.contains("b3Blbn") && !ending.output.contains("b3Blbn"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/out"))
  }

  @Test func withoutAnyKeyItSaysHowToMakeOne() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(
      ["bootstrap", "linux"], environment: ["HOME": scratch.path])
    #expect(ending.exit == 1 && ending.output == "")
    #expect(ending.errors.contains("MESH-BOOTSTRAP-NO-KEYS"))
    #expect(ending.errors.contains("ssh-keygen -t ed25519"))
  }

  @Test func standardOutputIsTheScriptAndNothingElse() async throws {
    let scratch = try Scratch()
    let keys = try scratch.file("keys.pub", Self.key + "\n")
    let ending = try await MeshctlProgram.run(
      ["bootstrap", "linux", "--authorized-keys", keys, "--remote-address", "10.0.0.0/24"])
    #expect(ending.exit == 0)
    #expect(
      ending.output.hasPrefix("{\nset -- --remote-address '10.0.0.0/24' --keys-text '\(Self.key)"))
    let line = try await MeshctlProgram.run(
      ["bootstrap", "windows", "--line", "--authorized-keys", keys])
    #expect(line.output.split(separator: "\n").count == 1)
    #expect(line.output.contains("administrators_authorized_keys"))
    let bound = try scratch.file("bound.pub", "restrict " + Self.key + "\n")
    let refused = try await MeshctlProgram.run(
      ["bootstrap", "linux", "--line", "--authorized-keys", bound])
    #expect(refused.exit == 1 && refused.output == "")
    #expect(refused.errors.contains("--line cannot carry the key"))
  }

  @Test func aHostOfTheInventoryBringsItsUserAndItsKeys() async throws {
    let scratch = try Scratch()
    _ = try scratch.file("fleet.pub", Self.key + " fleet\n")
    let inventory = try scratch.file(
      "inventory.yaml",
      """
      version: 1
      server: {url: "https://mesh.example.com"}
      hosts:
        web-1: {ssh: {user: ops}, bootstrap: {authorized_keys: fleet.pub}}
      """)
    let ending = try await MeshctlProgram.run(
      ["bootstrap", "linux", "--host", "web-1", "--inventory", inventory])
    #expect(ending.exit == 0, "\(ending)")
    #expect(ending.output.hasPrefix("{\nset -- --user 'ops' --keys-text '\(Self.key) fleet"))
    let wrong = try await MeshctlProgram.run(
      ["bootstrap", "windows", "--host", "web-1", "--inventory", inventory])
    #expect(wrong.exit == 1 && wrong.errors.contains("is a linux host"))
    let none = try await MeshctlProgram.run(
      ["bootstrap", "linux", "--host", "web-2", "--inventory", inventory])
    #expect(none.exit == 1 && none.errors.contains("has no host web-2"))
  }

  @Test(arguments: [
    ["bootstrap", "plan9"], ["bootstrap", "linux", "--port", "0"],
    ["bootstrap", "linux", "--remote-address", "10.0.0.1/24"],
    ["bootstrap", "linux", "--remote-address", "all"], ["bootstrap", "linux", "--force"],
    ["bootstrap", "macos", "--port", "2222"], ["bootstrap", "linux", "--line", "--port", "2222"],
  ])
  func wrongUsage(arguments: [String]) async throws {
    #expect(try await MeshctlProgram.run(arguments).exit == 64)
  }

  /// The rehearsal: the command leads to the join, the rest waits (exit 4), and then goes on.
  @Test func simulatedFromTheCommandLine() async throws {
    let scratch = try Scratch()
    let inventory = try scratch.file(
      "inventory.yaml",
      """
      version: 1
      server: {url: "https://mesh.example.com"}
      defaults: {owner: alice}
      hosts:
        by-command: {bootstrap: {command: [docker, exec, -i, x, sh]}}
        by-person:
      """)
    let world = try scratch.file(
      "world.json",
      """
      {"format": "meshctl-world", "version": 1, "time": "2026-01-01T00:00:00Z",
       "server": {"users": [{"id": 1, "name": "alice", "createdAt": "2026-01-01T00:00:00Z"}]},
       "hosts": {"by-command": {"ssh": false}, "by-person": {"ssh": false}}}
      """)
    func apply() async throws -> MeshctlProgram.Ending {
      try await MeshctlProgram.run(
        ["apply", inventory, "--simulate", "--world", world, "--auto-approve"])
    }
    let first = try await apply()
    #expect(first.exit == 4, "\(first)")
    #expect(first.output.contains("enable SSH, then join as by-command"), "\(first.output)")
    #expect(first.output.contains("hint: meshctl bootstrap linux --line"))
    #expect(first.errors.contains("enable-ssh"))
    // The person has been there: what the world file says of that host is changed by hand.
    let text = try String(contentsOfFile: world, encoding: .utf8)
    let person = try #require(text.range(of: "\"by-person\""))
    let off = try #require(
      text.range(
        of: #""ssh"\s*:\s*false"#, options: .regularExpression,
        range: person.upperBound..<text.endIndex))
    try Data(text.replacingCharacters(in: off, with: "\"ssh\": true").utf8)
      .write(to: URL(filePath: world))
    let second = try await apply()
    #expect(second.exit == 0, "\(second)")
    #expect(second.output.contains("by-person   matches"), "\(second.output)")
  }
}
