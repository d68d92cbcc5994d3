import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import MeshTestSupport
import NIOCore
import NIOPosix
import Testing

@Suite("Enabling SSH by a local command or by files", .timeLimit(.minutes(1)))
struct SSHBootstrapperTests {
  private let home: KeyHome

  init() throws {
    home = try KeyHome()
    try home.write(".ssh/id.pub", KeyHome.ed25519 + " it's; $(id) me\n")
  }

  private func bootstrapper(
    timeout: Double = 20, extra: [String: String] = [:], withheld: Set<String> = []
  ) -> SSHBootstrapper {
    SSHBootstrapper(
      environment: home.environment.merging(extra) { $1 }, withheld: withheld,
      commandTimeout: timeout)
  }

  private func refusal(
    _ words: [String], timeout: Double = 20, host: MeshCore.Host = KeyHome.host()
  ) async -> Diagnostic? {
    do {
      _ = try await bootstrapper(timeout: timeout).deliver(.command(words), to: host)
      return nil
    } catch { return (error as? Failure)?.diagnostic }
  }

  @Test func theCommandGetsTheScriptWithKeysAndUserOnStandardInput() async throws {
    defer { home.remove() }
    let said = try await bootstrapper().deliver(
      .command(["sh", "-c", "cat >\"$HOME/script\""]), to: KeyHome.host())
    #expect(said == "`sh` ran the script with 1 public key")
    let script = try home.read("script")
    #expect(script.hasPrefix("{\nset -- --user 'ops' --keys-text '\(KeyHome.ed25519) it'\\''s;"))
    #expect(script.hasSuffix("}\n"))
  }

  @Test func windowsGetsPowerShell() async throws {
    defer { home.remove() }
    _ = try await bootstrapper().deliver(
      .command(["sh", "-c", "cat >\"$HOME/script\""]), to: KeyHome.host { $0.os = .windows })
    #expect(try home.read("script").hasPrefix("& {\n#"))
  }

  @Test func secretsOfOursStayOutOfItsEnvironment() async throws {
    defer { home.remove() }
    _ = try await bootstrapper(
      extra: ["HEADSCALE_API_KEY": "hskey-1", "KEPT": "yes"], withheld: ["HEADSCALE_API_KEY"]
    ).deliver(.command(["sh", "-c", "env >\"$HOME/env\"; cat >/dev/null"]), to: KeyHome.host())
    let environment = try home.read("env")
    #expect(environment.contains("KEPT=yes") && !environment.contains("hskey"))
  }

  @Test func itsFailuresInWords() async throws {
    defer { home.remove() }
    let failed = await refusal(["sh", "-c", "echo no such domain >&2; exit 3"])
    #expect(failed?.code == .bootstrapCommand && failed?.message.contains("(exit 3)") == true)
    #expect(failed?.evidence == "no such domain" && failed?.host == "one")
    #expect(failed?.hint?.contains("meshctl bootstrap linux --host one | 'sh'") == true)
    // Some programs end with 0 whatever the script did.
    let hidden = await refusal(["sh", "-c", "echo 'enable-ssh: FAILED: this needs root'"])
    #expect(hidden?.code == .bootstrapCommand)
    #expect(hidden?.evidence == "enable-ssh: FAILED: this needs root")
    let missing = await refusal(["meshctl-no-such-program"])
    #expect(missing?.code == .bootstrapCommand)
    #expect(missing?.message.contains("cannot be started") == true)
    let slow = await refusal(["sh", "-c", "echo begun; sleep 30"], timeout: 0.5)
    #expect(slow?.code == .bootstrapCommand && slow?.evidence == "begun")
    let keyless = await refusal(
      ["true"], host: KeyHome.host { $0.bootstrap.authorizedKeys = "/dev/null" })
    #expect(keyless?.code == .fileNotRegular)
  }

  @Test func warningsOfTheScriptAreSaid() async throws {
    defer { home.remove() }
    let said = try await bootstrapper().deliver(
      .command(["sh", "-c", "cat >/dev/null; echo 'enable-ssh: WARNING: no init system'"]),
      to: KeyHome.host())
    #expect(said.hasSuffix("(enable-ssh: WARNING: no init system)"))
  }

