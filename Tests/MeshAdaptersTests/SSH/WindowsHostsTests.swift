import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import Testing

/// The real ssh against a real sshd whose `powershell` answers like a Windows host.
@Suite(
  .tags(.sshd), .serialized, .timeLimit(.minutes(2)),
  .enabled(
    if: ShellRun.find("sshd") != nil && ShellRun.find("python3") != nil,
    "no sshd or python3 on this machine"))
struct WindowsHostsTests {
  private let key = "hskey-auth-windows-0123456789"
  private let clixml =
    "#< CLIXML\r\n<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"
    + "<Obj S=\"progress\" RefId=\"0\"><TN RefId=\"0\"><T>System.Object</T></TN></Obj></Objs>"

  private func hosts(_ server: LoopbackSSHD) -> OpenSSHHosts {
    OpenSSHHosts(
      environment: ["PATH": "/usr/bin:/bin", "HOME": server.folder], program: server.ssh)
  }

  private func windows(_ server: LoopbackSSHD) -> MeshCore.Host {
    server.host("win-lab") { $0.os = .windows }
  }

  private func failure(
    _ hosts: OpenSSHHosts, _ host: MeshCore.Host, _ call: RemoteCall = .elevate
  ) async -> Diagnostic? {
    do {
      _ = try await hosts.run(call, secrets: [:], elevation: .root, on: host)
      return nil
    } catch {
      return (error as? Failure)?.diagnostic
    }
  }

  private static let probe = """
    [("uname", 0, "Windows_NT"), ("machine", 0, "AMD64"), ("product", 0, "Windows 11 Pro"),
     ("user", 0, "WIN-LAB\\\\ops"), ("uid", 0, "0"), ("service", 0, "running"),
     ("client-version", 0, '{"majorMinorPatch":"1.102.3"}'),
     ("status", 0, '{"BackendState":"Running",\\r\\n"Self":{"PublicKey":"nodekey:ab"}}'),
     ("prefs", 0, '{"ControlURL":"http://x"}'), ("not-asked", 0, ""), ("hostname", 0, "W\\u00e4rme")]
    """

