import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Locks of open files by `flock`, which the kernel frees with the process.
enum FileLock {
  /// Tries once.
  ///
  /// - Returns: false where another open file has it.
  static func attempt(_ descriptor: FileDescriptor, shared: Bool) throws(Errno) -> Bool {
    while flock(descriptor.rawValue, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { throw Errno(rawValue: errno) }
      return false
    }
    return true
  }

  /// Takes the lock, or gives up after a second: whoever holds one writes a few lines.
  static func take(_ descriptor: FileDescriptor, shared: Bool = false) throws(Errno) {
    for attempt in 0..<200 {
      if try FileLock.attempt(descriptor, shared: shared) { return }
      if attempt < 199 { usleep(5000) }
    }
    throw .wouldBlock
  }

  static func release(_ descriptor: FileDescriptor) {
    flock(descriptor.rawValue, LOCK_UN)
  }
}
