import Foundation
import MeshCore
import Subprocess
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Tag {
  /// Needs an sshd binary.
  @Tag static var sshd: Self
}

/// A real sshd on 127.0.0.1 with keys and configuration of its own, for the current user.
///
/// `ssh` is a wrapper that names a configuration of ours as the user's, because OpenSSH finds the real
/// one by the password database and not by HOME.
struct LoopbackSSHD: Sendable {
  let folder: String
  let port: Int
  var ssh: String { folder + "/ssh" }
  var knownHosts: String { folder + "/known_hosts" }
  var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }
  var connections: Int { log.components(separatedBy: "Accepted publickey").count - 1 }
  var hostKey: String {
    ((try? String(contentsOfFile: folder + "/host.pub", encoding: .utf8)) ?? "")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs the body with a server that answers.
  static func run(
    clientOptions: String = "", knowsHost: Bool = true, port: Int? = nil,
    _ body: (LoopbackSSHD) async throws -> Void
  ) async throws {
    let folder = "/tmp/meshctl-sshd-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: folder + "/bin", withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = LoopbackSSHD(folder: folder, port: try port ?? freePort())
    for name in ["host", "client", "stranger"] {
      _ = try await command([
        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/" + name,
      ])
    }
    try server.write(
      "authorized", try String(contentsOfFile: folder + "/client.pub", encoding: .utf8))
    if knowsHost { try server.learnHost() } else { try server.write("known_hosts", "") }
    try server.write(
      "config",
      """
      Host *
        UserKnownHostsFile \(server.knownHosts)
        GlobalKnownHostsFile /dev/null
        IdentityFile \(folder)/client
        IdentityAgent none
        \(clientOptions)
      """)
    try server.script("ssh", "#!/bin/sh\nexec /usr/bin/ssh -F \(folder)/config \"$@\"\n", in: "")
    try server.write(
      "sshd_config",
      """
      Port \(server.port)
      ListenAddress 127.0.0.1
      HostKey \(folder)/host
      AuthorizedKeysFile \(folder)/authorized
      PidFile none
      UsePAM no
      StrictModes no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      PermitRootLogin yes
      AcceptEnv *
      SetEnv PATH=\(folder)/bin:/usr/bin:/bin
      LogLevel VERBOSE
      """)
    // sshd of a root needs its separation folder; on a machine without a running sshd it is missing.
    // Joins exclude each other on a host, and this host is one for all tests.
    try server.script("flock", "#!/bin/sh\nexit 0\n")
    if getuid() == 0 { mkdir("/run/sshd", 0o755) }
    let program = FilePath(try #require(ShellRun.find("sshd")))
    let configuration = folder + "/sshd_config"
    let result = try await Subprocess.run(
      .path(program), arguments: ["-D", "-E", folder + "/log", "-f", configuration], input: .none,
      output: .discarded, error: .discarded
    ) { execution in
      var failure: (any Error)?
      do {
        try await server.waitUntilItListens()
        try await body(server)
      } catch { failure = error }
      await execution.teardown(using: [])
      return failure
    }
    if let failure = result.closureResult { throw failure }
  }

  func host(_ key: String = "box", _ change: (inout MeshCore.Host) -> Void = { _ in })
    -> MeshCore.Host
  {
    var host = SSHArgumentsTests.host(key)
    host.address = "127.0.0.1"
    host.port = port
    change(&host)
    return host
  }

  func learnHost() throws {
    let words = hostKey.split(separator: " ").prefix(2).joined(separator: " ")
    try write("known_hosts", "[127.0.0.1]:\(port) \(words)\n")
  }

  func write(_ name: String, _ text: String) throws {
    let file = folder + "/" + name
    try Data(text.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
  }

  /// An executable that the host's PATH finds first.
  func script(_ name: String, _ text: String, in place: String = "bin/") throws {
    let file = folder + "/" + place + name
    try Data(text.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
  }

  func read(_ name: String) -> String? {
    try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)
  }

  /// Command lines of running processes that mention the text.
  static func processes(with text: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { Int($0) != nil }.compactMap { pid in
      guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
        return nil
      }
      let line = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\0", with: " ")
      return line.contains(text) ? line : nil
    }
  }

  private func waitUntilItListens() async throws {
    for _ in 0..<100 {
      if log.contains("Server listening") { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotListening(log: log)
  }

  struct NotListening: Error { var log: String }

  private static func command(_ words: [String]) async throws -> String {
    try await Subprocess.run(
      .name(words[0]), arguments: Arguments(Array(words.dropFirst())), input: .none,
      output: .string(limit: 65_536), error: .discarded
    ).standardOutput
  }

  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(bound)
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
