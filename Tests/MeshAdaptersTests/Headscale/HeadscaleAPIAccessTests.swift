import MeshCore
import Testing

@testable import MeshAdapters

@Suite("Where the API is and with which key")
struct HeadscaleAPIAccessTests {
  private let mesh: ServerURL
  private let inner: ServerURL

  init() throws {
    mesh = try #require(ServerURL("https://mesh.example.com"))
    inner = try #require(ServerURL("https://inner.example.com:8443"))
  }

  private let sources: [SecretSource] = [
    .environment("HEADSCALE_API_KEY"), .file("k"), .command(["pass", "show", "secret-name"]),
  ]

  private func settings(
    _ url: ServerURL? = nil, key: SecretSource? = nil, ca: String? = nil
  ) -> ServerSettings {
    ServerSettings(url: mesh, api: APISettings(access: .rest(url: url), key: key, caFile: ca))
  }

  private func resolve(
    _ server: ServerSettings?, _ environment: [String: String], allow: Bool = false
  ) throws -> APIAccess {
    try APIAccess.resolve(server: server, environment: environment, allowCommands: allow)
  }

  @Test("Defaults: the server's URL and HEADSCALE_API_KEY") func defaults() throws {
    let access = try resolve(settings(), ["HEADSCALE_API_KEY": "k"])
    #expect(access.url == mesh)
    #expect(access.key == .environment("HEADSCALE_API_KEY"))
    #expect(access.keyOrigin == "HEADSCALE_API_KEY")
    let inner = try resolve(settings(inner, key: .file("ops.key"), ca: "ca.pem"), [:])
    #expect(inner.url == self.inner)
    #expect(inner.keyOrigin == "the file ops.key")
    #expect(inner.caFile == "ca.pem")
    let command = try resolve(settings(key: .command(["pass", "show", "x"])), [:])
    #expect(command.keyOrigin == "the command pass")
  }

  @Test("Law 7: where HEADSCALE_URL is set, no key source goes elsewhere") func pinned()
    async throws
  {
    for key in sources {
      for allow in [false, true] {
        let diagnostic = try await failure {
          try resolve(
            settings(inner, key: key),
            ["HEADSCALE_URL": "https://mesh.example.com", "HEADSCALE_API_KEY": "k"], allow: allow)
        }
        #expect(diagnostic.code == .apiURLPinned)
        #expect(diagnostic.message.contains("https://inner.example.com:8443"))
        #expect(diagnostic.message.contains("https://mesh.example.com"))
      }
    }
    let byServer = try await failure {
      try resolve(
        settings(), ["HEADSCALE_URL": "http://mesh.example.com", "HEADSCALE_API_KEY": "k"])
    }
    #expect(byServer.code == .apiURLPinned)
    #expect(byServer.message.hasPrefix("server.url is"))
  }

  @Test("HEADSCALE_API_KEY_FILE names a file with the key") func keyFile() async throws {
    let file = ["HEADSCALE_API_KEY_FILE": "/run/credentials/meshctl.service/api-key"]
    for server in [settings(), settings(key: .environment("HEADSCALE_API_KEY"))] {
      let access = try resolve(server, file)
      #expect(access.key == .file("/run/credentials/meshctl.service/api-key"))
      #expect(access.keyOrigin == "the file /run/credentials/meshctl.service/api-key")
      // An empty variable is one that is not there.
      #expect(try resolve(server, file.merging(["HEADSCALE_API_KEY": ""]) { $1 }).key == access.key)
    }
    let alone = try resolve(nil, file.merging(["HEADSCALE_URL": "https://mesh.example.com"]) { $1 })
    #expect(alone.keyOrigin == "the file /run/credentials/meshctl.service/api-key")
    // The inventory's own word goes first.
    #expect(try resolve(settings(key: .file("ops.key")), file).key == .file("ops.key"))
    let other = try await failure { try resolve(settings(key: .environment("OTHER")), file) }
    #expect(other.message == "there is no API key: OTHER is not set")
    let both = try await failure {
      try resolve(settings(), file.merging(["HEADSCALE_API_KEY": "k"]) { $1 })
    }
    #expect(both.code == .apiKeySource)
    #expect(both.message == "HEADSCALE_API_KEY and HEADSCALE_API_KEY_FILE are both set")
    for path in ["key", "./key", "~/key"] {
      let relative = try await failure { try resolve(settings(), ["HEADSCALE_API_KEY_FILE": path]) }
      #expect(relative.code == .apiKeySource)
      #expect(relative.message == "HEADSCALE_API_KEY_FILE is no absolute path: \(path)")
    }
    let nothing = try await failure { try resolve(settings(), ["HEADSCALE_API_KEY_FILE": ""]) }
    #expect(nothing.code == .apiKeyMissing)
  }

