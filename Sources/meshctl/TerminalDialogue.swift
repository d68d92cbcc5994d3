import MeshAdapters
import MeshCore
import MeshEngine

/// The person at the terminal; everything is said on standard error.
struct TerminalDialogue: PrepareDialogue {
  let app: App
  /// True where every yes was given on the command line.
  let approves: Bool

  func say(_ lines: [String]) {
    for line in lines { app.console.log(VisibleText.escaped(line)) }
  }

  func warn(_ finding: Diagnostic) { app.show([finding]) }

  func confirm(_ question: String) async throws -> Bool {
    if approves { return true }
    return try await Prompt(console: app.console).confirm(VisibleText.escaped(question))
  }

  func password(_ question: String) async throws -> Secret? {
    try await Prompt(console: app.console).secret(VisibleText.escaped(question))
  }
}