  @Test func withoutAUserSSHSaysWhom() async throws {
    defer { home.remove() }
    try home.write(
      "ssh", "#!/bin/sh\n[ \"$1 $2 $3\" = '-G -- one' ] && printf 'host one\\nuser karl\\n'\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: home.path + "/ssh")
    let bootstrapper = SSHBootstrapper(
      environment: home.environment, ssh: home.path + "/ssh", commandTimeout: 20)
    let host = KeyHome.host { $0.ssh.user = nil }
    _ = try await bootstrapper.deliver(.command(["sh", "-c", "cat >\"$HOME/script\""]), to: host)
    #expect(try home.read("script").hasPrefix("{\nset -- --user 'karl' "))
  }

  @Test func filesGoIntoTheFolder() async throws {
    defer { home.remove() }
    let host = KeyHome.host { $0.os = .windows }
    let way = EnableSSHStep.Way.files(home.path + "/oem")
    #expect(
      try await bootstrapper().deliver(way, to: host)
        == "files with 1 public key were put into \(home.path)/oem")
    #expect(
      try await bootstrapper().deliver(way, to: host) == "the files are there: \(home.path)/oem")
    #expect(try home.read("oem/authorized_keys").hasPrefix(KeyHome.ed25519))
  }

  /// A real command, real ssh, and an sshd that comes up after the command has ended.
  @Test(.tags(.sshd), .enabled(if: ShellRun.find("sshd") != nil))
  func theWaitEndsWhenAnSSHServerAnswers() async throws {
    defer { home.remove() }
    let port = try LoopbackSSHD.freePort()
    try home.write("config", "Host *\n  UserKnownHostsFile /dev/null\n  IdentityAgent none\n")
    try home.write("ssh", "#!/bin/sh\nexec /usr/bin/ssh -F '\(home.path)/config' \"$@\"\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: home.path + "/ssh")
    let host = KeyHome.host {
      $0.address = "127.0.0.1"
      $0.port = port
    }
    let hosts = OpenSSHHosts(environment: home.environment, program: home.path + "/ssh")
    guard case .failed(let before) = await hosts.probe(host) else {
      Issue.record("something listens on \(port)")
      return
    }
    #expect(before.code == .sshRefused)
    let control = FakeControlPlane()
    let ports = Ports.unimplemented(
      control: control, hosts: hosts, bootstrap: bootstrapper(), clock: SystemClock())
    let go = home.path + "/go"
    let step = Step.enableSSH(
      EnableSSHStep(.command(["sh", "-c", "cat >/dev/null; : >'\(go)'"])))
    let chain = Task {
      try await HostChain(
        host: host, steps: [step], round: 1, ports: ports,
        keys: KeysInFlight(control: control, ledger: ports.keys),
        nodes: NodeWatch(control: control, clock: ports.clock)
      ).run(facts: nil)
    }
    while !FileManager.default.fileExists(atPath: go) {
      try await Task.sleep(for: .milliseconds(20))
    }
    try await LoopbackSSHD.run(port: port) { _ in
      let result = try await chain.value
      #expect(result.failure == nil, "\(String(describing: result.failure))")
      #expect(result.stepsDone == [.enableSSH])
    }
    await hosts.close()
  }

  /// What Docker's port forward looks like before the VM behind it has an SSH server.
  @Test func aPortThatAcceptsAndSaysNothingIsNoSSHServer() async throws {
    defer { home.remove() }
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { $0.close() }.bind(host: "127.0.0.1", port: 0).get()
    let hosts = OpenSSHHosts(environment: home.environment)
    let host = KeyHome.host {
      $0.address = "127.0.0.1"
      $0.port = server.localAddress?.port ?? 0
    }
    guard case .failed(let finding) = await hosts.probe(host) else {
      Issue.record("a closed connection gave facts")
      return
    }
    #expect(finding.code == .sshNoBanner, "\(finding)")
    #expect(finding.hint != nil)
    try await server.close()
    await hosts.close()
  }
}

/// A pull request must not be able to run a program (law 7).
@Suite struct BootstrapAccessTests {
  @Test func commandsRunOnlyWhenAllowedWhereTheServerIsPinned() throws {
    let pinned = ["HEADSCALE_URL": "https://mesh.example.com"]
    let host = KeyHome.host { $0.bootstrap.command = ["curl", "evil"] }
    let failure = try #require(throws: Failure.self) {
      try BootstrapAccess.check([host], environment: pinned, allowCommands: false)
    }
    #expect(failure.diagnostic.code == .apiCommandsNotAllowed)
    #expect(failure.diagnostic.message.contains("bootstrap.command: curl"))
    try BootstrapAccess.check([host], environment: pinned, allowCommands: true)
    try BootstrapAccess.check([host], environment: [:], allowCommands: false)
    let files = KeyHome.host {
      $0.os = .windows
      $0.bootstrap.oemDir = "/root/oem"
    }
    let written = try #require(throws: Failure.self) {
      try BootstrapAccess.check([files], environment: pinned, allowCommands: false)
    }
    #expect(written.diagnostic.message.contains("bootstrap.oem_dir: /root/oem"))
    let leaving = KeyHome.host {
      $0.bootstrap.command = ["curl"]
      $0.state = .absent
    }
    try BootstrapAccess.check(
      [KeyHome.host { $0.bootstrap.oemDir = "oem" }, leaving], environment: pinned,
      allowCommands: false)
  }
}
