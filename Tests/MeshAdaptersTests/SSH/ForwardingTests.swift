import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import Subprocess
import SystemPackage
import Testing

/// A host that would like to use the operator's agent, network and files, and an ssh configuration of the
/// operator's that would let it.
@Suite(
  .tags(.sshd), .serialized, .timeLimit(.minutes(2)),
  .enabled(if: ShellRun.find("sshd") != nil, "no sshd binary on this machine"))
struct ForwardingTests {
  /// What a host can try from a session: use the agent, connect back through a forwarded port.
  private static func attempts(_ port: Int) -> String {
    """
    #!/bin/bash
    echo "agent=<$SSH_AUTH_SOCK>"
    ssh-add -L 2>&1
    (exec 3<>/dev/tcp/127.0.0.1/\(port)) 2>/dev/null && echo "port=open"
    [ -z "$DISPLAY" ] || echo "display=$DISPLAY"
    [ -z "$KRB5CCNAME" ] || echo "ticket=$KRB5CCNAME"
    exit 0

    """
  }

  @Test("Agent, ports, tickets and commands of the user's configuration stay here")
  func nothingIsForwarded() async throws {
    let place = "/tmp/meshctl-agent-\(UUID().uuidString.prefix(8))"
    let port = try LoopbackSSHD.freePort()
    let options = """
      ForwardAgent yes
        RemoteForward \(port) 127.0.0.1:1
        LocalForward \(try LoopbackSSHD.freePort()) 127.0.0.1:1
        DynamicForward \(try LoopbackSSHD.freePort())
        ForwardX11 yes
        ForwardX11Trusted yes
        GSSAPIDelegateCredentials yes
        PermitLocalCommand yes
        LocalCommand touch \(place)/local-command
        AddKeysToAgent yes
      """
    try FileManager.default.createDirectory(
      atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: place) }
    try await LoopbackSSHD.run(clientOptions: options) { server in
      try server.script("tailscale", Self.attempts(port))
      let config = try #require(server.read("config"))
      try server.write(
        "config",
        config.replacingOccurrences(
          of: "IdentityAgent none", with: "IdentityAgent \(place)/agent"))
      try await withAgent(place, key: server.folder + "/client") {
        // The attack works where nobody stands against it; else this test would prove nothing.
        let bare = try await ShellRun.output(
          ["bash"],
          "\(server.ssh) -p \(server.port) -o BatchMode=yes 127.0.0.1 tailscale up 2>/dev/null",
          environment: ["HOME": server.folder])
        #expect(bare.contains("ssh-ed25519 AAAA") && bare.contains("port=open"), "\(bare)")
        #expect(FileManager.default.fileExists(atPath: place + "/local-command"))
        try FileManager.default.removeItem(atPath: place + "/local-command")

        let hosts = OpenSSHHosts(
          environment: [
            "PATH": "/usr/bin:/bin", "HOME": server.folder, "SSH_AUTH_SOCK": place + "/agent",
            "DISPLAY": ":77",
          ], program: server.ssh)
        for _ in 0..<2 {
          let answer = try await hosts.run(
            .join(arguments: [], key: nil), secrets: [:], elevation: .none, on: server.host())
          let said = answer.report.text("up") ?? ""
          #expect(said.contains("agent=<>"), "\(said)")
          #expect(!said.contains("AAAA") && !said.contains("port="), "\(said)")
          #expect(!said.contains("display=") && !said.contains("ticket="), "\(said)")
        }
        #expect(!FileManager.default.fileExists(atPath: place + "/local-command"))
        await hosts.close()
      }
    }
  }

  private func withAgent(
    _ place: String, key: String, _ body: () async throws -> Void
  ) async throws {
    let result = try await Subprocess.run(
      .name("ssh-agent"), arguments: ["-D", "-a", place + "/agent"], input: .none,
      output: .discarded, error: .discarded
    ) { execution in
      var failure: (any Error)?
      do {
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: place + "/agent") {
          try await Task.sleep(for: .milliseconds(50))
        }
        _ = try await ShellRun.output(
          ["sh"], "ssh-add -q \(key)\n", environment: ["SSH_AUTH_SOCK": place + "/agent"])
        try await body()
      } catch { failure = error }
      await execution.teardown(using: [])
      return failure
    }
    if let failure = result.closureResult { throw failure }
  }
}
