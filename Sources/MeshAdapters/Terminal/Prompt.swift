package import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Questions to the person at the terminal; never called where standard input is no terminal.
package struct Prompt: Sendable {
  private let console: Console

  package init(console: Console) { self.console = console }

  /// True only when the answer is exactly `yes`.
  package func confirm(_ question: String) -> Bool {
    console.log("")
    console.log(question)
    write("Only 'yes' goes on: ")
    return readLine() == "yes"
  }

  /// Reads a secret without echo; nil at end of input.
  package func secret(_ question: String) -> Secret? {
    write(question)
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else { return nil }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    guard tcsetattr(0, TCSAFLUSH, &silent) == 0 else { return nil }
    defer {
      tcsetattr(0, TCSAFLUSH, &settings)
      console.log("")
    }
    return readLine().map(Secret.init)
  }

  private func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }
}
