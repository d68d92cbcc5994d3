import Foundation
import MeshCore
import MeshSimulation
import Testing

/// A control server, or a node that named itself, that writes to whoever runs meshctl.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostileServerTests {
  private static let inventory = """
    version: 1
    server: {url: "https://mesh.example.com"}
    hosts:
      gw-1: {address: 192.0.2.10, tags: [tag:web]}
      desk: {address: 192.0.2.11, owner: alice}

    """

  /// Nodes whose own host names are the attack; one claims the name of an inventory's host.
  private static let nodes: [ServerNode] =
    ImportServer.nodes
    + HostileText.pieces.enumerated().map { index, text in
      var node = ImportServer.node(index + 20, text)
      node.userID = 1
      node.approvedRoutes = index % 3 == 0 ? [text] : []
      node.availableRoutes = node.approvedRoutes
      return node
    }

  @Test(
    "Names that nodes gave themselves act on no terminal and no page",
    arguments: [
      ["plan"], ["plan", "--format", "markdown"], ["plan", "--format", "html"],
      ["plan", "--format", "json"], ["status"], ["status", "--format", "json"],
      ["status", "--pins"],
      ["import"], ["import", "--format", "nodes"], ["doctor"], ["doctor", "--format", "json"],
      ["verify"], ["verify", "--format", "json"],
    ])
  func namesOfNodes(words: [String]) async throws {
    try await ImportServer.serving(.v0_29, nodes: Self.nodes) { server in
      let scratch = try Scratch()
      let text = Self.inventory.replacingOccurrences(
        of: "https://mesh.example.com", with: server.url)
      let file = try scratch.file("inventory.yaml", text)
      let ending = try await MeshctlProgram.run(
        words + (words[0] == "doctor" ? ["--inventory", file] : [file]),
        environment: server.environment.merging(["PATH": Self.noSSH(scratch.path)]) { $1 })
      #expect(ending.exit != -1 && ending.exit != 64, "\(ending)")
      #expect((ending.output + ending.errors).count > 40)
      HostileText.expectHarmless(ending, words.joined(separator: " "))
      #expect(!ending.errors.contains(server.key) && !ending.output.contains(server.key))
      if words.contains("markdown") || words.contains("html") {
        #expect(!ending.output.contains("<script"))
      }
      if words.contains("json") {
        #expect(throws: Never.self) {
          try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
        }
      }
    }
  }

  /// The saved plan holds the names, and is shown again.
  @Test func namesInASavedPlan() async throws {
    try await ImportServer.serving(.v0_29, nodes: Self.nodes) { server in
      let scratch = try Scratch()
      let text = Self.inventory.replacingOccurrences(
        of: "https://mesh.example.com", with: server.url)
      let file = try scratch.file("inventory.yaml", text)
      let plan = scratch.path + "/plan.json"
      let made = try await MeshctlProgram.run(
        ["plan", file, "--out", plan], environment: server.environment)
      HostileText.expectHarmless(made, "plan --out")
      for format in ["text", "markdown", "html", "json"] {
        let shown = try await MeshctlProgram.run(["show", plan, "--format", format])
        #expect(shown.exit == 0, "\(shown.errors)")
        HostileText.expectHarmless(shown, "show \(format)")
      }
    }
  }

  private static let key = "hskey-api-0123456789ab-hostile-server-must-not-echo-this"

  static let answers: [(String, [UInt8])] = {
    let text = HostileText.all
    let quoted =
      (try? JSONSerialization.data(withJSONObject: [text])).map {
        String(String(decoding: $0, as: UTF8.self).dropFirst().dropLast())
      } ?? ""
    return [
      ("an error in words", RawServer.http("500 Internal", "{\"code\":2,\"message\":\(quoted)}")),
      ("a bare error", RawServer.http("500 Internal", text, type: "text/plain")),
      (
        "a refused key",
        RawServer.http(
          "401 Unauthorized", text + " " + String(repeating: "K", count: Self.key.utf8.count),
          type: "text/plain")
      ),
      ("a page", RawServer.http("200 OK", "<html>" + text, type: "text/html")),
      ("a version", RawServer.http("200 OK", "{\"version\":\(quoted)}")),
      ("half an answer", Array("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{\"ver".utf8)),
      ("no HTTP", Array((text + "\r\n\r\n").utf8)),
      ("bytes", [0x1B, 0x5B, 0x32, 0x4A, 0xFF, 0xFE, 0x9B, 0x0A]),
      (
        "body bytes",
        Array("HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\n".utf8) + [0x1B, 0x9B, 0xFF, 0x7]
      ),
      (
        "a redirect",
        Array(
          "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\u{202E}\u{9B}\r\nContent-Length: 0\r\n\r\n"
            .utf8)
      ),
    ]
  }()

  @Test(
    "What a server answers acts on no terminal, and never brings the key back", arguments: answers)
  func whatItAnswers(name: String, bytes: [UInt8]) async throws {
    let key = Self.key
    // The refusal quotes what it was sent.
    let text = String(decoding: bytes, as: UTF8.self)
    let padded = " " + String(repeating: "K", count: key.utf8.count)
    let server = try RawServer(
      answer: text.contains(padded)
        ? Array(text.replacingOccurrences(of: padded, with: " " + key).utf8) : bytes)
    defer { server.stop() }
    let scratch = try Scratch()
    let file = try scratch.file(
      "inventory.yaml",
      Self.inventory.replacingOccurrences(of: "https://mesh.example.com", with: server.url))
    for words in [
      ["plan", "--format", "markdown"], ["status"], ["import"], ["apply", "--auto-approve"],
      ["doctor", "--inventory"],
    ] {
      let ending = try await MeshctlProgram.run(
        words + [file],
        environment: [
          "HEADSCALE_URL": server.url, "HEADSCALE_API_KEY": key,
          "XDG_STATE_HOME": scratch.path + "/state", "PATH": Self.noSSH(scratch.path),
        ])
      #expect([1, 3].contains(ending.exit), "\(words) \(ending)")
      #expect(!ending.errors.isEmpty || !ending.output.isEmpty)
      HostileText.expectHarmless(ending, "\(name): \(words.joined(separator: " "))")
      #expect(!(ending.output + ending.errors).contains(key))
    }
    #expect(!server.requests.isEmpty)
    // The version is asked for without a key; what comes after it brings the key.
    #expect(name != "a refused key" || server.requests.contains { $0.contains("Bearer " + key) })
  }

  /// A PATH whose ssh reaches nobody at once, so that no test waits for the network.
  static func noSSH(_ folder: String) -> String {
    let bin = folder + "/bin"
    try? FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    _ = FileManager.default.createFile(
      atPath: bin + "/ssh",
      contents: Data(
        "#!/bin/sh\necho 'ssh: connect to host x port 22: Connection refused' >&2; exit 255\n".utf8),
      attributes: [.posixPermissions: 0o755])
    return bin + ":/usr/bin:/bin"
  }
}
