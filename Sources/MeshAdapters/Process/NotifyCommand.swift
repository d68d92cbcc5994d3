import MeshCore
import Subprocess

/// The command of `--notify`: a line for the shell, as the person who wrote the command line means it.
package struct NotifyCommand: Sendable {
  private let line: String
  private let environment: [String: String]
  private let timeout: Double

  /// - Parameters:
  ///   - line: for `/bin/sh -c`.
  ///   - environment: of this process.
  ///   - withheld: variables that hold secrets and are not passed on.
  ///   - timeout: seconds; its whole process group ends then.
  package init(
    _ line: String, environment: [String: String], withheld: Set<String>, timeout: Double = 30
  ) {
    self.line = line
    self.environment = environment.filter { !withheld.contains($0.key) }
    self.timeout = timeout
  }

  /// Runs the command with the document on its standard input.
  ///
  /// - Returns: what it wrote, the first 64 KiB of either stream; nothing of it is a secret of ours.
  /// - Throws: `Failure` with `MESH-NOTIFY-FAILED`; `CancellationError`.
  package func tell(_ document: String) async throws -> String {
    var child = ChildProcess(
      executable: "/bin/sh", arguments: ["-c", line], environment: environment, timeout: timeout)
    child.input = Secret(document)
    child.outputLimit = 64 << 10
    let ending: ChildProcess.Ending
    do { ending = try await child.run() } catch let error as SubprocessError {
      throw failed("cannot be started", "\(error)")
    }
    let evidence =
      TextEvidence.lastLine(of: ending.error) ?? TextEvidence.lastLine(of: ending.output)
    if ending.timedOut { throw failed("did not end within \(Int(timeout)) s", evidence) }
    guard ending.status == 0 else { throw failed("failed (exit \(ending.status))", evidence) }
    return ending.output + ending.error
  }

  private func failed(_ why: String, _ evidence: String?) -> Failure {
    Failure(
      .notifyFailed, "the command of --notify \(why)",
      detail: "Nobody may have been told of this run; its own result is not affected.",
      evidence: evidence, hint: "meshctl explain MESH-NOTIFY-FAILED")
  }
}
