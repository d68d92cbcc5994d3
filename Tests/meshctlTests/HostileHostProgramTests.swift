import Foundation
import MeshCore
import MeshSimulation
import Testing

/// Hosts whose client, system and login write to whoever runs meshctl.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostileHostProgramTests {
  /// An ssh that runs what it is given right here, with a client of the attacker's.
  private static func lay(_ folder: String) throws -> String {
    let bin = folder + "/bin"
    let fakes = folder + "/fakes"
    for place in [bin, fakes] {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }
    func program(_ path: String, _ text: String) {
      _ = FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
    }
    program(
      bin + "/ssh",
      "#!/bin/sh\ncase $1 in -Q | -G | -F | -O) exit 1 ;; esac\nfor last; do :; done\n"
        + "PATH=\(fakes):/usr/bin:/bin exec /bin/sh -c \"$last\"\n")
    let text = HostileText.all
    try Data(text.utf8).write(to: URL(filePath: folder + "/text"))
    let own: [String: Any] = [
      "HostName": text, "DNSName": text + ".", "TailscaleIPs": [text, "100.64.0.1"],
      "PublicKey": "nodekey:" + text, "Online": true, "UserID": 1,
    ]
    let status: [String: Any] = [
      "Version": text, "BackendState": text, "AuthURL": text, "Self": own, "Health": [text],
      "HaveNodeKey": true, "User": ["1": ["LoginName": text]], "MagicDNSSuffix": text,
    ]
    let prefs: [String: Any] = [
      "ControlURL": text, "Hostname": text, "OperatorUser": text, "AdvertiseRoutes": [text],
      "AdvertiseTags": [text], "ExitNodeID": text, "ProfileName": text,
    ]
    for (name, value) in [("status", status), ("prefs", prefs)] {
      try JSONSerialization.data(withJSONObject: value)
        .write(to: URL(filePath: folder + "/" + name))
    }
    program(
      fakes + "/tailscale",
      """
      #!/bin/sh
      case "$1 $2" in
        "status --json") cat \(folder)/status ;;
        "debug prefs") cat \(folder)/prefs ;;
        *) cat \(folder)/text; cat \(folder)/text >&2; exit 1 ;;
      esac

      """)
    for name in ["uname", "whoami", "hostname", "systemctl", "getent", "curl", "sudo"] {
      program(fakes + "/" + name, "#!/bin/sh\ncat \(folder)/text\ncat \(folder)/text >&2\nexit 1\n")
    }
    return bin + ":/usr/bin:/bin"
  }

  @Test(
    "What a host says of itself acts on no terminal and no page",
    arguments: [
      ["plan", "--probe"], ["plan", "--probe", "--format", "markdown"],
      ["plan", "--probe", "--format", "html"], ["plan", "--probe", "--format", "json"], ["doctor"],
      ["doctor", "--format", "json"], ["verify"], ["verify", "--format", "json"],
    ])
  func wordsOfAHost(words: [String]) async throws {
    try await ImportServer.serving(.v0_29) { server in
      let scratch = try Scratch()
      let path = try Self.lay(scratch.path)
      let file = try scratch.file(
        "inventory.yaml",
        """
        version: 1
        server: {url: "\(server.url)"}
        hosts:
          gw-1: {address: 192.0.2.10, ssh: {user: ops}, expect: [desk]}
          desk: {address: 192.0.2.11, ssh: {user: ops}}
          new-1: {address: 192.0.2.12, ssh: {user: ops}, owner: alice}

        """)
      let ending = try await MeshctlProgram.run(
        words + (words[0] == "doctor" ? ["--inventory", file] : [file]),
        environment: server.environment.merging(["PATH": path]) { $1 })
      #expect(ending.exit != -1 && ending.exit != 64, "\(ending)")
      #expect(ending.output.contains("gw-1") && ending.output.count > 100, "\(ending)")
      HostileText.expectHarmless(ending, words.joined(separator: " "))
      if words.contains("markdown") || words.contains("html") {
        #expect(!ending.output.contains("<script"))
      }
      #expect(!FileManager.default.fileExists(atPath: "/tmp/meshctl-hostile-text"))
    }
  }

  /// No connection at all, with the attacker's words for why: apply touches nothing and says so.
  @Test(arguments: ["text", "json"]) func applyOnlyReportsIt(format: String) async throws {
    try await ImportServer.serving(.v0_29) { server in
      let scratch = try Scratch()
      _ = try Self.lay(scratch.path)
      _ = FileManager.default.createFile(
        atPath: scratch.path + "/bin/ssh",
        contents: Data(
          "#!/bin/sh\ncat \(scratch.path)/text; cat \(scratch.path)/text >&2; exit 255\n".utf8),
        attributes: [.posixPermissions: 0o755])
      let file = try scratch.file(
        "inventory.yaml",
        """
        version: 1
        server: {url: "\(server.url)"}
        hosts: {new-1: {address: 192.0.2.12, owner: alice}, gw-1: {tags: [tag:web]}}

        """)
      let ending = try await MeshctlProgram.run(
        ["apply", "--auto-approve", "--format", format, file],
        environment: server.environment.merging([
          "PATH": scratch.path + "/bin:/usr/bin:/bin", "XDG_STATE_HOME": scratch.path + "/state",
        ]) { $1 })
      #expect(ending.exit == 3, "\(ending)")
      HostileText.expectHarmless(ending, "apply \(format)")
    }
  }
}