  @Test("An equal URL in another spelling is equal") func equal() throws {
    let environment = ["HEADSCALE_URL": "HTTPS://Mesh.Example.com:443/", "HEADSCALE_API_KEY": "k"]
    #expect(try resolve(settings(), environment).url == mesh)
    #expect(try resolve(settings(mesh), environment).url == mesh)
  }

  @Test("Pinned, commands need to be allowed") func commands() async throws {
    let environment = ["HEADSCALE_URL": "https://mesh.example.com"]
    let key = settings(key: .command(["pass", "show", "secret-name"]))
    let diagnostic = try await failure { try resolve(key, environment) }
    #expect(diagnostic.code == .apiCommandsNotAllowed)
    #expect(diagnostic.hint?.contains("--allow-commands") == true)
    #expect(try resolve(key, environment, allow: true).keyOrigin == "the command pass")
    #expect(try resolve(key, [:]).keyOrigin == "the command pass")
  }

  @Test("Ways without a key need none; pinned, each of them needs permission")
  func keylessWays() async throws {
    let ways: [(APISettings.Access, APIAccess.Way, DiagnosticCode)] = [
      (.command(["sudo", "headscale"]), .command(["sudo", "headscale"]), .apiCommandsNotAllowed),
      (.ssh("root@x"), .ssh("root@x"), .apiCommandsNotAllowed),
      (.socket("/run/x"), .socket("/run/x"), .apiURLPinned),
    ]
    for (access, way, refusal) in ways {
      let server = ServerSettings(url: mesh, api: APISettings(access: access))
      let found = try resolve(server, [:])
      #expect(
        found == APIAccess(way: way, url: mesh, key: nil, keyOrigin: "", caFile: nil))
      // The pin may name another URL of the same mesh: no key goes anywhere.
      let pinned = ["HEADSCALE_URL": "https://inner.example.com:8443"]
      #expect(try resolve(server, pinned, allow: true) == found)
      let problem = try await failure { try resolve(server, pinned) }
      #expect(problem.code == refusal)
      #expect(problem.hint?.contains("--allow-commands") == true)
    }
  }

  @Test("No key anywhere") func noKey() async throws {
    for environment in [[:], ["HEADSCALE_API_KEY": ""]] {
      let diagnostic = try await failure { try resolve(settings(), environment) }
      #expect(diagnostic.code == .apiKeyMissing)
      #expect(diagnostic.message.contains("HEADSCALE_API_KEY"))
      #expect(diagnostic.hint?.contains("headscale apikeys create") == true)
    }
    let other = try await failure { try resolve(settings(key: .environment("OPS_KEY")), [:]) }
    #expect(other.message.contains("OPS_KEY"))
  }

  @Test("HEADSCALE_URL that is no URL is never passed over", arguments: ["", "mesh", "ftp://x"])
  func badPin(text: String) async throws {
    let diagnostic = try await failure {
      try resolve(settings(), ["HEADSCALE_URL": text, "HEADSCALE_API_KEY": "k"])
    }
    #expect(diagnostic.code == .apiURL)
  }

  @Test("Without an inventory the environment says it all") func noInventory() async throws {
    let access = try resolve(
      nil, ["HEADSCALE_URL": "https://mesh.example.com/", "HEADSCALE_API_KEY": "k"])
    #expect(access.url == mesh)
    let problem = try await failure { try resolve(nil, ["HEADSCALE_API_KEY": "k"]) }
    #expect(problem.code == .apiURL)
    let noKey = try await failure { try resolve(nil, ["HEADSCALE_URL": "https://x.y"]) }
    #expect(noKey.code == .apiKeyMissing)
  }
}
