import MeshAdapters
import MeshCore
import Testing
import YAMLReader

@Suite struct SSHArgumentsTests {
  private let ssh = SSHArguments(controlDirectory: "/tmp/meshctl-abc")

  static func host(_ key: String = "web1", _ change: (inout Host) -> Void = { _ in }) -> Host {
    var host = Host(key: key, mark: SourceMark(line: 1, column: 1))
    change(&host)
    return host
  }

  @Test func plain() {
    let arguments = ssh.run("exec /bin/sh -s", on: Self.host(), knownHosts: nil)
    #expect(
      arguments == [
        "-T", "-x", "-a", "-k", "-e", "none", "-o", "BatchMode=yes", "-o", "ForwardAgent=no",
        "-o", "ForwardX11=no", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o",
        "RemoteCommand=none", "-o", "RequestTTY=no", "-o", "Tunnel=no", "-o", "UpdateHostKeys=no",
        "-o", "AddKeysToAgent=no", "-o", "LogLevel=ERROR", "-o", "SendEnv=-*", "-o",
        "ControlMaster=auto", "-o", "ControlPath=/tmp/meshctl-abc/%C", "-o", "ControlPersist=60s",
        "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3", "-o",
        "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=10", "--", "web1", "exec /bin/sh -s",
      ])
  }

  @Test func everySetting() {
    let host = Self.host("Win Lab") {
      $0.address = "fd00::1"
      $0.port = 2222
      $0.ssh.user = "ops"
      $0.ssh.identityFile = "~/.ssh/mesh"
      $0.ssh.jump = "ops@jump:22"
      $0.ssh.connectTimeout = 3
      $0.ssh.hostKey = .pinned("ssh-ed25519 AAAA a comment\nevil ssh-rsa BBBB")
    }
    let quick = SSHArguments(
      controlDirectory: "/tmp/meshctl-abc", preferredKeyExchange: "mlkem768x25519-sha256")
    let arguments = quick.run("x", on: host, knownHosts: "/tmp/meshctl-abc/known_hosts.0")
    let tail = Array(arguments.drop { $0 != "StrictHostKeyChecking=yes" })
    #expect(
      tail == [
        "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=/tmp/meshctl-abc/known_hosts.0",
        "-o", "GlobalKnownHostsFile=/dev/null", "-o", "HostKeyAlias=meshctl-_57_in_20__4c_ab", "-o",
        "CheckHostIP=no", "-o", "VerifyHostKeyDNS=no", "-o", "KexAlgorithms=^mlkem768x25519-sha256",
        "-o", "ConnectTimeout=3", "-p", "2222", "-l", "ops", "-i", "~/.ssh/mesh", "-o",
        "IdentitiesOnly=yes", "-J", "ops@jump:22", "--", "fd00::1", "x",
      ])
    #expect(
      SSHArguments.knownHostsLine("ssh-ed25519 AAAA a comment", for: host)
        == "meshctl-_57_in_20__4c_ab ssh-ed25519 AAAA\n")
  }

  @Test func acceptNew() {
    let host = Self.host { $0.ssh.hostKey = .acceptNew }
    let arguments = ssh.run("x", on: host, knownHosts: nil)
    #expect(arguments.contains("StrictHostKeyChecking=accept-new"))
    #expect(!arguments.contains("StrictHostKeyChecking=yes"))
    #expect(!arguments.contains { $0.hasPrefix("UserKnownHostsFile") })
  }

  /// `-F` would replace the user's configuration; only the exit command needs none.
  @Test func userConfigurationStays() {
    #expect(!ssh.run("x", on: Self.host(), knownHosts: nil).contains("-F"))
    #expect(
      ssh.exit(socket: "/tmp/s").starts(with: [
        "-F", "none", "-o", "ControlPath=/tmp/s", "-O", "exit",
      ]))
  }
}
