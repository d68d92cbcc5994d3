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

  private struct State {
    var width: Int
    var active = 0
    var nextID: UInt64 = 0
    var waiting: [(id: UInt64, turn: CheckedContinuation<Void, any Error>)] = []
    /// The quickest answer so far, in seconds: what a server can do differs by its size.
    var best: Double?
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

  /// Takes how long the server took for one call of a login, in seconds.
  package func note(_ seconds: Double) {
    change { state in
      let best = min(state.best ?? seconds, seconds)
      state.best = best
      if state.stale > 0 { state.stale -= 1 }
      if seconds > max(1, 4 * best) {
        state.quick = 0
        guard state.stale == 0 else { return }
        state.stale = state.active
        state.width = max(1, state.width / 2)
      } else {
        state.quick += 1
        guard state.quick >= 2 * state.width else { return }
        state.quick = 0
        state.width = min(JoinPacer.most, state.width + 1)
      }
    }
    admit()
  }

  private func wait(_ id: UInt64, _ turn: CheckedContinuation<Void, any Error>) {
    // Cancelled before it could be found among those that wait.
    guard !Task.isCancelled else { return turn.resume(throwing: CancellationError()) }
    change { $0.waiting.append((id, turn)) }
    admit()
  }

  private func withdraw(_ id: UInt64) -> CheckedContinuation<Void, any Error>? {
    change { state in
      let index = state.waiting.firstIndex { $0.id == id }
      return index.map { state.waiting.remove(at: $0).turn }
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
