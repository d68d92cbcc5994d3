import Foundation
import Subprocess

/// How a program ended, with everything it said.
struct Ending: Sendable {
  /// Exit code, or 128 and the signal's number.
  var exit: Int32
  var output: String
  var error: String

  /// For the comment of an expectation.
  var all: String { "exit \(exit)\n--- stdout\n\(output)\n--- stderr\n\(error)" }
}

extension TerminationStatus {
  /// As a shell would say it.
  var shellStatus: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}

/// A program outside of meshctl that had to succeed and did not.
struct ShellFailure: Error, CustomStringConvertible {
  var command: [String]
  var ending: Ending
  var description: String { "\(command.joined(separator: " ")): \(ending.all)" }
}

/// Runs programs of the machine.
enum Shell {
  /// Runs to the end, however it ends.
  static func ending(_ command: [String], input: String = "") async throws -> Ending {
    let result = try await run(
      .name(command[0]), arguments: Arguments(Array(command.dropFirst())),
      input: .string(input), output: .string(limit: 64 << 20), error: .string(limit: 16 << 20))
    return Ending(
      exit: result.terminationStatus.shellStatus, output: result.standardOutput,
      error: result.standardError)
  }

  /// Standard output of a program that has to succeed.
  @discardableResult
  static func output(_ command: [String], input: String = "") async throws -> String {
    let ending = try await ending(command, input: input)
    guard ending.exit == 0 else { throw ShellFailure(command: command, ending: ending) }
    return ending.output
  }
}

/// Waits until something holds.
///
/// - Returns: false when it did not in time.
func eventually(
  within seconds: Double, every pause: Double = 0.05, _ condition: () async throws -> Bool
) async throws -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if try await condition() { return true }
    try await Task.sleep(for: .seconds(pause))
  }
  return try await condition()
}
