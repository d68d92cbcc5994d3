package import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output for results, standard error for logs and progress.
///
/// The C globals `stdout` and `stderr` are not used: they are shared mutable state to Swift 6.
package struct Console: Sendable {
  package enum ColorChoice: String, Sendable, CaseIterable { case auto, always, never }

  package let outputStyle: TextStyle
  package let errorStyle: TextStyle
  package let isInputTerminal: Bool
  /// How standard error is written.
  package let logFormat: LogFormat
  /// The id of the run that logs, for lines of JSON.
  package var run: String?

  package init(
    color: ColorChoice, environment: [String: String], verbose: Bool = false,
    logFormat: LogFormat = .text
  ) {
    func style(_ descriptor: Int32) -> TextStyle {
      let terminal = isatty(descriptor) == 1
      let colored: Bool
      switch color {
      case .always: colored = true
      case .never: colored = false
      case .auto:
        colored =
          terminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
      }
      return TextStyle(
        color: colored, width: terminal ? Console.width(descriptor, environment) : nil,
        verbose: verbose)
    }
    outputStyle = style(1)
    errorStyle = style(2)
    isInputTerminal = isatty(0) == 1
    self.logFormat = logFormat
  }

  /// Writes a result to standard output.
  ///
  /// - Throws: `Failure` when not all of it could be written (a full disk, say).
  package func write(_ text: String) throws {
    do {
      try FileDescriptor.standardOutput.writeAll(Array(text.utf8))
    } catch let error as Errno {
      throw Failure(.outputFailed, "cannot write the output: \(error)")
    }
  }

  /// Writes a log line to standard error; there is nowhere to report its failure to.
  package func log(_ text: String) {
    guard logFormat == .text else {
      // An empty line is layout.
      if !text.isEmpty { log(LogLine(.info, text, at: SystemClock().now(), run: run)) }
      return
    }
    writeLine(text)
  }

  /// Writes one line of JSON to standard error.
  package func log(_ line: LogLine) { writeLine(line.rendered) }

  private func writeLine(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array((text + "\n").utf8))
  }

  private static func width(_ descriptor: Int32, _ environment: [String: String]) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment["COLUMNS"].flatMap(Int.init) ?? 80
  }
}
