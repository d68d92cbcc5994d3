import MeshAdapters
import MeshCore
import Testing
import YAMLReader

/// A pull request must not be able to send the API key to a host, or to run a program (law 7).
@Suite struct BecomeAccessTests {
  private func check(
    _ password: SecretSource, key: SecretSource = .environment("HEADSCALE_API_KEY"),
    environment: [String: String] = [:], allow: Bool = false
  ) throws {
    var server = ServerSettings(url: try #require(ServerURL("https://mesh.example.com")))
    server.api.key = key
    var variables = environment
    variables["HEADSCALE_API_KEY"] = "hskey-api-1"
    variables["OTHER_KEY"] = "hskey-api-1"
    let api = try APIAccess.resolve(server: server, environment: variables, allowCommands: true)
    var host = Host(key: "evil", mark: SourceMark(line: 1, column: 1))
    host.become.password = password
    try BecomeAccess.check([host], api: api, environment: variables, allowCommands: allow)
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Failure)?.diagnostic.code.rawValue
    }
  }

  @Test func theAPIKeyIsNoPassword() {
    #expect(code { try check(.environment("HEADSCALE_API_KEY")) } == "MESH-API-KEY-AS-PASSWORD")
    #expect(
      code { try check(.environment("OTHER_KEY"), key: .environment("OTHER_KEY")) }
        == "MESH-API-KEY-AS-PASSWORD")
    #expect(
      code { try check(.file("./keys/../api.key"), key: .file("api.key")) }
        == "MESH-API-KEY-AS-PASSWORD")
    #expect(
      code { try check(.environment("HEADSCALE_API_KEY"), key: .file("api.key")) }
        == "MESH-API-KEY-AS-PASSWORD")
    #expect(
      code {
        try check(
          .file("/run/api.key"), key: .environment("OTHER_KEY"),
          environment: ["HEADSCALE_API_KEY_FILE": "/run/./api.key"])
      } == "MESH-API-KEY-AS-PASSWORD")
    #expect(code { try check(.environment("OPS_SUDO")) } == nil)
    #expect(code { try check(.file("sudo.pw"), key: .file("api.key")) } == nil)
  }

  @Test func commandsNeedPermissionWhereTheServerIsPinned() {
    let pinned = ["HEADSCALE_URL": "https://mesh.example.com"]
    let command = SecretSource.command(["pass", "show", "sudo"])
    #expect(code { try check(command, environment: pinned) } == "MESH-API-COMMANDS-NOT-ALLOWED")
    #expect(code { try check(command, environment: pinned, allow: true) } == nil)
    #expect(code { try check(command) } == nil)
  }
}
