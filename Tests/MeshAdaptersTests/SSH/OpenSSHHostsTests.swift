import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import Testing

/// The real ssh against a real sshd.
@Suite(
  .tags(.sshd), .serialized, .timeLimit(.minutes(2)),
  .enabled(if: ShellRun.find("sshd") != nil, "no sshd binary on this machine"))
struct OpenSSHHostsTests {
  private static let echo = """
    #!/bin/sh
    [ "$1" = up ] || { echo '{"BackendState":"Running"}'; exit 0; }
    for word; do printf '<%s>\\n' "$word"; done
    for word; do case $word in --auth-key=file:*) cat "${word#--auth-key=file:}"; stat -c %a "${word#--auth-key=file:}";; esac; done
    env | grep -e hskey -e TEST_ONLY
    exit 0

    """

  private func hosts(_ server: LoopbackSSHD) -> OpenSSHHosts {
    OpenSSHHosts(
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": server.folder, "HEADSCALE_API_KEY": "TEST_ONLY_api",
        "MESHCTL_X": "TEST_ONLY_x",
      ], program: server.ssh)
  }

  private func refusal(
    _ hosts: OpenSSHHosts, _ host: MeshCore.Host, _ call: RemoteCall = .elevate,
    _ elevation: Elevation = .none
  ) async -> Diagnostic? {
    do {
      _ = try await hosts.run(call, secrets: [:], elevation: elevation, on: host)
      return nil
    } catch {
      #expect(error is Failure, "\(error)")
      return (error as? Failure)?.diagnostic
    }
  }

  @Test func probeAndRunsShareOneConnection() async throws {
    try await LoopbackSSHD.run { server in
      try server.script("tailscale", Self.echo)
      let hosts = hosts(server)
      guard case .facts(let facts) = await hosts.probe(server.host()) else {
        Issue.record("no facts: \(server.log)")
        return
      }
      #expect(facts.os == .linux && facts.user == NSUserName() && facts.sshPeer == "127.0.0.1")
      let flags = [
        "--hostname=it's $(touch \(server.folder)/pwned) `id` \"x\" \\", "--operator=a b",
      ]
      for _ in 0..<3 {
        let answer = try await hosts.run(
          .join(arguments: flags, key: .preAuthKey),
          secrets: [.preAuthKey: Secret("hskey-auth-secret-value")], elevation: .root,
          on: server.host())
        let said = (answer.report.text("up") ?? "").split(separator: "\n").map(String.init)
        #expect(said.contains("<\(flags[0])>") && said.contains("<--operator=a b>"))
        #expect(
          Array(said.suffix(2)) == ["(secret)", "600"], "redacted, and not in the environment")
        #expect(LinuxTarget.client(in: answer.report)?.backendState == "Running")
      }
      #expect(server.read("pwned") == nil)
      #expect(server.connections == 1)
      await hosts.close()
      #expect(
        LoopbackSSHD.processes(with: "ControlPath=/tmp/meshctl-").filter {
          $0.contains(server.folder)
        } == [])
    }
  }

  @Test func hostKeys() async throws {
    try await LoopbackSSHD.run(knowsHost: false) { server in
      func code(_ key: SSHSettings.HostKey?) async -> DiagnosticCode? {
        let hosts = hosts(server)
        let finding = await refusal(hosts, server.host { $0.ssh.hostKey = key })
        await hosts.close()
        return finding?.code
      }
      #expect(await code(nil) == .sshHostKeyUnknown)
      #expect(await code(.pinned(server.hostKey)) == nil)
      #expect(server.read("known_hosts") == "", "a pin teaches the user's file nothing")
      let stranger = try #require(server.read("stranger.pub"))
      #expect(await code(.pinned(stranger)) == .sshHostKeyChanged)
      #expect(await code(.pinned("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7")) == .sshHostKeyChanged)
      #expect(await code(.acceptNew) == nil)
      #expect(server.read("known_hosts")?.isEmpty == false)
      #expect(await code(nil) == nil, "learned")
      let words = stranger.split(separator: " ").prefix(2).joined(separator: " ")
      try server.write("known_hosts", "[127.0.0.1]:\(server.port) \(words)\n")
      #expect(await code(nil) == .sshHostKeyChanged)
      #expect(await code(.acceptNew) == .sshHostKeyChanged, "accept-new never replaces a key")
      func evidence(_ key: SSHSettings.HostKey?) async -> String {
        let hosts = hosts(server)
        let finding = await refusal(hosts, server.host { $0.ssh.hostKey = key })
        await hosts.close()
        return finding?.evidence ?? ""
      }
      let shown = try #require(HostKeyEvidence.fingerprint(ofBase64: blob(server.hostKey)))
      let known = try #require(HostKeyEvidence.fingerprint(ofBase64: blob(stranger)))
      #expect(
        await evidence(nil)
          == "known: \(known) (ED25519, \(server.knownHosts):1); shown: \(shown) (ED25519)")
      #expect(
        await evidence(.pinned(stranger))
          == "known: \(known) (ED25519, ssh.host_key); shown: \(shown) (ED25519)")
    }
  }

  private func blob(_ key: String) -> String {
    key.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  @Test func userConfigurationDoesNotDisturb() async throws {
    let options = """
      RemoteCommand echo disturbed
        RequestTTY force
        ForwardAgent yes
        PermitLocalCommand yes
        LocalCommand touch /tmp/meshctl-local-command-ran
        SendEnv *
        LogLevel QUIET
        ControlMaster no
        StrictHostKeyChecking no
        UpdateHostKeys yes
        EscapeChar ~
      """
    try await LoopbackSSHD.run(clientOptions: options) { server in
      try server.script(
        "tailscale", "#!/bin/sh\nenv; [ -n \"$SSH_AUTH_SOCK\" ] && echo agent; tty; exit 0\n")
      let hosts = hosts(server)
      for _ in 0..<2 {
        let answer = try await hosts.run(
          .join(arguments: [], key: nil), secrets: [:], elevation: .none, on: server.host())
        let said = answer.report.text("up") ?? ""
        #expect(
          said.contains("not a tty") && !said.contains("TEST_ONLY") && !said.contains("agent"))
      }
      #expect(server.connections == 1)
      #expect(!FileManager.default.fileExists(atPath: "/tmp/meshctl-local-command-ran"))
      await hosts.close()
    }
  }

  @Test func failuresInWords() async throws {
    try await LoopbackSSHD.run { server in
      let hosts = hosts(server)
      // Not inside the macro: swift 6.3.1 takes its closure for the next one in the function too.
      let closed = server.host { $0.port = 1 }
      #expect(await refusal(hosts, closed)?.code == .sshRefused)
      let unknown = server.host { $0.address = "meshctl-nowhere.invalid" }
      let resolve = await refusal(hosts, unknown)
      #expect(resolve?.code == .sshResolve, "\(String(describing: resolve))")
      let jump = await refusal(hosts, server.host { $0.ssh.jump = "127.0.0.1:1" })
      #expect(jump?.code == .sshJump, "\(String(describing: jump))")
      try server.write("authorized", "")
      let denied = await refusal(hosts, server.host())
      #expect(
        denied?.code == .sshAuthentication && denied?.hint == "ssh -p \(server.port) 127.0.0.1")
      #expect(denied?.evidence?.contains("Permission denied (publickey)") == true)
      guard case .failed(let finding) = await hosts.probe(server.host()) else {
        Issue.record("a probe without access gave facts")
        return
      }
      #expect(finding.code == .sshAuthentication && finding.host == "box")
      await hosts.close()
      let none = OpenSSHHosts(environment: [:], program: "/nonexistent/ssh")
      #expect(await refusal(none, server.host())?.code == .sshProgram)
      await none.close()
    }
  }

  @Test func timeoutKills() async throws {
    try await LoopbackSSHD.run { server in
      try server.script("tailscale", "#!/bin/sh\nexec sleep 8\n")
      let hosts = hosts(server)
      var call = RemoteCall.setPreferences(arguments: ["--ssh=true"])
      call.timeout = 1
      let started = ContinuousClock.now
      #expect(await refusal(hosts, server.host(), call)?.code == .sshTimeout)
      #expect(ContinuousClock.now - started < .seconds(5))
      #expect(await refusal(hosts, server.host()) == nil, "the host is usable afterwards")
      await hosts.close()
      #expect(LoopbackSSHD.processes(with: server.folder + "/config") == [])
    }
  }

  @Test(arguments: [MeshCore.Host.Connection.ssh, .local]) func cancellationLeavesNothing(
    connection: MeshCore.Host.Connection
  ) async throws {
    try await LoopbackSSHD.run { server in
      let hosts = OpenSSHHosts(
        environment: ["PATH": server.folder + "/bin:/usr/bin:/bin", "HOME": server.folder],
        program: server.ssh)
      try server.script(
        "tailscale",
        "#!/bin/sh\necho started >>\(server.folder)/started\nexec sleep \(connection == .local ? 97 : 3)\n"
      )
      let host = server.host { $0.connection = connection }
      let task = Task {
        try await hosts.run(
          .join(arguments: ["--reset"], key: .preAuthKey),
          secrets: [.preAuthKey: Secret("hskey-auth-1")], elevation: .none, on: host)
      }
      for _ in 0..<200 where server.read("started") == nil {
        try await Task.sleep(for: .milliseconds(25))
      }
      #expect(server.read("started") != nil)
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      await hosts.close()
      #expect(LoopbackSSHD.processes(with: server.folder + "/config") == [])
      // A local script is our own child and ends with us; one behind ssh ends by its own limit.
      if connection == .local { #expect(LoopbackSSHD.processes(with: "sleep 97") == []) }
    }
  }

  @Test func passwordGoesAlone() async throws {
    try await LoopbackSSHD.run { server in
      // Reads one line like sudo, keeps what else stands on its input, and runs the rest as root would.
      try server.script(
        "sudo",
        """
        #!/bin/sh
        echo "$*" >>\(server.folder)/argv
        [ "$1" = -n ] && { echo 'sudo: a password is required' >&2; exit 1; }
        IFS= read -r line
        cat >>\(server.folder)/rest
        [ "$line" = "pa\\$\\$ 'w0rd" ] || { echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }
        echo "hello $line" >&2
        while [ "$1" != -- ]; do shift; done; shift
        ls -ld "${2%/*}" | cut -c1-10 >>\(server.folder)/modes
        exec "$@"

        """)
      try server.script("tailscale", Self.echo)
      let hosts = hosts(server)
      let call = RemoteCall.join(arguments: ["--reset"], key: .preAuthKey)
      func run(_ password: String) async throws -> RemoteAnswer {
        try await hosts.run(
          call, secrets: [.preAuthKey: Secret("hskey-auth-xyz")],
          elevation: .sudoPassword(Secret(password)), on: server.host())
      }
      let answer = try await run("pa$$ 'w0rd")
      #expect(answer.report.status("up") == 0)
      #expect(answer.report.text("up")?.hasSuffix("(secret)\n600") == true)
      #expect(answer.errorText == "hello (secret)\n")
      #expect(server.read("rest") == "", "nothing but the password on that input")
      #expect(server.read("modes") == "drwx------\n")
      let folder = try #require(server.read("argv")?.split(separator: " ").last).dropLast(
        "/run\n".count)
      #expect(
        folder.hasPrefix("/tmp/meshctl.") && !FileManager.default.fileExists(atPath: String(folder))
      )
      await #expect {
        _ = try await run("wrong")
      } throws: { ($0 as? Failure)?.diagnostic.code == .elevateWrongPassword }
      let left = try #require(server.read("argv")?.split(separator: " ").last).dropLast(
        "/run\n".count)
      #expect(left != folder && !FileManager.default.fileExists(atPath: String(left)))
      #expect(
        server.read("argv")?.contains("w0rd") == false
          && server.read("argv")?.contains("hskey") == false)
      #expect(await refusal(hosts, server.host(), .elevate, .sudo)?.code == .elevatePassword)
      #expect(server.connections == 1)
      await hosts.close()
    }
  }

  @Test func localHost() async throws {
    let hosts = OpenSSHHosts(environment: [
      "PATH": "/usr/bin:/bin", "HEADSCALE_API_KEY": "TEST_ONLY",
    ])
    let host = SSHArgumentsTests.host("here") { $0.connection = .local }
    guard case .facts(let facts) = await hosts.probe(host) else {
      Issue.record("no facts")
      return
    }
    #expect(facts.user == NSUserName() && facts.sshPeer == nil)
    let answer = try await hosts.run(.elevate, secrets: [:], elevation: .none, on: host)
    #expect(answer.report.text("uid").flatMap(UInt32.init) == UInt32(getuid()))
    await hosts.close()
  }
}
