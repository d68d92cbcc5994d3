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

  /// The place that a path leads to, also where nothing is there yet: writing by a temporary file
  /// would replace a link instead of following it.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE` for links in a circle.
  package static func followed(_ path: String, what: String) throws -> String {
    var place = FilePath(path)
    for _ in 0..<16 {
      var buffer = [CChar](repeating: 0, count: 4096)
      let count = readlink(place.string, &buffer, buffer.count - 1)
      guard count > 0 else { return place.string }
      let target = FilePath(
        String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
      place =
        target.isAbsolute ? target : place.removingLastComponent().appending(target.components)
    }
    throw Failure(
      .fileUnwritable, "\(path) is a link that leads in a circle, so it cannot be \(what)",
      hint: "name a file")
  }

  /// Refuses early what `write` would refuse after the work is done.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE`.
  package static func requireWritable(_ path: String, what: String) throws {
    let folder = FilePath(path).removingLastComponent().string
    guard access(folder.isEmpty ? "." : folder, W_OK) != 0 else { return }
    throw Failure(
      .fileUnwritable, "cannot write \(what) \(path): \(Errno(rawValue: errno))",
      hint: "make its folder first, or name another file")
  }

  /// Writes a whole file by a temporary one beside it, so that a crash leaves the old or the new.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE`.
  package static func write(_ text: String, to path: String, what: String) throws {
    let temporary = "\(path).\(getpid()).tmp"
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(temporary), .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter { _ = try descriptor.writeAll(Array(text.utf8)) }
      guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
    } catch let error as Errno {
      unlink(temporary)
      throw Failure(.fileUnwritable, "cannot write \(what) \(path): \(error)")
    }
  }

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
