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
  ///
  /// - Throws: `CancellationError` when the task is cancelled while the person thinks.
  package func confirm(_ question: String) async throws -> Bool {
    console.log("")
    console.log(question)
    write("Only 'yes' goes on: ")
    return try await line() == "yes"
  }

  /// Reads a secret without echo; nil at end of input.
  ///
  /// - Throws: `CancellationError`; the terminal echoes again then.
  package func secret(_ question: String) async throws -> Secret? {
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
    return try await line().map(Secret.init)
  }

  /// A line of standard input, waiting in small pieces so that Ctrl-C is heard.
  private func line() async throws -> String? {
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 0) == 0 { try await Task.sleep(for: .milliseconds(50)) }
    return readLine()
  }

  private func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }
}
