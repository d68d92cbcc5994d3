import Foundation
import MeshCore

@testable import MeshAdapters

/// A `headscale` command that does what a test writes into it, and records its arguments.
struct FakeHeadscaleCommand {
  let folder: URL

  /// The program to be named in `server.api.command`.
  var program: String { folder.appending(path: "headscale").path }

  /// One line a call, its arguments in `<…>`.
  var calls: [String] {
    let text = (try? String(contentsOf: folder.appending(path: "calls"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// The calls that change something.
  var writes: [String] {
    let reads = ["<version>", "<nodes><list>", "<users><list>", "<preauthkeys><list>", "<policy>"]
    return calls.filter { call in
      !reads.contains { call.hasPrefix($0) } && !call.hasSuffix("<--help>")
    }
  }

  /// What the environment of the last call held.
  var environment: String {
    (try? String(contentsOf: folder.appending(path: "environment"), encoding: .utf8)) ?? ""
  }

  /// Runs `body` with a command whose shell text is `answering`; `$*` are the arguments, and
  /// `headscale 0.29.2` is the version unless the text says otherwise.
  static func run(
    _ answering: String, _ body: (FakeHeadscaleCommand) async throws -> Void
  ) async throws {
    let text = """
      #!/bin/sh
      here=$(dirname "$0")
      { for word; do printf '<%s>' "$word"; done; echo; } >>"$here/calls"
      env >"$here/environment"
      \(answering)
      case $1 in
        version) echo '{"version":"v0.29.2"}' ;;
        nodes) echo '[{"id":7,"machine_key":"mkey:1","node_key":"nodekey:1","name":"old","given_name":"old"}]' ;;
        users) echo '[{"id":1,"name":"alice","created_at":{"seconds":1}}]' ;;
        *) echo '{}' ;;
      esac

      """
    let folder = try ShellRun.folder(with: "headscale", text)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(FakeHeadscaleCommand(folder: folder))
  }

  /// The adapter over this command.
  func control(
    _ environment: [String: String] = [:], before: [String] = [], timeout: Double = 20
  ) throws -> HeadscaleControl {
    let all = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    guard let url = ServerURL("https://mesh.example.com") else { throw CocoaError(.formatting) }
    return HeadscaleControl(
      HeadscaleCLI(
        LocalHeadscale(words: before + [program], environment: all, timeout: timeout), url: url))
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }
}
