import Foundation
import MeshCore
import Testing
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A made-up machine: a tree for all paths, and programs that write down how they were called.
struct MadeUpMachine {
  let folder: String
  var root: String { folder + "/root" }

  init(listening: [Int] = [22]) throws {
    folder = FileManager.default.temporaryDirectory.path + "/meshctl-machine-\(UUID())"
    for place in ["bin", "root/etc/ssh/sshd_config.d", "root/var/log", "root/proc/net", "root/run"]
    {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + place, withIntermediateDirectories: true)
    }
    try FileManager.default.createDirectory(
      atPath: root + "/home/ops", withIntermediateDirectories: true)
    try write("root/etc/passwd", "root:x:0:0::/root:/bin/sh\nops:x:1000:1000::/home/ops:/bin/sh\n")
    let rows = listening.enumerated().map { index, port in
      "   \(index): 00000000:\(String(format: "%04X", port)) 00000000:0000 0A 0:0 0:0 0 0 0 1 1 0 100\n"
    }
    try write("root/proc/net/tcp", "  sl  local_address rem_address   st\n" + rows.joined())
    try program("id", "case $* in -u | '-u root') echo 0 ;; '-u ops') echo 1000 ;; esac")
    try program("sshd", "[ \"$1\" = -T ] && echo port 22; exit 0")
    try program("ssh-keygen", "exit 0")
    // Runs the rest as itself.
    try program("runuser", "shift 3; exec \"$@\"")
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
  }

  func read(_ name: String) -> String {
    (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
  }

  /// A program that writes its name and arguments down and then does this.
  func program(_ name: String, _ body: String) throws {
    let file = folder + "/bin/" + name
    try write(
      "bin/" + name, "#!/bin/sh\nprintf '%s\\n' \"\(name) $*\" >>'\(folder)/calls'\n\(body)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
  }

  func make(_ folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: root + "/" + folder, withIntermediateDirectories: true)
  }

  /// Calls so far of one program, without its name.
  func calls(of name: String) -> [String] {
    read("calls").split(separator: "\n").filter { $0.hasPrefix(name + " ") }.map {
      String($0.dropFirst(name.count + 1))
    }
  }

  func mode(_ name: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: root + "/" + name)
    return (attributes?[.posixPermissions] as? NSNumber)?.intValue
  }

  /// Feeds the text of a request to the shell; only the made-up programs and coreutils are found.
  func run(_ shell: [String], _ request: BootstrapRequest) async throws -> String {
    try await ShellRun.output(
      shell, BootstrapScript.standardInput(request), path: folder + "/bin",
      environment: ["MESHCTL_BOOTSTRAP_ROOT": root])
  }
}

extension MadeUpMachine {
  /// Takes the system's own programs away but for the few that the scripts may count on.
  func bare() throws {
    for name in [
      "sh", "cat", "chmod", "cp", "cut", "date", "env", "grep", "mkdir", "printf", "rm", "sed",
      "sleep", "sort", "tail", "tr", "kill",
    ] {
      guard let place = ShellRun.find(name) else { continue }
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/bin/" + name, withDestinationPath: place)
    }
  }

  /// As `run`, where nothing of the real system is on PATH.
  func runBare(_ shell: [String], _ request: BootstrapRequest) async throws -> String {
    // The script adds the sbin folders; an sshd there must not be found.
    let text = BootstrapScript.standardInput(request).replacingOccurrences(
      of: "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin", with: "PATH='\(folder)/bin'")
    return try await ShellRun.output(
      shell, text, path: folder + "/bin", environment: ["MESHCTL_BOOTSTRAP_ROOT": root])
  }
}
