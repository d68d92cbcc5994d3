package import MeshCore
package import MeshEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Thrown when another run holds the lock (exit 5).
package struct LockHeld: Error, Sendable {
  package var diagnostic: Diagnostic
}

/// One run at a time for one mesh, or one shard of it, and user (`MeshLock`). Its file also remembers
/// the ids of pre-auth keys in flight (design law 7); those of runs that ended otherwise are adopted
/// by the whole and by the first shard (`MeshLock.adopt`).
package actor RunLock: KeyLedger {
  private let lock: MeshLock
  private var contents: LockFile.Contents
  private var inherited: [String]
  private var inheritedAnnounced: [Timestamp]

  private init(_ lock: MeshLock, contents: LockFile.Contents) {
    self.lock = lock
    self.contents = contents
    inherited = contents.keys
    inheritedAnnounced = (contents.announced ?? []).compactMap { Timestamp(rfc3339: $0) }
  }

  /// Takes the lock, waiting at most `timeout` seconds.
  ///
  /// - Parameters:
  ///   - apiURL: the mesh; every spelling of one URL is the same text here.
  ///   - shard: the part of the mesh; nil for all of it.
  ///   - directory: of lock files, made where it is missing.
  ///   - timeout: seconds; 0 means not to wait.
  ///   - clock: for the wait, and for what the file says of this run.
  /// - Returns: the lock, held until `release` or the end of the process.
  /// - Throws: `LockHeld` with the holder's pid and start, `Failure` when a file cannot be used.
  package static func acquire(
    apiURL: String, shard: Shard?, directory: String, timeout: Int, clock: any EngineClock
  ) async throws -> RunLock {
    let place = MeshLock.Place(apiURL: apiURL, directory: directory, shard: shard)
    let start = clock.now()
    var attempts = 0
    while true {
      switch try MeshLock.attempt(place) {
      case .taken(let lock):
        let earlier = try lock.own.read()
        var contents = LockFile.Contents(
          pid: getpid(), since: clock.now().rfc3339, keys: earlier?.keys ?? [],
          announced: earlier?.announced)
        let abandoned = try lock.adopt(place, into: &contents)
        // First here, then away there: a run that ends in between leaves them in both, never in none.
        try lock.own.write(contents)
        for ledger in abandoned { try ledger.clear() }
        return RunLock(lock, contents: contents)
      case .held(let diagnostic):
        attempts += 1
        // Twice at least: who looks whether another shard runs holds its file for an instant.
        guard attempts < 2 || clock.now().seconds(since: start) < Int64(timeout) else {
          throw LockHeld(diagnostic: diagnostic)
        }
      }
      try await clock.sleep(seconds: 0.2)
    }
  }

  package func announce(_ expiration: Timestamp) throws {
    contents.announced = (contents.announced ?? []) + [expiration.rfc3339]
    try save()
  }

  package func withdraw(_ expiration: Timestamp) throws {
    contents.announced?.removeAll { $0 == expiration.rfc3339 }
    inheritedAnnounced.removeAll { $0 == expiration }
    try save()
  }

  package func announcedBefore() -> [Timestamp] { inheritedAnnounced }

  package func add(keyID: String) throws {
    contents.keys.append(keyID)
    try save()
  }

  package func remove(keyID: String) throws {
    contents.keys.removeAll { $0 == keyID }
    inherited.removeAll { $0 == keyID }
    try save()
  }

  package func leftOver() -> [String] { inherited }

  /// Gives the lock back; ids of keys that could not be expired stay for the next run.
  package func release() throws { try lock.release() }

  private func save() throws { try lock.own.write(contents) }
}
