import Foundation
import Subprocess
import SystemPackage

/// Runs the built `meshctl` as a user would.
struct MeshctlProgram {
  struct Ending {
    var exit: Int32
    var output: String
    var errors: String
  }

  /// The binary beside the test bundle.
  static var path: String {
    let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appending(path: "meshctl").path()
  }

  /// Of this test process alone: what an earlier one left must not decide when a host is tried.
  private static let home = NSTemporaryDirectory() + "/meshctl-tests-home-\(getpid())"

  /// Runs with nothing inherited but PATH and a private HOME; standard input is empty.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
  ) async throws -> Ending {
    var all: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "HOME": home]
    for (name, value) in environment { all[Environment.Key(stringLiteral: name)] = value }
    let result = try await Subprocess.run(
      .path(.init(path)), arguments: .init(arguments), environment: .custom(all),
      workingDirectory: folder.map { .init($0) }, output: .string(limit: 1 << 24),
      error: .string(limit: 1 << 24))
    guard case .exited(let code) = result.terminationStatus else {
      return Ending(exit: -1, output: result.standardOutput, errors: result.standardError)
    }
    return Ending(exit: code, output: result.standardOutput, errors: result.standardError)
  }

  /// Runs a shell line in which `$MESHCTL` is the binary.
  static func shell(_ line: String, in folder: String) async throws -> Ending {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", line],
      environment: .inherit.updating(["MESHCTL": path]), workingDirectory: .init(folder),
      output: .string(limit: 1 << 24), error: .string(limit: 1 << 24))
    guard case .exited(let code) = result.terminationStatus else {
      return Ending(exit: -1, output: result.standardOutput, errors: result.standardError)
    }
    return Ending(exit: code, output: result.standardOutput, errors: result.standardError)
  }
}

/// A folder that is gone after the test.
struct Scratch: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/meshctl-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    let place = path + "/" + name
    try Data(text.utf8).write(to: URL(filePath: place))
    return place
  }

  static let quickstart = """
    version: 1
    server: {url: "https://mesh.example.com"}
    hosts:
      web-1: {address: 192.0.2.10, tags: [tag:web], routes: [10.20.0.0/24]}
      desk: {address: 192.0.2.11, owner: alice}

    """
}
