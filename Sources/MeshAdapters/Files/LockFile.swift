import Foundation
import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file locked by `flock`, which the kernel frees with the process, and what its holder wrote into it.
///
/// The lock ends with the last reference.
final class LockFile: Sendable {
  /// What a holder says of itself, and ids of pre-auth keys in flight (design law 7).
  struct Contents: Codable {
    var pid: Int32
    var since: String
    var keys: [String]
    /// Expirations of keys about to be made, RFC 3339; absent in files of before.
    var announced: [String]?
  }

  enum Mode { case shared, exclusive }

  let path: FilePath
  private let name: String
  private let place: PrivateFolder
  private let descriptor: FileDescriptor

  private init(_ name: String, in directory: String) throws {
    path = FilePath(directory).appending(name)
    self.name = name
    place = try PrivateFolder(directory, for: .writing)
    descriptor = try place.file(name, O_RDWR | O_CREAT)
  }

  // Nothing is lost when closing fails: what was written is written, and the lock is gone.
  deinit { _ = try? descriptor.close() }

  /// Opens the file, makes it where it is missing.
  ///
  /// - Throws: `Failure` with `MESH-LOCK-UNUSABLE` or `MESH-FILE-FOREIGN`.
  static func open(_ name: String, in directory: String) throws -> LockFile {
    // A folder or file of somebody else is said as it is.
    do { return try LockFile(name, in: directory) } catch let error as Errno {
      throw unusable(FilePath(directory).appending(name), error)
    }
  }

  /// Takes the lock without waiting.
  ///
  /// - Returns: false where another open file has it, or where the file was removed since it was opened:
  ///   a lock on what nobody else can open holds nobody off.
  func isLocked(_ mode: Mode) throws -> Bool {
    do {
      return try FileLock.attempt(descriptor, shared: mode == .shared)
        && place.has(descriptor, as: name)
    } catch {
      throw LockFile.unusable(path, error)
    }
  }

  /// Gives the lock back.
  func unlock() throws {
    guard flock(descriptor.rawValue, LOCK_UN) == 0 else {
      throw LockFile.unusable(path, Errno(rawValue: errno))
    }
  }

  /// Nil where the file is new; junk in it counts as new, because losing it costs 15 minutes of a
  /// key's life and no more (design law 4).
  func read() throws -> Contents? {
    do {
      let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = try descriptor.read(
          fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
      }
      return try? JSONDecoder().decode(Contents.self, from: Data(bytes))
    } catch let error as Errno {
      throw LockFile.unusable(path, error)
    }
  }

  func write(_ contents: Contents) throws {
    do {
      let bytes = try Array(JSONEncoder().encode(contents))
      let old = Int(try descriptor.seek(offset: 0, from: .end))
      // Blanks over the rest of the old text, so that a kill between the two calls leaves a whole one.
      let rest = [UInt8](repeating: 0x20, count: max(0, old - bytes.count))
      _ = try descriptor.writeAll(toAbsoluteOffset: 0, bytes + rest)
      try descriptor.resize(to: Int64(bytes.count))
    } catch let error as Errno {
      throw Failure(
        .lockUnusable, "cannot write the lock file \(path): \(error)",
        detail: "Ids of keys in flight have to stand there before a key is made.",
        hint: "df \(ShellQuoting.word(path.removingLastComponent().string))")
    }
  }

  private static func unusable(_ path: FilePath, _ error: Errno) -> Failure {
    Failure(
      .lockUnusable, "cannot use the lock file \(path): \(error)",
      hint: "set XDG_STATE_HOME to a folder of your own")
  }
}
