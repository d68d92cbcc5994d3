import Foundation
import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale by its command: whose clock, and what stays unsaid")
struct HeadscaleClockTests {
  @Test(
    "Only the words of a local headscale lend this machine's clock",
    arguments: [
      ("headscale", true), ("/usr/local/bin/headscale", true), ("sudo headscale", true),
      ("sudo -n headscale", true), ("/usr/bin/sudo -n -u headscale -- /usr/bin/headscale", true),
      ("sudo --user=headscale headscale", true), ("doas headscale", true),
      ("", false), ("sudo", false), ("sudo -n", false), ("sudo -u headscale", false),
      ("sudo -h mesh headscale", false), ("sudo ssh mesh headscale", false),
      ("sudo docker exec headscale headscale", false), ("docker exec headscale headscale", false),
      ("kubectl exec deploy/headscale -- headscale", false), ("ssh mesh headscale", false),
      ("./headscale", false), ("bin/headscale", false), ("/usr/bin/myheadscale", false),
      ("headscale -c /etc/other.yaml", false), ("sudo sudo headscale", false),
    ])
  func words(text: String, isLocal: Bool) {
    #expect(LocalWords.isLocal(text.split(separator: " ").map(String.init)) == isLocal)
  }

  @Test("A list through another program, or of another server, has no time") func time()
    async throws
  {
    try await FakeHeadscaleCommand.run("") { command in
      let here = try await command.control().nodes()
      #expect(here.serverTime != nil)
      let elsewhere = try await command.control(before: ["env"]).nodes()
      #expect(elsewhere.nodes == here.nodes && elsewhere.serverTime == nil)
      let variables = ["HEADSCALE_CLI_ADDRESS": "mesh.example.com:50443"]
      let remote = try await command.control(variables).nodes()
      #expect(remote.nodes == here.nodes && remote.serverTime == nil)
    }
  }

  @Test("What stands on standard output behind SSH is never quoted", arguments: [0, 1, 3])
  func output(status: Int) async throws {
    // A login that swallows our mark: what is left is the key.
    let key = "hskey-auth-abcdefghijkl-0123456789ABCDEF"
    let folder = try ShellRun.folder(
      with: "ssh", "#!/bin/sh\ncat >/dev/null\necho '{\"key\":\"\(key)\"}'\nexit \(status)\n")
    defer { try? FileManager.default.removeItem(at: folder) }
    let runner = RemoteHeadscale(
      login: "root@mesh", environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path],
      program: folder.appending(path: "ssh").path)
    let problem = await #expect(throws: APIProblem.self) {
      try await runner.run(["preauthkeys", "create"], outputLimit: 4096)
    }
    await runner.close()
    let diagnostic = try #require(problem).failure.diagnostic
    check(diagnostic)
    #expect(diagnostic.code == .apiCommand)
    #expect(diagnostic.evidence == "exit \(status) without a word on standard error")
  }
}
