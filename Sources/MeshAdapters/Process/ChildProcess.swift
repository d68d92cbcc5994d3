import MeshCore
import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One run of another program with bounds on time and output.
///
/// The child leads a session of its own: it has no terminal to ask on, the terminal's Ctrl-C reaches
/// only us, and its whole process group dies with it on a timeout or when the task is cancelled. One
/// that shall ask the person (`terminal`) stays in our session instead.
struct ChildProcess: Sendable {
  /// A path, or a name to look up in the environment's PATH.
  var executable: String
  var arguments: [String]
  /// All of it; nothing is inherited.
  var environment: [String: String]
  /// Standard input, whole; the child sees its end.
  var input = Secret("")
  /// Seconds.
  var timeout: Double
  /// Bytes; more is read and dropped.
  var outputLimit = 4 << 20
  var errorLimit = 64 << 10
  var terminal = TerminalUse.none

  enum TerminalUse: Sendable {
    case none
    /// May ask on /dev/tty; its own streams are as usual.
    case asks
    /// Reads from and writes to the terminal; standard output is the terminal's error stream, since
    /// ours is for results. Nothing of either is collected.
    case attached
  }

  /// How it ended.
  struct Ending: Sendable {
    /// Exit code, or 128 and the signal's number.
    var status: Int32
    var output: String
    var error: String
    var timedOut: Bool
    /// True where standard output was larger than its limit.
    var outputWasCut: Bool
  }

  /// Runs the child to its end.
  ///
  /// - Throws: `CancellationError`; `SubprocessError` where the program could not be started.
  func run() async throws -> Ending {
    try Task.checkCancellation()
    ChildProcess.ignoreBrokenPipes
    let ending = try await withThrowingTaskGroup(of: Ending?.self) { group in
      group.addTask { try await runUnbounded() }
      group.addTask {
        try? await Task.sleep(for: .seconds(timeout))
        return nil
      }
      guard let first = try await group.next() else { throw CancellationError() }
      group.cancelAll()
      if let ending = first { return ending }
      // Time is up (or we were cancelled): the cancelled run tears its process group down.
      guard let late = try await group.next(), var ending = late else { throw CancellationError() }
      ending.timedOut = true
      return ending
    }
    // Cancelling a run does not make it throw; it returns what there was so far.
    try Task.checkCancellation()
    return ending
  }

  private func runUnbounded() async throws -> Ending {
    var options = PlatformOptions()
    options.createSession = terminal == .none
    // In our own session the group is ours too.
    options.teardownSequence = [
      .gracefulShutDown(
        toProcessGroup: terminal == .none, allowedDurationToNextStep: .seconds(2))
    ]
    var variables: [Environment.Key: String] = [:]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { variables[key] = value }
    }
    let configuration = Configuration(
      executable: executable.contains("/") ? .path(FilePath(executable)) : .name(executable),
      arguments: Arguments(arguments), environment: .custom(variables), platformOptions: options)
    if terminal == .attached { return try await runAttached(configuration) }
    let bytes = Array(input.reveal().utf8)
    let outputLimit = outputLimit
    let errorLimit = errorLimit
    let result = try await Subprocess.run(
      configuration, input: .inputWriter, output: .sequence, error: .sequence
    ) { execution in
      async let output = collect(execution.standardOutput, limit: outputLimit)
      async let error = collect(execution.standardError, limit: errorLimit)
      // A child that ends early closes its end; what it said matters then, not our write.
      _ = try? await execution.standardInputWriter.write(bytes)
      try? await execution.standardInputWriter.finish()
      return await (output, error)
    }
    let (output, error) = result.closureResult
    return Ending(
      status: ChildProcess.status(result.terminationStatus), output: output.text, error: error.text,
      timedOut: false,
      outputWasCut: output.wasCut)
  }

  private func runAttached(_ configuration: Configuration) async throws -> Ending {
    let errorLimit = errorLimit
    let result = try await Subprocess.run(
      configuration,
      input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
      output: .fileDescriptor(.standardError, closeAfterSpawningProcess: false), error: .sequence
    ) { execution in await collect(execution.standardError, limit: errorLimit) }
    return Ending(
      status: ChildProcess.status(result.terminationStatus), output: "",
      error: result.closureResult.text, timedOut: false, outputWasCut: false)
  }

  private static func status(_ ending: TerminationStatus) -> Int32 {
    switch ending {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }

  /// Writing to a child that is gone must be an error, not the end of this process.
  private static let ignoreBrokenPipes: Void = {
    signal(SIGPIPE, SIG_IGN)
  }()
}

/// Collected output with its limit.
private struct Collected: Sendable {
  var text: String
  var wasCut: Bool
}

/// Reads to the end; a read that fails counts as the end, because the exit status tells the rest.
private func collect(_ sequence: SubprocessOutputSequence, limit: Int) async -> Collected {
  var bytes: [UInt8] = []
  var wasCut = false
  do {
    for try await buffer in sequence {
      let room = limit - bytes.count
      buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(max(0, room))) }
      if buffer.count > room { wasCut = true }
    }
  } catch {}
  return Collected(text: String(decoding: bytes, as: UTF8.self), wasCut: wasCut)
}
