import Foundation
import Subprocess
import SystemPackage

/// Runs a shell over a text on standard input; through swift-subprocess, which resets the signal mask
/// (with SIGCHLD blocked, busybox waits for ever).
enum ShellRun {
  /// In CI on Linux nothing is left out silently: a shell that is missing there fails its tests
  /// (Tests/Scripts/deps.sh installs them).
  static let shells = [["dash"], ["bash"], ["busybox", "sh"]].filter {
    find($0[0]) != nil || isComplete
  }

  /// True where everything that deps.sh installs has to be there.
  static let isComplete: Bool = {
    #if os(Linux)
      return ProcessInfo.processInfo.environment["CI"] == "true"
    #else
      return false
    #endif
  }()

  static func find(_ program: String) -> String? {
    ["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/", "/usr/local/bin/"].map { $0 + program }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func output(
    _ shell: [String], _ input: String, path: String? = nil, environment: [String: String] = [:],
    limit: Int = 8 << 20
  ) async throws -> String {
    var variables: [Environment.Key: String] = [:]
    var all = ["PATH": (path.map { $0 + ":" } ?? "") + "/usr/bin:/bin", "HOME": "/nonexistent"]
    all.merge(environment) { $1 }
    for (name, value) in all {
      if let key = Environment.Key(rawValue: name) { variables[key] = value }
    }
    let result = try await Subprocess.run(
      .path(FilePath(find(shell[0]) ?? shell[0])),
      arguments: Arguments(Array(shell.dropFirst()) + ["-s"]), environment: .custom(variables),
      input: .string(input), output: .string(limit: limit), error: .discarded)
    return result.standardOutput
  }

  /// A folder with one executable script.
  static func folder(with name: String, _ text: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-test-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return folder
  }
}
