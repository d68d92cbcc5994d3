import Foundation
import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

/// The command behind the real ssh and a real sshd.
@Suite(
  "Headscale over SSH", .tags(.sshd), .serialized, .timeLimit(.minutes(2)),
  .enabled(if: ShellRun.find("sshd") != nil, "no sshd binary on this machine"))
struct HeadscaleSSHTests {
  private static let command = """
    #!/bin/sh
    { for word; do printf '<%s>' "$word"; done; echo; } >>"$(dirname "$0")/../calls"
    [ "$(cat)" = "" ] || exit 9
    env >"$(dirname "$0")/../environment"
    case $1 in
      version) echo '{"version":"v0.29.2"}' ;;
      nodes) [ -f "$(dirname "$0")/../big" ] && cat "$(dirname "$0")/../big" || echo '[{"id":7,"machine_key":"mkey:1","node_key":"nodekey:1","given_name":"web"}]' ;;
      users) echo '[{"id":1,"name":"alice","created_at":{"seconds":1}}]' ;;
      *) echo '{}' ;;
    esac

    """

  private func control(
    _ server: LoopbackSSHD, login: String? = nil, timeout: Double = 30
  ) throws -> HeadscaleControl {
    let user = NSUserName()
    let runner = RemoteHeadscale(
      login: login ?? "\(user)@127.0.0.1:\(server.port)",
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": server.folder, "HEADSCALE_API_KEY": testKey,
      ], program: server.ssh, timeout: timeout)
    return HeadscaleControl(
      HeadscaleCLI(runner, url: try #require(ServerURL("https://mesh.example.com"))))
  }

  @Test("Commands go quoted, with the server's clock, over one connection") func works()
    async throws
  {
    try await LoopbackSSHD.run { server in
      try server.script("headscale", Self.command)
      try server.script("date", "#!/bin/sh\n[ \"$*\" = '-u +%s' ] && echo 1795400000\n")
      let control = try control(server)
      let identity = try await control.identify()
      #expect(identity == ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"))
      let list = try await control.nodes()
      #expect(list.nodes.map(\.givenName) == ["web"])
      #expect(list.serverTime == Timestamp(seconds: 1_795_400_000))
      try await control.approveRoutes(nodeID: "7", routes: [])
      try await control.rename(nodeID: "7", to: "a'$(id)`id`;b")
      await control.close()
      #expect(server.connections == 1, "\(server.log)")
      #expect(
        server.read("calls")?.split(separator: "\n") == [
          "<version><-o><json>", "<nodes><list><-o><json>",
          "<nodes><approve-routes><--identifier=7><--routes=><-o><json>",
          "<nodes><rename><--identifier=7><-o><json><a'$(id)`id`;b>",
        ])
      #expect(server.read("environment")?.contains(testKey) == false)
    }
  }

  @Test("A list larger than what scripts may answer is read whole") func bigList() async throws {
    try await LoopbackSSHD.run { server in
      try server.script("headscale", Self.command)
      let nodes = (1...40_000).map {
        #"{"id":\#($0),"machine_key":"mkey:\#(String(repeating: "a", count: 64))","node_key":"nodekey:\#($0)","given_name":"n\#($0)"}"#
      }
      try server.write("big", "[\(nodes.joined(separator: ",\n"))]")
      let control = try control(server)
      let count = try await control.nodes().nodes.count
      #expect(count == 40_000)
      await control.close()
    }
  }

  @Test("What a login script prints is no answer") func loginNoise() async throws {
    try await LoopbackSSHD.run { server in
      try server.script("headscale", "#!/bin/sh\necho '{\"version\":\"v0.28.0\"}'\n")
      try server.write("noise", "printf '[]\\nWelcome\\r\\n{\"version\":\"v0.29.2\"}\\n'\n")
      let forced = "command=\". \(server.folder)/noise; eval \\\"$SSH_ORIGINAL_COMMAND\\\"\" "
      try server.write("authorized", forced + (server.read("authorized") ?? ""))
      let control = try control(server)
      let identity = try await control.identify()
      #expect(identity.version == "0.28.0")
      #expect(server.log.contains("forced-command"), "\(server.log)")
      await control.close()
    }
  }

