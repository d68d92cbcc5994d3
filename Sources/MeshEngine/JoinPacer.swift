import MeshCore
import Synchronization

/// Lets only so many hosts join at once, however many are worked on over SSH: fewer while the server
/// answers slowly, more while it keeps up.
///
/// Every login makes Headscale write, map and tell all peers; it strains from some hundred nodes on
/// (upstream #3165).
package final class JoinPacer: Sendable {
  /// How many may join at once, at the start and at the most.
  package static let standard = 4
  package static let most = 16

  /// What the server does for a login; each has a pace of its own.
  package enum Call: Sendable, Hashable {
    case key, list
  }

  private struct State {
    var width: Int
    var active = 0
    var nextID: UInt64 = 0
    var waiting: [(id: UInt64, turn: CheckedContinuation<Void, any Error>)] = []
    /// Waiters that were cancelled before they could be found among those that wait.
    var withdrawn: Set<UInt64> = []
    /// The quickest answer so far, in seconds: what a server can do differs by its size.
    var best: [Call: Double] = [:]
    /// Answers in a row that were quick.
    var quick = 0
    /// Answers that were asked for before the width was cut say nothing of the width of now.
    var stale = 0
  }

  private let state: Mutex<State>

  package init(width: Int = JoinPacer.standard) {
    state = Mutex(State(width: max(1, width)))
  }

  package var width: Int { change { $0.width } }

  /// Waits for a turn; `leave` has to follow exactly once where this does not throw.
  ///
  /// - Throws: `CancellationError`.
  package func enter() async throws {
    try Task.checkCancellation()
    let id = change { state in
      state.nextID += 1
      return state.nextID
    }
    defer { change { _ = $0.withdrawn.remove(id) } }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(id, $0) }
    } onCancel: {
      withdraw(id)?.resume(throwing: CancellationError())
    }
  }

  package func leave() {
    change { $0.active -= 1 }
    admit()
  }

  /// Takes how long the server took for one answer of a login, in seconds.
  package func note(_ seconds: Double, of call: Call) {
    change { state in
      let best = min(state.best[call] ?? seconds, seconds)
      state.best[call] = best
      if seconds > max(1, 4 * best) {
        JoinPacer.slowDown(&state)
      } else {
        JoinPacer.speedUp(&state)
      }
    }
    admit()
  }

  /// A call of a login that the server did not answer well, however quickly it failed.
  package func noteFailure() { change { JoinPacer.slowDown(&$0) } }

  /// Passes on one call of a login, and takes how the server did.
  package func timed<Value: Sendable>(
    _ call: Call, by clock: any EngineClock, _ body: () async throws -> Value
  ) async throws -> Value {
    let start = clock.now()
    do {
      let value = try await body()
      note(clock.now().interval(since: start), of: call)
      return value
    } catch {
      // A refusal is quick and no sign of strain.
      if let failure = error as? Failure, Attempt.Ending.isServersFault(failure.diagnostic.code) {
        noteFailure()
      }
      throw error
    }
  }

  private static func slowDown(_ state: inout State) {
    state.quick = 0
    if state.stale > 0 { state.stale -= 1 }
    guard state.stale == 0 else { return }
    state.stale = state.active
    state.width = max(1, state.width / 2)
  }

  private static func speedUp(_ state: inout State) {
    if state.stale > 0 { state.stale -= 1 }
    state.quick += 1
    guard state.quick >= 2 * state.width else { return }
    state.quick = 0
    state.width = min(JoinPacer.most, state.width + 1)
  }

  private func wait(_ id: UInt64, _ turn: CheckedContinuation<Void, any Error>) {
    let isWithdrawn = change { state in
      if state.withdrawn.contains(id) { return true }
      state.waiting.append((id, turn))
      return false
    }
    if isWithdrawn { turn.resume(throwing: CancellationError()) } else { admit() }
  }

  private func withdraw(_ id: UInt64) -> CheckedContinuation<Void, any Error>? {
    change { state in
      guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
        state.withdrawn.insert(id)
        return CheckedContinuation<Void, any Error>?.none
      }
      return state.waiting.remove(at: index).turn
    }
  }

  private func admit() {
    let admitted = change { state in
      let count = min(state.waiting.count, max(0, state.width - state.active))
      let turns = state.waiting.prefix(count).map(\.turn)
      state.waiting.removeFirst(count)
      state.active += count
      return turns
    }
    for turn in admitted { turn.resume() }
  }

  /// Not inlined: Swift 6.3.1 crashes where a mutex closure becomes part of an async throwing function.
  @inline(never)
  @discardableResult
  private func change<Value>(_ body: (inout sending State) -> sending Value) -> Value {
    state.withLock(body)
  }
}
