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

/// A folder that only this user writes in, held open, so that nothing beneath it is looked up twice.
struct PrivateFolder: ~Copyable {
  enum Use {
    /// What is read decides nothing: any folder.
    case reading
    /// What is read decides something: only a folder of this user alone (`TrustedPlace`).
    case trusting
    /// The same, made with mode 0700 where it is missing.
    case writing
  }

  let descriptor: FileDescriptor
  private let path: String

  /// Opens the folder.
  ///
  /// - Throws: `Errno`; `Failure` with `MESH-FILE-FOREIGN`.
  init(_ path: String, for use: Use) throws {
    descriptor = try PrivateFolder.opened(path, use)
    self.path = path
  }

  private static func opened(_ path: String, _ use: Use) throws -> FileDescriptor {
    if use == .writing, access(path, F_OK) != 0 { try make(path) }
    if use != .reading { try TrustedPlace.require(path) }
    let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    do {
      var status = stat()
      guard fstat(number, &status) == 0 else { throw Errno(rawValue: errno) }
      // What was opened, whatever stood there when the path was looked at.
      if use != .reading, let why = TrustedPlace.objection(status) {
        throw TrustedPlace.foreign(path, why)
      }
    } catch {
      close(number)
      throw error
    }
    return FileDescriptor(rawValue: number)
  }

  private static func make(_ path: String) throws(Errno) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      // Opening says that it is missing; why it cannot be made is the better answer.
      if mkdir(path, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
    }
  }

  deinit { close(descriptor.rawValue) }

  /// Opens a regular file in the folder; never through a link, never a device.
  ///
  /// To write, it has to be this user's; one that others may read is made private.
  ///
  /// - Throws: `Errno`; to write, `Failure` with `MESH-FILE-FOREIGN` for what is no plain file, for one
  ///   of somebody else, and one with several names.
  func file(_ name: String, _ flags: Int32) throws -> FileDescriptor {
    // Not blocking: opening a named pipe would wait for its other end.
    let number = openat(
      descriptor.rawValue, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    do {
      var status = stat()
      guard fstat(number, &status) == 0 else { throw Errno(rawValue: errno) }
      let isRegular = status.st_mode & S_IFMT == S_IFREG
      if flags & O_ACCMODE == O_RDONLY {
        if !isRegular { throw Errno.invalidArgument }
      } else if let why = PrivateFolder.objection(status, isRegular) {
        throw TrustedPlace.foreign(path + "/" + name, why)
      } else if status.st_mode & 0o077 != 0, fchmod(number, 0o600) != 0 {
        throw Errno(rawValue: errno)
      }
    } catch {
      close(number)
      throw error
    }
    return FileDescriptor(rawValue: number)
  }

  private static func objection(_ status: stat, _ isRegular: Bool) -> String? {
    if !isRegular { return "it is no plain file" }
    if !TrustedPlace.isTrusted(status.st_uid) { return TrustedPlace.owner(status) }
    return status.st_nlink > 1 ? "it has another name too" : nil
  }

  /// Replaces a file at once: whoever opens it sees the old content or the new one.
  ///
  /// Only for the holder of a lock, since the new content has one name meanwhile; what a run that was
  /// killed left under it is taken away first.
  ///
  /// - Throws: `Errno`, `Failure`; the old content stays then.
  func replace(_ name: String, with text: String) throws {
    let temporary = name + ".tmp"
    remove(temporary)
    do {
      let new = try file(temporary, O_WRONLY | O_CREAT | O_EXCL)
      // A network file system says when closing that the disk is full.
      try new.closeAfter { _ = try new.writeAll(Array(text.utf8)) }
      try rename(temporary, to: name)
    } catch {
      remove(temporary)
      throw error
    }
  }

  /// True where the open file is still the one of this name.
  func has(_ file: FileDescriptor, as name: String) -> Bool {
    var here = stat()
    var opened = stat()
    return fstatat(descriptor.rawValue, name, &here, AT_SYMLINK_NOFOLLOW) == 0
      && fstat(file.rawValue, &opened) == 0
      && here.st_dev == opened.st_dev && here.st_ino == opened.st_ino
  }

  func rename(_ old: String, to new: String) throws(Errno) {
    guard renameat(descriptor.rawValue, old, descriptor.rawValue, new) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  func remove(_ name: String) { unlinkat(descriptor.rawValue, name, 0) }
}