  @Test(arguments: ["plain", "crlf", "utf16"]) func probes(style: String) async throws {
    try await LoopbackSSHD.run { server in
      try server.script(
        "powershell",
        FakePowerShell.text(
          folder: server.folder, answers: Self.probe, style: style, noise: "Welcome to Windows\n",
          error: clixml, status: 1))
      let hosts = hosts(server)
      guard case .facts(let facts) = await hosts.probe(windows(server)) else {
        Issue.record("no facts: \(server.log)")
        return
      }
      #expect(facts.os == .windows && facts.architecture == "AMD64" && facts.elevation == .root)
      #expect(facts.user == "WIN-LAB\\ops" && facts.hostname == "W\u{E4}rme")
      #expect(facts.client?.nodeKey == "nodekey:ab" && facts.windows?.product == "Windows 11 Pro")
      let argv = try #require(server.read("argv")).split(separator: "\n").map(String.init)
      #expect(
        argv.dropFirst()
          == [
            "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-InputFormat", "Text",
            "-OutputFormat", "Text", "-EncodedCommand", argv.last ?? "",
          ][...])
      #expect(server.connections == 1)
      await hosts.close()
    }
  }

  /// A key goes by standard input into a frame of its own: in no argument, environment or script text,
  /// and what the host says of it is redacted.
  @Test func secretsStayInTheirFrame() async throws {
    try await LoopbackSSHD.run { server in
      try server.script(
        "powershell",
        FakePowerShell.text(
          folder: server.folder,
          answers: "[(\"up\", 1, \"bad key \" + frames[1]), (\"status\", 0, \"{}\")]",
          error: "boom \(key)\r\n"))
      let hosts = hosts(server)
      let flags = ["--hostname=it's $(id) \u{2019} \"x\" `y`", "--unattended"]
      let answer = try await hosts.run(
        .join(arguments: flags, key: .preAuthKey), secrets: [.preAuthKey: Secret(key)],
        elevation: .root, on: windows(server))
      #expect(answer.report.text("up") == "bad key (secret)" && answer.report.status("up") == 1)
      #expect(!answer.errorText.contains(key) && answer.errorText.contains("boom"))
      #expect(server.read("frame-1") == key && server.read("frame-2") == nil)
      let script = try #require(server.read("frame-0"))
      #expect(!script.contains("hskey"))
      #expect(script.contains("'--hostname=it''s $(id) \u{2019}\u{2019} \"x\" `y`\n--unattended'"))
      for file in ["argv", "environment"] {
        #expect(server.read(file)?.contains("hskey") == false)
      }
      #expect(!server.log.contains("hskey"))
      await hosts.close()
    }
  }

  /// The hand-over brings two files and a key; the key is in neither.
  @Test func handOver() async throws {
    try await LoopbackSSHD.run { server in
      try server.script(
        "powershell",
        FakePowerShell.text(
          folder: server.folder,
          answers:
            "[(\"handover\", 0, \"waiting\"), (\"evidence\", 0, \"nobody is logged on\"), (\"line\", 0, \"powershell -File x\")]"
        ))
      let hosts = hosts(server)
      let host = windows(server)
      let url = try #require(ServerURL("http://10.0.0.56:8080"))
      let call = RemoteCall.handOver(arguments: ["--reset"], server: url)
        .describing(keyID: "7", expires: Timestamp(seconds: 1_800_000_000))
      let answer = try await hosts.run(
        call, secrets: [.waitingKey: Secret(key)], elevation: .root, on: host)
      let verdict = try RemoteJudge.judge(call, answer: answer, host: host).get()
      #expect(verdict.waits?.message.hasSuffix("run powershell -File x") == true)
      #expect(verdict.waits?.evidence == "nobody is logged on")
      let script = try #require(server.read("frame-0"))
      #expect(server.read("frame-1") == key && !script.contains("hskey"))
      #expect(script.contains("Finishes a join that meshctl could not do over SSH"))
      await hosts.close()
    }
  }

  @Test func failuresInWords() async throws {
    try await LoopbackSSHD.run { server in
      let hosts = hosts(server)
      let host = windows(server)
      #expect(await failure(hosts, host)?.code == .targetOSDiffers, "no powershell: a POSIX host")
      func code(_ style: String, error: String, status: Int = 1) async throws -> Diagnostic? {
        try server.script(
          "powershell",
          FakePowerShell.text(
            folder: server.folder, answers: "[(\"uid\", 0, \"0\")]", style: style, error: error,
            status: status))
        return await failure(hosts, host)
      }
      let cut = try await code(
        "cut",
        error:
          "#< CLIXML\r\n<Objs><S S=\"Error\">Access to the path is denied. (line 7)_x000D__x000A_</S></Objs>"
      )
      #expect(cut?.code == .sshLost && cut?.evidence == "Access to the path is denied. (line 7)")
      let locked = try await code(
        "cut",
        error: "Method invocation is supported only on core types in this language mode.\r\n")
      #expect(locked?.code == .targetLocked)
      // 255 is a script's own business as long as its answer is whole.
      #expect(try await code("crlf", error: "", status: 255) == nil)
      await hosts.close()
    }
  }

  /// A login shell that hands on only a part of the input runs nothing.
  @Test func cutInputRunsNothing() async throws {
    try await LoopbackSSHD.run { server in
      try server.script(
        "real", FakePowerShell.text(folder: server.folder, answers: "[(\"uid\", 0, \"0\")]"))
      try server.script("powershell", "#!/bin/sh\nhead -c 4000 | exec real \"$@\"\n")
      let hosts = hosts(server)
      #expect(await failure(hosts, windows(server))?.code == .sshLost)
      #expect(server.read("frame-0") == nil)
      await hosts.close()
    }
  }

  @Test func localIsRefused() async throws {
    let hosts = OpenSSHHosts(environment: [:], program: "/nonexistent/ssh")
    let host = SSHArgumentsTests.host("win-lab") {
      $0.os = .windows
      $0.connection = .local
    }
    #expect(await failure(hosts, host)?.code == .targetUnsupported)
    guard case .failed(let finding) = await hosts.probe(host) else {
      Issue.record("facts from nowhere")
      return
    }
    #expect(finding.code == .targetUnsupported && finding.hint?.contains("address") == true)
  }
}