  @Test("Refused, host key unknown, host key changed, login refused: one error each, nothing run")
  func unconnected() async throws {
    try await LoopbackSSHD.run(knowsHost: false) { server in
      try server.script("headscale", Self.command)
      func problem(_ login: String? = nil) async throws -> Diagnostic {
        let control = try control(server, login: login)
        let problem = try await failure { try await control.createUser(name: "bob") }
        await control.close()
        #expect(problem.detail?.contains("server.api.ssh") == true)
        return problem
      }
      #expect(try await problem().code == .sshHostKeyUnknown)
      let stranger = (server.read("stranger.pub") ?? "").split(separator: " ").prefix(2)
      try server.write(
        "known_hosts", "[127.0.0.1]:\(server.port) \(stranger.joined(separator: " "))\n")
      let changed = try await problem()
      #expect(changed.code == .sshHostKeyChanged)
      #expect(changed.hint?.contains("ssh-keygen -R") == true)
      try server.learnHost()
      #expect(try await problem("nobody-here@127.0.0.1:\(server.port)").code == .sshAuthentication)
      #expect(try await problem("x@127.0.0.1:1").code == .sshRefused)
      #expect(try await problem("x@no-such-host.invalid").code == .sshResolve)
      #expect(server.read("calls") == nil)
    }
  }

  @Test("No headscale there, junk, a hang, a shell that hangs up") func behind() async throws {
    try await LoopbackSSHD.run { server in
      let cases: [(String?, DiagnosticCode, String)] = [
        (nil, .apiCommand, "not found"), ("echo junk", .apiNotHeadscale, "junk"),
        ("sleep 63.5", .sshTimeout, "did not end"), ("kill -9 $PPID", .apiRefused, ""),
        ("exit 255", .apiRefused, "without a word"),
        ("echo 'client_loop: send disconnect: Broken pipe' >&2; exit 255", .sshLost, "broke"),
      ]
      for (script, code, words) in cases {
        if let script { try server.script("headscale", "#!/bin/sh\n\(script)\n") }
        let control = try control(server, timeout: code == .sshTimeout ? 3 : 30)
        let problem = try await failure { try await control.nodes() }
        #expect(problem.code == code || script == "kill -9 $PPID", "\(problem)")
        let texts = [problem.message, problem.evidence, problem.hint]
        #expect(words.isEmpty || texts.contains { $0?.contains(words) == true }, "\(problem)")
        await control.close()
      }
    }
  }

  @Test("A lost key over SSH is found and expired") func keys() async throws {
    try await LoopbackSSHD.run { server in
      try server.script(
        "headscale",
        """
        #!/bin/sh
        here=\(server.folder); now=1795400000
        printf '%s\\n' "$*" >>$here/calls
        case "$1 $2" in
          version*) echo '{"version":"v0.29.2"}' ;;
          "preauthkeys create") for word; do case $word in --expiration=*) ms=${word#*=}; echo $((now * 1000 + ${ms%ms})) >$here/made ;; esac; done
            echo '{"error":"context deadline exceeded"}' >&2; exit 1 ;;
          "preauthkeys list") read -r end <$here/made
            printf '[{"id":9,"key":"hskey-auth-a-***","expiration":{"seconds":%s,"nanos":%s000000},"created_at":{"seconds":%s}}]' $((end / 1000)) $((end % 1000)) $now ;;
          *) echo '{}' ;;
        esac

        """)
      try server.script("date", "#!/bin/sh\necho 1795400000\n")
      let control = try control(server)
      let problem = try await failure {
        try await control.createPreAuthKey(KeyRequest(owner: .tags(["tag:a"], keyOwner: nil)))
      }
      #expect(problem.code == .apiRefused)
      #expect(problem.detail?.contains("it was expired") == true)
      #expect(server.read("calls")?.hasSuffix("preauthkeys expire --id=9 -o json\n") == true)
      await control.close()
    }
  }
}
