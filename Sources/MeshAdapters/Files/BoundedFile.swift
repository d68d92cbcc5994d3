import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads whole files within a limit, with one clear error for everything that is no such file.
package enum BoundedFile {
  /// Reads a regular file (or, for `-`, standard input).
  ///
  /// - Parameters:
  ///   - path: the file, or `-`.
  ///   - limit: bytes; a larger file is refused before it is read.
  ///   - what: what the file is, for messages: "the inventory".
  /// - Returns: The whole content.
  /// - Throws: `Failure` with `MESH-FILE-…`.
  package static func read(_ path: String, limit: Int, what: String) throws -> [UInt8] {
    if path == "-" { return try contents(of: .standardInput, path: path, limit: limit, what: what) }
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
    } catch let error as Errno {
      throw unreadable(path, error, what: what)
    }
    defer { closeQuietly(descriptor) }
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else {
      throw unreadable(path, Errno(rawValue: errno), what: what)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard status.st_size <= limit else { throw tooLarge(path, limit: limit, what: what) }
    case S_IFDIR:
      throw Failure(
        .fileNotRegular, "\(path) is a directory, not \(what)", hint: "name the file inside it")
    case S_IFIFO: break
    default:
      throw Failure(.fileNotRegular, "\(path) is not a regular file, so it cannot be \(what)")
    }
    return try contents(of: descriptor, path: path, limit: limit, what: what)
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Everything that is left to read.
  ///
  /// - Throws: `Errno`, also for what is larger than `limit` bytes.
  static func bytes(of descriptor: FileDescriptor, limit: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      while true {
        let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
          count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if chunk.isEmpty { return bytes }
        bytes += chunk
        if bytes.count > limit { throw Errno.fileTooLarge }
      }
    } catch let error as Errno {
      throw error
    } catch {
      throw Errno.ioError
    }
  }

  private static func contents(
    of descriptor: FileDescriptor, path: String, limit: Int, what: String
  ) throws -> [UInt8] {
    do { return try bytes(of: descriptor, limit: limit) } catch {
      throw error == .fileTooLarge
        ? tooLarge(path, limit: limit, what: what) : unreadable(path, error, what: what)
    }
  }

  private static func closeQuietly(_ descriptor: FileDescriptor) {
    // A descriptor that was only read has nothing to lose when closing fails.
    _ = try? descriptor.close()
  }

  private static func unreadable(_ path: String, _ error: Errno, what: String) -> Failure {
    let hint: String? =
      error == .noSuchFileOrDirectory && what == "the inventory"
      ? "give its path: meshctl plan path/to/inventory.yaml" : nil
    return Failure(.fileUnreadable, "cannot read \(what) \(path): \(error)", hint: hint)
  }

  private static func tooLarge(_ path: String, limit: Int, what: String) -> Failure {
    let size = limit < 1 << 20 ? "\(limit >> 10) KiB" : "\(limit >> 20) MiB"
    return Failure(
      .fileTooLarge, "\(path) is larger than \(size), too large for \(what)",
      hint: "check that it is the right file")
  }
}
