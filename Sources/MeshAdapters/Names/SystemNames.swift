import Dispatch
import Foundation
import MeshEngine

/// Names as this machine's own resolver knows them, each asked once a run.
///
/// A name that means this machine itself (the server often is where meshctl runs) stands for the
/// addresses of its interfaces, since nobody else reaches a loopback address.
package actor SystemNames: NameResolving {
  private let seconds: Double
  private let lookUp: @Sendable (String) -> [String]
  private let own: @Sendable () -> [String]
  private var asked: [String: Task<[String], Never>] = [:]

  /// - Parameters:
  ///   - seconds: how long an answer may take; a resolver without a network can hang.
  ///   - lookUp: the addresses of a name; may block.
  ///   - own: the addresses of this machine's interfaces.
  package init(
    seconds: Double = 5,
    lookUp: @escaping @Sendable (String) -> [String] = { Foundation.Host(name: $0).addresses },
    own: @escaping @Sendable () -> [String] = { Foundation.Host.current().addresses }
  ) {
    self.seconds = seconds
    self.lookUp = lookUp
    self.own = own
  }

  package func addresses(of name: String) async -> [String] {
    if let task = asked[name] { return await task.value }
    let (seconds, lookUp, own) = (seconds, lookUp, own)
    let task = Task.detached {
      await SystemNames.bounded(seconds) {
        let found = lookUp(name)
        guard !found.isEmpty, found.allSatisfy(SystemNames.isLoopback) else { return found }
        return found + own()
      }
    }
    asked[name] = task
    return await task.value
  }

  /// Runs what may block on a thread of its own; nothing where it takes too long.
  private static func bounded(
    _ seconds: Double, _ body: @escaping @Sendable () -> [String]
  ) async -> [String] {
    let (answers, continuation) = AsyncStream.makeStream(of: [String].self)
    DispatchQueue.global().async {
      continuation.yield(body())
      continuation.finish()
    }
    let timer = Task {
      // Cancelled where the answer came first.
      do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
      continuation.finish()
    }
    defer { timer.cancel() }
    for await answer in answers { return answer }
    return []
  }

  private static func isLoopback(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1"
  }
}
