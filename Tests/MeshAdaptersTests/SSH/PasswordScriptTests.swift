import Foundation
import MeshCore
import Testing

@testable import MeshAdapters

/// A script for a sudo that asks, in real shells.
@Suite(.timeLimit(.minutes(1))) struct PasswordScriptTests {
  enum Sudo: String, CaseIterable {
    /// Takes the password and runs what it is told to.
    case obeys
    /// Says no, and reads nothing.
    case refuses
    /// Is killed while it asks.
    case dies
  }

  @Test(arguments: ShellRun.shells, Sudo.allCases)
  func nothingStaysAndThePasswordIsInNoCommandLine(shell: [String], sudo: Sudo) async throws {
    let password = "pa$$ 'w0rd-\(UUID().uuidString)"
    let end =
      switch sudo {
      case .obeys: "IFS= read -r line; while [ \"$1\" != -- ]; do shift; done; shift; \"$@\""
      case .refuses: "exit 1"
      case .dies: "kill -KILL $$"
      }
    let bin = try ShellRun.folder(
      with: "sudo",
      """
      #!/bin/sh
      here=${0%/*}
      for word; do last=$word; done
      ls -ld "${last%/*}" | cut -c1-10 >"$here/seen"
      ls -l "$last" | cut -c1-10 >>"$here/seen"
      # It is put together here, so that this script is no place where it stands.
      cat "$here/part" >"$here/pattern"
      grep -l -a -F -f "$here/pattern" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null >>"$here/seen"
      printf '%s\\n' "${last%/*}" >"$here/folder"
      \(end)
      """)
    defer { try? FileManager.default.removeItem(at: bin) }
    try Data((password.suffix(36) + "\n").utf8).write(to: bin.appending(path: "part"))
    let text = PasswordScript.text(
      of: Secret("rm -f -- \"$0\"\nrmdir -- \"${0%/*}\"\ncat\necho came here"),
      password: Secret(password), mark: "mark1")
    let output = try await ShellRun.output(shell, text.reveal(), path: bin.path)
    #expect(output == (sudo == .obeys ? "came here\n" : ""), "the script reads nothing of ours")
    func read(_ name: String) throws -> String {
      try String(contentsOf: bin.appending(path: name), encoding: .utf8)
    }
    #expect(try read("seen") == "drwx------\n-rw-------\n")
    let folder = try read("folder").trimmingCharacters(in: .newlines)
    #expect(folder.hasPrefix("/tmp/meshctl.") && !FileManager.default.fileExists(atPath: folder))
  }

  @Test(arguments: ShellRun.shells) func cutInputRunsNothing(shell: [String]) async throws {
    let bin = try ShellRun.folder(with: "sudo", "#!/bin/sh\ntouch \"${0%/*}/ran\"\n")
    defer { try? FileManager.default.removeItem(at: bin) }
    let text = PasswordScript.text(
      of: Secret("echo script"), password: Secret("secret"), mark: "mark2"
    ).reveal()
    for length in stride(from: 1, to: text.count - 1, by: 37) {
      let output = try await ShellRun.output(
        shell, String(text.prefix(length)), path: bin.path)
      #expect(output == "")
    }
    #expect(!FileManager.default.fileExists(atPath: bin.appending(path: "ran").path))
  }
}
