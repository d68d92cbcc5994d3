import Foundation
import MeshCore
import MeshSimulation
import Testing

/// Arguments and environments are readable by others, by all of them on some systems: no program that a
/// run starts gets a secret there.
@Suite(.timeLimit(.minutes(1))) struct ChildSecretsTests {
  @Test("What a run starts has no secret in arguments or environment") func nothingIsHandedOn()
    async throws
  {
    try await ImportServer.serving(.v0_29) { server in
      let scratch = try Scratch()
      let log = scratch.path + "/log"
      let bin = scratch.path + "/bin"
      try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
      // Each says who it is, what it was called with, and its environment.
      for (name, ending) in [
        ("ssh", "echo 'ssh: connect to host x port 22: Connection refused' >&2; exit 255"),
        ("guest", "cat >/dev/null; exit 0"), ("teller", "cat >/dev/null; exit 0"),
      ] {
        _ = FileManager.default.createFile(
          atPath: bin + "/" + name,
          contents: Data("#!/bin/sh\n{ echo \"\(name): $*\"; env; } >>\(log)\n\(ending)\n".utf8),
          attributes: [.posixPermissions: 0o755])
      }
      let keys = try scratch.file(
        "keys.pub",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8nVYBrWSEVYIS3yAZpi8ySDRvJHIlJbzl6Jq5hcYo me\n")
      let file = try scratch.file(
        "inventory.yaml",
        """
        version: 1
        server: {url: "\(server.url)"}
        hosts:
          new-1:
            address: 192.0.2.12
            owner: alice
            ssh: {user: ops}
            become: {password: {env: OFFICE_SUDO}}
          new-2:
            address: 192.0.2.13
            owner: alice
            ssh: {user: ops}
            bootstrap: {authorized_keys: \(keys), command: [\(bin)/guest, sh]}

        """)
      let run = Task {
        try await MeshctlProgram.run(
          ["apply", "--auto-approve", "--allow-commands", "--notify", "\(bin)/teller", file],
          environment: server.environment.merging([
            "PATH": bin + ":/usr/bin:/bin", "XDG_STATE_HOME": scratch.path + "/state",
            "OFFICE_SUDO": "correct-horse-battery",
          ]) { $1 })
      }
      // The host that is waited for after its command would take two minutes; what it starts is enough.
      var said = ""
      for _ in 0..<300 where !said.contains("guest: sh") {
        try await Task.sleep(for: .milliseconds(100))
        said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      }
      run.cancel()
      _ = await run.result
      #expect(
        said.contains("ssh: ") && said.contains("guest: sh") && said.contains("HOME="), "\(said)")
      for secret in [server.key, "correct-horse-battery", "hskey-"] {
        #expect(!said.contains(secret))
      }
      #expect(!said.contains("OFFICE_SUDO") && !said.contains("HEADSCALE_API_KEY="))
    }
  }
}
