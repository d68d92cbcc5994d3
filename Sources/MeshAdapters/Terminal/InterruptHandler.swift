import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Turns SIGHUP, SIGINT and SIGTERM into the cancellation of one task; a second signal ends the process.
package final class InterruptHandler: Sendable {
  private let received = Mutex<Int32?>(nil)

  package init() {}

  /// The signal that came first, if any: 130 = 128 + SIGINT, 143 = 128 + SIGTERM.
  package var exitStatus: Int32? { received.withLock { $0.map { 128 + $0 } } }

  /// Makes a reader that goes away a failed write, which is reported, instead of the end of the run.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Runs `operation` so that a signal cancels it.
  ///
  /// - Parameters:
  ///   - announce: called at the first signal, from a dispatch queue.
  ///   - operation: what is cancelled then.
  ///   - cleanUp: runs after the operation however it ended, in a task that is not cancelled and
  ///     still under the handler: a second signal ends the process while it waits.
  /// - Returns: What the operation gave.
  /// - Throws: What the operation threw.
  package func run<Result: Sendable>(
    announce: @escaping @Sendable () -> Void,
    operation: @escaping @Sendable () async throws -> Result,
    cleanUp: @escaping @Sendable () async -> Void
  ) async throws -> Result {
    // The only unstructured task of the program: signals come from outside of every task.
    let task = Task { try await operation() }
    let turn = SignalTable.shared.begin { [self] number in
      let isFirst = received.withLock { seen in
        defer { seen = seen ?? number }
        return seen == nil
      }
      guard isFirst else { _exit(128 + number) }
      announce()
      task.cancel()
    }
    defer { SignalTable.shared.end(turn) }
    let result = await task.result
    await cleanUp()
    return try result.get()
  }
}

/// Who hears the signals of this process, one after the other.
///
/// The sources stay for the life of the process: ones that are made after others were cancelled hear
/// nothing. Where nobody listens a signal ends the process, as it would without us.
private final class SignalTable: Sendable {
  static let shared = SignalTable()

  private struct State {
    var next = 0
    var listeners: [(turn: Int, hear: @Sendable (Int32) -> Void)] = []
    var last: (number: Int32, at: ContinuousClock.Instant)?
  }

  private let state = Mutex(State())

  private init() {
    for number in [SIGHUP, SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      // The source keeps itself: nothing ever cancels it.
      source.setEventHandler { [self] in withExtendedLifetime(source) { heard(number) } }
      source.resume()
    }
  }

  private func heard(_ number: Int32) {
    let isEcho = state.withLock { state in
      let now = ContinuousClock.now
      defer { state.last = (number, now) }
      guard let last = state.last else { return false }
      return last.number == number && now - last.at < SignalTable.echo
    }
    if isEcho { return }
    guard let listener = state.withLock({ $0.listeners.last }) else { _exit(128 + number) }
    listener.hear(number)
  }

  /// timeout(1) sends its signal to the process and at once to its group: that is one wish, not two.
  private static let echo = Duration.milliseconds(500)

  func begin(_ hear: @escaping @Sendable (Int32) -> Void) -> Int {
    state.withLock { state in
      state.next += 1
      state.listeners.append((state.next, hear))
      return state.next
    }
  }

  func end(_ turn: Int) { state.withLock { $0.listeners.removeAll { $0.turn == turn } } }
}
