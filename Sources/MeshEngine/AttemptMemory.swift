package import MeshCore

/// Remembers the hosts of one mesh that do not come to match, over runs (`cache.json`).
///
/// What is read from it decides only when a host is tried again (design law 4).
package protocol AttemptMemory: Sendable {
  /// By host key; empty where nothing is remembered, or where it cannot be read.
  ///
  /// - Throws: `CancellationError` only.
  func recall() async throws -> [String: Attempt]
  /// Replaces what is remembered of these hosts; nil forgets one.
  ///
  /// - Throws: `Failure` where it cannot be written.
  func remember(_ changed: [String: Attempt?]) async throws
}

/// Remembers nothing: every run tries every host.
package struct NoAttempts: AttemptMemory {
  package init() {}

  package func recall() -> [String: Attempt] { [:] }
  package func remember(_ changed: [String: Attempt?]) {}
}
