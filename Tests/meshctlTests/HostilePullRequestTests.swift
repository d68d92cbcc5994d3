import Foundation
import MeshCore
import MeshSimulation
import Testing

/// A change of the inventory by somebody who is not trusted, planned or applied by a job that has the key.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostilePullRequestTests {
  private static let key = "hskey-api-0123456789ab-only-for-the-pinned-server"

  /// What a change writes; EVIL is a server of the attacker, MESH the pinned one, MARK a file that an
  /// allowed command would make.
  struct Attempt: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var code: String
    var onlyApply = false
  }

  static let attempts: [Attempt] = [
    Attempt(
      testDescription: "another api.url", text: "server: {url: MESH, api: {url: EVIL}}",
      code: "MESH-API-URL-PINNED"),
    Attempt(
      testDescription: "another server.url", text: "server: {url: EVIL}",
      code: "MESH-API-URL-PINNED"),
    Attempt(
      testDescription: "another URL by a key from a file",
      text: "server: {url: MESH, api: {url: EVIL, key: {file: some.key}}}",
      code: "MESH-API-URL-PINNED"),
    Attempt(
      testDescription: "user information in the URL",
      text: "server: {url: \"http://127.0.0.1@127.0.0.1:1\"}", code: "MESH-INV-URL"),
    Attempt(
      testDescription: "a command for the key",
      text: "server: {url: MESH, api: {key: {command: [touch, MARK]}}}",
      code: "MESH-API-COMMANDS-NOT-ALLOWED"),
    Attempt(
      testDescription: "a command for the API",
      text: "server: {url: MESH, api: {command: [touch, MARK]}}",
      code: "MESH-API-COMMANDS-NOT-ALLOWED"),
    Attempt(
      testDescription: "the API by SSH", text: "server: {url: MESH, api: {ssh: root@evil.example}}",
      code: "MESH-API-COMMANDS-NOT-ALLOWED"),
    Attempt(
      testDescription: "a socket of this machine",
      text: "server: {url: MESH, api: {socket: /var/run/docker.sock}}",
      code: "MESH-API-URL-PINNED"),
    Attempt(
      testDescription: "the key as a password that goes to a host",
      text: "hosts: {evil: {become: {password: {env: HEADSCALE_API_KEY}}}}",
      code: "MESH-API-KEY-AS-PASSWORD", onlyApply: true),
    Attempt(
      testDescription: "a command for a password",
      text: "hosts: {evil: {become: {password: {command: [touch, MARK]}}}}",
      code: "MESH-API-COMMANDS-NOT-ALLOWED", onlyApply: true),
    Attempt(
      testDescription: "a command that enables SSH",
      text: "hosts: {evil: {bootstrap: {command: [touch, MARK]}}}",
      code: "MESH-API-COMMANDS-NOT-ALLOWED", onlyApply: true),
    Attempt(
      testDescription: "a folder that files are put into",
      text: "hosts: {evil: {os: windows, bootstrap: {oem_dir: MARK}}}",
      code: "MESH-API-COMMANDS-NOT-ALLOWED", onlyApply: true),
  ]

  @Test("The key goes nowhere else, and nothing is run", arguments: attempts)
  func keyAndCommands(attempt: Attempt) async throws {
    let mesh = try RawServer(answer: RawServer.http("503 Unavailable", "{}"))
    let evil = try RawServer(answer: RawServer.http("200 OK", "{\"version\":\"v0.29.2\"}"))
    defer {
      mesh.stop()
      evil.stop()
    }
    let scratch = try Scratch()
    let mark = scratch.path + "/mark"
    var text = "version: 1\n" + attempt.text + "\n"
    if !text.contains("server:") { text += "server: {url: MESH}\n" }
    if !text.contains("hosts:") { text += "hosts: {web-1: {}}\n" }
    for (word, value) in [("MESH", "\"\(mesh.url)\""), ("EVIL", "\"\(evil.url)\""), ("MARK", mark)]
    {
      text = text.replacingOccurrences(of: word, with: value)
    }
    let file = try scratch.file("inventory.yaml", text)
    _ = try scratch.file("some.key", Self.key)
    var verbs = [["apply", "--auto-approve"]]
    if !attempt.onlyApply {
      verbs += [["plan"], ["plan", "--probe"], ["status"], ["verify"], ["import"]]
    }
    for words in verbs {
      let ending = try await MeshctlProgram.run(
        words + [file],
        environment: [
          "HEADSCALE_URL": mesh.url, "HEADSCALE_API_KEY": Self.key,
          "XDG_STATE_HOME": scratch.path + "/state",
          "PATH": HostileServerTests.noSSH(scratch.path),
        ])
      #expect(ending.exit == 1, "\(words) \(ending)")
      #expect(ending.errors.contains("[\(attempt.code)]"), "\(words) \(ending.errors)")
      #expect(!(ending.output + ending.errors).contains(Self.key))
    }
    #expect(evil.requests == [], "nobody called the attacker")
    #expect(!FileManager.default.fileExists(atPath: mark), "nothing was run or written")
  }

  @Test("Proxies of the environment are not used") func proxies() async throws {
    let proxy = try RawServer()
    defer { proxy.stop() }
    try await ImportServer.serving(.v0_29) { server in
      var environment = server.environment
      for name in [
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
      ] {
        environment[name] = proxy.url
      }
      let scratch = try Scratch()
      let file = try scratch.file(
        "inventory.yaml", "version: 1\nserver: {url: \"\(server.url)\"}\nhosts: {gw-1: {}}\n")
      let ending = try await MeshctlProgram.run(["plan", file], environment: environment)
      #expect(ending.exit == 0, "\(ending)")
    }
    #expect(proxy.requests == [])
  }

  /// A change may name any file; what stands in it must not come out in the plan that everybody reads.
  @Test(
    "Files that an inventory names are never quoted",
    arguments: [
      "server: {url: MESH, api: {key: {file: FILE}}}", "server: {url: MESH, api: {ca_file: FILE}}",
      "hosts: {web-1: {ssh: {identity_file: FILE}}}",
      "hosts: {web-1: {become: {password: {file: FILE}}}}",
      "hosts: {web-1: {bootstrap: {authorized_keys: FILE, command: [cat]}}}",
    ])
  func filesAreNotQuoted(text: String) async throws {
    let mesh = try RawServer(answer: RawServer.http("200 OK", "{\"version\":\"v0.29.2\"}"))
    defer { mesh.stop() }
    let scratch = try Scratch()
    let secrets = [
      "root:$6$precious$hash:19000:0:99999:7:::\nops:$6$precious$other:1::::::\n",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nprecious\n-----END OPENSSH PRIVATE KEY-----\n",
      "precious \u{1B}[2J line\n",
    ]
    for secret in secrets {
      let file = try scratch.file("shadow", secret)
      var inventory = "version: 1\n" + text + "\n"
      if !text.contains("server:") { inventory += "server: {url: MESH}\n" }
      if !text.contains("hosts:") { inventory += "hosts: {web-1: {}}\n" }
      inventory = inventory.replacingOccurrences(of: "MESH", with: "\"\(mesh.url)\"")
        .replacingOccurrences(of: "FILE", with: file)
      let place = try scratch.file("inventory.yaml", inventory)
      for words in [
        ["validate"], ["plan"], ["plan", "--probe", "--format", "markdown"],
        ["doctor", "--inventory"],
        ["apply", "--auto-approve", "--allow-commands"],
        ["bootstrap", "linux", "--host", "web-1", "--inventory"],
      ] {
        let ending = try await MeshctlProgram.run(
          words + [place],
          environment: [
            "HEADSCALE_API_KEY": Self.key, "XDG_STATE_HOME": scratch.path + "/state",
            "PATH": HostileServerTests.noSSH(scratch.path), "HEADSCALE_URL": mesh.url,
          ])
        #expect(ending.exit != -1)
        let said = ending.output + ending.errors
        #expect(!said.contains("precious"), "\(words) \(text): \(said)")
        HostileText.expectHarmless(ending, "\(words)")
      }
    }
    #expect(!mesh.requests.contains { $0.contains("precious") && !text.contains("key:") })
  }
}
