import Foundation
import Subprocess
import SystemPackage

/// Asks the grammar of PowerShell (Tests/Scripts/check-powershell.py), since no PowerShell runs here.
enum PowerShellGrammar {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let isThere =
    ShellRun.find("python3") != nil
    && FileManager.default.fileExists(
      atPath: root.appending(path: ".build/python-tools/tree_sitter_powershell").path)

  /// What the checker prints; empty findings leave only its count.
  static func check(_ arguments: [String]) async throws -> (status: Bool, said: String) {
    let program = FilePath(ShellRun.find("python3") ?? "python3")
    let script = root.appending(path: "Tests/Scripts/check-powershell.py").path
    let result = try await Subprocess.run(
      .path(program), arguments: Arguments([script] + arguments), input: .none,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
    return (
      result.terminationStatus.isSuccess, result.standardOutput + result.standardError
    )
  }
}
