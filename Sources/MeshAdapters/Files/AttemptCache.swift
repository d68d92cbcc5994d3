package import MeshCore
package import MeshEngine
import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `cache.json`: the hosts of every mesh that do not come to match.
///
/// It decides only when a host is tried again (design law 4): what cannot be read counts as empty, and
/// deleting it costs an attempt a host. Runs of several meshes and shards share it.
package struct AttemptCache: AttemptMemory {
  private let folder: String
  private let mesh: String
  private let clock: any EngineClock

  /// - Parameters:
  ///   - folder: the state folder (`StateDirectory`).
  ///   - mesh: which mesh, by its server's URL.
  ///   - clock: for leaving out what is too old.
  package init(folder: String, mesh: String, clock: any EngineClock) {
    self.folder = folder
    self.mesh = mesh
    self.clock = clock
  }

  package func recall() -> [String: Attempt] {
    (contents().meshes[mesh] ?? [:]).compactMapValues(\.attempt)
  }

  package func remember(_ changed: [String: Attempt?]) throws {
    try StateDirectory.make(folder)
    let lock = try opened("cache.lock", .readWrite)
    defer { AttemptCache.close(lock) }
    while flock(lock.rawValue, LOCK_EX) != 0 {
      guard errno == EINTR else { throw unusable("cache.lock", Errno(rawValue: errno)) }
    }
    var contents = contents()
    var hosts = contents.meshes[mesh] ?? [:]
    for (host, attempt) in changed { hosts[host] = attempt.map(Entry.init) }
    contents.meshes[mesh] = hosts
    let oldest = clock.now().adding(seconds: -AttemptCache.longest)
    contents.meshes = contents.meshes.mapValues { hosts in
      hosts.filter { $0.value.attempt.map { $0.last >= oldest } ?? false }
    }.filter { !$0.value.isEmpty }
    try write(contents)
  }

  // MARK: The file

  /// What is not tried for so long is no host of any inventory any more.
  private static let longest: Int64 = 60 * 86_400

  private struct Contents: Codable {
    var formatVersion = 1
    /// By server URL, then by host key.
    var meshes: [String: [String: Entry]] = [:]
  }

  private struct Entry: Codable {
    var situation: String
    var since: String
    var last: String
    var count: Int
    var code: String
    var waits: Bool

    init(_ attempt: Attempt) {
      situation = attempt.situation
      since = attempt.since.rfc3339
      last = attempt.last.rfc3339
      count = attempt.count
      code = attempt.code.rawValue
      waits = attempt.waits
    }

    /// Nil for what meshctl did not write: the code is shown to people.
    var attempt: Attempt? {
      guard let since = Timestamp(rfc3339: since), let last = Timestamp(rfc3339: last), count > 0,
        let code = Cause.all.first(where: { $0.code.rawValue == code })?.code
      else { return nil }
      return Attempt(
        situation: situation, since: since, last: last, count: count, code: code, waits: waits)
    }
  }

  private func contents() -> Contents {
    guard let file = try? opened("cache.json", .readOnly) else { return Contents() }
    defer { AttemptCache.close(file) }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_size <= 64 << 20,
      let bytes = try? BoundedFile.bytes(of: file, limit: 64 << 20),
      let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)),
      contents.formatVersion == 1
    else { return Contents() }
    return contents
  }

  private func write(_ contents: Contents) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = try Array(encoder.encode(contents)) + [0x0A]
    let temporary = FilePath(folder).appending("cache.json.\(getpid()).tmp")
    do {
      // Of a run that was killed: nobody else has this name while the lock is held.
      unlink(temporary.string)
      let file = try FileDescriptor.open(
        temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite])
      try file.closeAfter { _ = try file.writeAll(bytes) }
      guard rename(temporary.string, FilePath(folder).appending("cache.json").string) == 0 else {
        throw Errno(rawValue: errno)
      }
    } catch let error as Errno {
      unlink(temporary.string)
      throw unusable("cache.json", error)
    }
  }

  private func opened(
    _ name: String, _ mode: FileDescriptor.AccessMode
  ) throws -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        FilePath(folder).appending(name), mode,
        options: mode == .readOnly
          ? [.closeOnExec, .noFollow, .nonBlocking] : [.create, .closeOnExec, .noFollow],
        permissions: mode == .readOnly ? nil : [.ownerReadWrite])
    } catch let error as Errno {
      throw unusable(name, error)
    }
  }

  private func unusable(_ name: String, _ error: Errno) -> Failure {
    Failure(
      .fileUnwritable, "cannot use \(folder)/\(name): \(error)",
      detail: "Hosts that keep failing are tried in every run meanwhile.",
      hint: "set XDG_STATE_HOME to a folder of your own")
  }

  private static func close(_ descriptor: FileDescriptor) {
    // Nothing is buffered, so there is nothing to lose when closing fails.
    _ = try? descriptor.close()
  }
}
