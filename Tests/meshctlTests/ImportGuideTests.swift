import Foundation
import MeshSimulation
import Testing

/// The commands of docs/adopt.md, run in their order as one shell script.
@Suite struct ImportGuideTests {
  static let guide = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/adopt.md")

  /// The lines of all blocks that begin with three backticks and `sh`.
  static func commands() throws -> [String] {
    let lines = try String(contentsOf: guide, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    var commands: [String] = []
    var isInside = false
    for line in lines {
      if line.hasPrefix("```") {
        isInside = line == "```sh"
      } else if isInside {
        commands.append(String(line))
      }
    }
    return commands
  }

  @Test func everyCommandOfTheGuideWorks() async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    let commands = try Self.commands()
    #expect(commands.count >= 10)
    try await ImportServer.serving(.v0_29) { server in
      try Data(server.key.utf8).write(to: URL(filePath: folder + "/headscale.key"))
      let ansible = #"""
        #!/bin/sh
        echo '{"_meta": {"hostvars": {"gw-1.example.com": {"ansible_user": "ops"}}},
          "all": {"children": ["edge"]}, "edge": {"hosts": ["gw-1.example.com"]}}'
        """#
      // What Ansible prints is recorded in Cases/import; here only the pipe matters.
      try Self.executable(folder + "/ansible-inventory", ansible)
      try Self.executable(folder + "/meshctl", "#!/bin/sh\nexec \"$MESHCTL\" \"$@\"\n")
      let script = "set -eux\nPATH=\"$PWD:$PATH\"\n" + commands.joined(separator: "\n") + "\n"
      let ending = try await MeshctlProgram.shell(
        script.replacing("https://mesh.example.com", with: server.url), in: folder)
      #expect(ending.exit == 0, "\(ending.output)\n\(ending.errors)")
      #expect(ending.output.contains("No changes."))
      let adopted = try String(contentsOfFile: folder + "/from-ansible.yaml", encoding: .utf8)
      #expect(adopted.contains("address: gw-1.example.com"))
    }
  }

  private static func executable(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }
}
