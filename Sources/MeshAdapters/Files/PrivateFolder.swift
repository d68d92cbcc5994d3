import Foundation
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
  let descriptor: FileDescriptor

  /// Opens the folder; to write in it, it is made with mode 0700 where it is missing.
  ///
  /// - Throws: `Errno`; `.notPermitted`, to write, for a folder of somebody else, or one that others may
  ///   write in.
  init(_ path: String, writes: Bool) throws(Errno) {
    descriptor = try PrivateFolder.opened(path, writes: writes)
  }

  private static func opened(_ path: String, writes: Bool) throws(Errno) -> FileDescriptor {
    if writes, access(path, F_OK) != 0 {
      do {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      } catch {
        // Opening says that it is missing; why it cannot be made is the better answer.
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
      }
    }
    let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    var status = stat()
    guard fstat(number, &status) == 0 else {
      let error = Errno(rawValue: errno)
      close(number)
      throw error
    }
    let isPrivate =
      TrustedPlace.isTrusted(status.st_uid) && status.st_mode & (S_IWGRP | S_IWOTH) == 0
    guard isPrivate || !writes else {
      close(number)
      throw .notPermitted
    }
    return FileDescriptor(rawValue: number)
  }

  deinit { close(descriptor.rawValue) }

  /// Opens a regular file in the folder; never through a link, never a device.
  ///
  /// To write, it has to be this user's; one that others may read is made private.
  ///
  /// - Throws: `Errno`; `.notPermitted`, to write, for a file of somebody else, or one with several names.
  func file(_ name: String, _ flags: Int32) throws(Errno) -> FileDescriptor {
    let number = openat(
      descriptor.rawValue, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    var status = stat()
    let isKnown = fstat(number, &status) == 0
    let writes = flags & O_ACCMODE != O_RDONLY
    let error: Errno
    if !isKnown {
      error = Errno(rawValue: errno)
    } else if status.st_mode & S_IFMT != S_IFREG {
      error = .invalidArgument
    } else if writes, !TrustedPlace.isTrusted(status.st_uid) || status.st_nlink > 1 {
      error = .notPermitted
    } else if writes, status.st_mode & 0o077 != 0, fchmod(number, 0o600) != 0 {
      error = Errno(rawValue: errno)
    } else {
      return FileDescriptor(rawValue: number)
    }
    close(number)
    throw error
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

/// Short locks of files.
enum FileLock {
  /// Takes the lock, or gives up after a second: whoever holds one writes a few lines.
  static func take(_ descriptor: FileDescriptor, shared: Bool = false) throws(Errno) {
    for attempt in 0..<200 {
      if flock(descriptor.rawValue, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return }
      let error = errno
      guard error == EWOULDBLOCK || error == EINTR else { throw Errno(rawValue: error) }
      if attempt < 199 { usleep(5000) }
    }
    throw .wouldBlock
  }

  static func release(_ descriptor: FileDescriptor) {
    flock(descriptor.rawValue, LOCK_UN)
  }
}
