package import MeshCore
package import MeshEngine
import Crypto
import Foundation
import SystemPackage

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

/// One run at a time for one API URL and user: `flock` on a file, which the kernel frees with the
/// process. The file also remembers the ids of pre-auth keys in flight (design law 7).
package actor RunLock: KeyLedger {
  private struct Contents: Codable {
    var pid: Int32
    var since: String
    var keys: [String]
    /// Expirations of keys about to be made, RFC 3339; absent in files of before.
    var announced: [String]?
  }

  private let descriptor: FileDescriptor
  private var contents: Contents
  private var inherited: [String]
  private var inheritedAnnounced: [Timestamp]

  private init(descriptor: FileDescriptor, contents: Contents, inherited: [String]) {
    self.descriptor = descriptor
    self.contents = contents
    self.inherited = inherited
    inheritedAnnounced = (contents.announced ?? []).compactMap { Timestamp(rfc3339: $0) }
  }

  /// Takes the lock, waiting at most `timeout` seconds.
  ///
  /// - Throws: `LockHeld` with the holder's pid and start, `Failure` when the file cannot be used.
  package static func acquire(
    apiURL: String, directory: String, timeout: Int, clock: any EngineClock
  ) async throws -> RunLock {
    let path = FilePath(directory).appending(name(for: apiURL))
    let descriptor = try open(path, directory: directory)
    let start = clock.now()
    while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw unusable(path, Errno(rawValue: errno))
      }
      if clock.now().seconds(since: start) >= Int64(timeout) {
        let holder = try read(descriptor, path: path)
        try descriptor.close()
        throw LockHeld(diagnostic: held(holder, path: path))
      }
      try await clock.sleep(seconds: 0.2)
    }
    let earlier = try read(descriptor, path: path)
    let contents = Contents(
      pid: getpid(), since: clock.now().rfc3339, keys: earlier?.keys ?? [],
      announced: earlier?.announced)
    let lock = RunLock(
      descriptor: descriptor, contents: contents, inherited: earlier?.keys ?? [])
    try await lock.save()
    return lock
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
  package func release() throws { try descriptor.close() }

  private func save() throws {
    do {
      let bytes = try Array(JSONEncoder().encode(contents))
      try descriptor.resize(to: 0)
      _ = try descriptor.writeAll(toAbsoluteOffset: 0, bytes)
    } catch let error as Errno {
      throw Failure(.lockUnusable, "cannot write the lock file: \(error)")
    }
  }

  /// Nil where the file is new; junk in it counts as new, because losing it costs 15 minutes of a
  /// key's life and no more (design law 4).
  private static func read(_ descriptor: FileDescriptor, path: FilePath) throws -> Contents? {
    do {
      let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = try descriptor.read(
          fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
      }
      return try? JSONDecoder().decode(Contents.self, from: Data(bytes))
    } catch let error as Errno {
      throw unusable(path, error)
    }
  }

  private static func open(_ path: FilePath, directory: String) throws -> FileDescriptor {
    do { try PrivateFolder.require(directory) } catch { throw unusable(error) }
    do {
      return try PrivateFolder.open(path)
    } catch let failure as Failure {
      throw unusable(failure)
    } catch let error as Errno {
      throw unusable(path, error)
    }
  }

  private static func name(for apiURL: String) -> String {
    let digest = SHA256.hash(data: Data(apiURL.utf8))
    return digest.prefix(12).map { String(format: "%02x", $0) }.joined() + ".lock"
  }

  /// A folder or file of somebody else is the lock's trouble before it is anything else's.
  private static func unusable(_ failure: Failure) -> Failure {
    var finding = failure.diagnostic
    if finding.code == .fileUnwritable { finding.code = .lockUnusable }
    return Failure(finding)
  }

  private static func unusable(_ path: FilePath, _ error: Errno) -> Failure {
    Failure(
      .lockUnusable, "cannot use the lock file \(path): \(error)",
      hint: "set XDG_STATE_HOME to a folder of your own")
  }

  private static func held(_ holder: Contents?, path: FilePath) -> Diagnostic {
    let who = holder.map { "process \($0.pid) since \($0.since)" } ?? "another process"
    return Diagnostic(
      .lockHeld, .error, "another meshctl run holds the lock: \(who)",
      detail: "Two runs at once would undo each other's work.", evidence: path.string,
      hint: "wait for it, or use --lock-timeout")
  }
}
