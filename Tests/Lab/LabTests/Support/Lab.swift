import Foundation
import Synchronization

/// The lab of this test process: hosts alpha, beta, gamma and delta, three that differ from them, a
/// control server, a package mirror.
final class Lab: Sendable {
  @TaskLocal static var current: Lab?

  /// What `lab.sh up` writes when the lab is complete.
  struct Description: Decodable, Sendable {
    struct Host: Decodable, Sendable {
      var address: String
      var root: String
    }
    struct SSH: Decodable, Sendable { var identityFile: String }
    struct Server: Decodable, Sendable {
      var url: String
      var apiKeyFile: String
      var user: String
    }
    struct Mirror: Decodable, Sendable { var url: String }
    var id: String
    var hosts: [String: Host]
    var ssh: SSH
    var patPasswordFile: String
    var server: Server
    var mirror: Mirror
  }

  static let hosts = ["alpha", "beta", "gamma", "delta"]
  /// Debian 13; the others are Debian 12.
  static let trixie = "echo"
  /// No init system, as in a container or a chroot: sshd is all that runs.
  static let plain = "foxtrot"
  /// systemd, and no /dev/net/tun.
  static let tunless = "golf"
  static let all = hosts + [trixie, plain, tunless]

  let state: String
  let description: Description
  let server: ControlServer
  /// The sudo password of `pat`.
  let password: String
  let programs: Programs
  private let captures = Mutex(0)

  private init(
    state: String, description: Description, server: ControlServer, password: String,
    programs: Programs
  ) {
    self.state = state
    self.description = description
    self.server = server
    self.password = password
    self.programs = programs
  }

  static func up() async throws -> Lab {
    let programs = try Programs()
    let pid = ProcessInfo.processInfo.processIdentifier
    let state = "/run/meshctl-lab/tests-\(pid)"
    try await Shell.output([
      "bash", programs.lab, "up", "--state", state, "--hosts", all.joined(separator: ","),
      "--server", programs.headscale, "--owner", String(pid), "--curl", "beta",
      "--suite", "trixie:\(trixie)", "--plain", plain, "--no-tun", tunless,
    ])
    let description = try JSONDecoder().decode(
      Description.self, from: Data(contentsOf: URL(fileURLWithPath: state + "/lab.json")))
    func line(_ file: String) throws -> String {
      try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
    }
    let lab = Lab(
      state: state, description: description,
      server: try ControlServer(
        url: description.server.url, key: try line(description.server.apiKeyFile)),
      password: try line(description.patPasswordFile), programs: programs)
    for folder in ["tmp", "ssh", "home", "captured", "files"] {
      try FileManager.default.createDirectory(
        atPath: lab.work(folder), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    try lab.writeHostsFile()
    try await lab.server.setPolicy(
      #"{"tagOwners": {"tag:server": ["lab@"], "tag:db": ["lab@"]}}"#)
    return lab
  }

  /// Below the lab's state, so that it goes with the lab, also after a crash.
  func work(_ name: String) -> String { "\(state)/tests/\(name)" }

  /// The next free name for the output of a meshctl run.
  func nextCapture() -> String {
    captures.withLock { count in
      count += 1
      return work("captured/\(String(format: "%03d", count))")
    }
  }

  @discardableResult
  func sh(_ arguments: String...) async throws -> String {
    let rest = Array(arguments.dropFirst())
    return try await Shell.output(
      ["bash", programs.lab, arguments[0], "--state", state] + rest)
  }

  /// Runs a shell script as root on a host; it is fed by standard input.
  func exec(_ host: String, _ script: String) async throws -> Ending {
    try await Shell.ending(
      ["bash", programs.lab, "exec", "--state", state, host, "--", "sh", "-s"], input: script)
  }

  /// The same through the host's namespaces, for a host that nobody reaches by SSH.
  func inside(_ host: String, _ script: String) async throws -> Ending {
    try await Shell.ending(
      ["bash", programs.lab, "inside", "--state", state, host, "--", "sh", "-s"], input: script)
  }

  /// A file of a host, as seen from outside: opens no connection.
  func file(_ path: String, on host: String) -> String {
    (description.hosts[host]?.root ?? "/nonexistent") + path
  }

  func hasClient(_ host: String) -> Bool {
    FileManager.default.fileExists(atPath: file("/usr/bin/tailscale", on: host))
  }

  /// The public host key, as an inventory pins it.
  func hostKey(_ host: String) throws -> String {
    let line = try String(
      contentsOfFile: "\(state)/hosts/\(host)/ssh_host_ed25519_key.pub", encoding: .utf8)
    return line.split(separator: " ").prefix(2).joined(separator: " ")
  }

  /// How many SSH logins the host has seen, read from outside: its journal, or what sshd prints where
  /// nothing else runs.
  func logins(_ host: String) async throws -> Int {
    let text = try await Shell.output([
      "journalctl", "--no-pager", "-o", "cat", "--directory", file("/var/log/journal", on: host),
    ])
    let console = try String(
      contentsOfFile: "\(state)/hosts/\(host)/console.log", encoding: .utf8)
    return (text + "\n" + console).split(whereSeparator: \.isNewline).count {
      $0.hasPrefix("Accepted ") || $0.hasPrefix("Connection closed by ")
        || $0.hasPrefix("Failed ") || $0.contains("[preauth]")
    }
  }

  /// The pid of the control server.
  func serverProcess() throws -> Int32 {
    let text = try String(contentsOfFile: state + "/pids/server", encoding: .utf8)
    return Int32(text.split(separator: " ").first ?? "") ?? 0
  }
}
