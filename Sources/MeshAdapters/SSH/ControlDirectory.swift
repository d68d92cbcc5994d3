import MeshCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The private directory of one run: control sockets and known_hosts files of pinned keys.
struct ControlDirectory: Sendable {
  let path: String
  /// Tells others that its run lives; nil for a folder that is only looked at.
  private var hold: FolderHold?

  init(path: String) { self.path = path }

  /// Makes it, 0700 from the start, under /tmp: a socket's path must be short, and TMPDIR on macOS is
  /// not.
  ///
  /// - Throws: `Failure` where no directory can be made.
  static func make(word: () -> String) throws(Failure) -> ControlDirectory {
    removeStale(in: "/tmp", olderThan: 86_400)
    for _ in 0..<8 {
      let path = "/tmp/meshctl-" + word().prefix(12)
      // mkdir fails where the name exists, a link included, so nobody can put one in the way.
      if mkdir(path, 0o700) == 0 {
        var made = ControlDirectory(path: path)
        made.hold = FolderHold(path, LOCK_SH)
        return made
      }
      if errno != EEXIST { break }
    }
    throw Failure(
      .sshProgram, "no private directory can be made under /tmp",
      detail: "ssh needs one for its control sockets.", hint: "df /tmp; ls -ld /tmp")
  }

  /// Removes what killed runs of this user left.
  ///
  /// Nobody else can have put anything into a folder of ours with mode 0700, or exchange it in /tmp.
  static func removeStale(in parent: String, olderThan seconds: Int) {
    for name in ControlDirectory(path: parent).contents() {
      let word = name.dropFirst("meshctl-".count)
      guard name.hasPrefix("meshctl-"), word.utf8.count == 12, word.allSatisfy(\.isHexDigit) else {
        continue
      }
      var status = stat()
      let place = parent + "/" + name
      guard lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid(), status.st_mode & 0o077 == 0,
        time(nil) - modified(status) > seconds, let hold = FolderHold(place, LOCK_EX)
      else { continue }
      withExtendedLifetime(hold) { ControlDirectory(path: place).remove() }
    }
  }

  private static func modified(_ status: stat) -> Int {
    #if canImport(Darwin)
      status.st_mtimespec.tv_sec
    #else
      status.st_mtim.tv_sec
    #endif
  }

  /// Writes a file of 0600 that did not exist.
  func write(_ text: String, to name: String) throws(Failure) -> String {
    let file = path + "/" + name
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw unwritable(file) }
    let bytes = Array(text.utf8)
    let written = unsafeWrite(descriptor, bytes)
    guard close(descriptor) == 0, written == bytes.count else { throw unwritable(file) }
    return file
  }

  /// Names of everything in it.
  func contents() -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  func remove() {
    for name in contents() { unlink(path + "/" + name) }
    rmdir(path)
  }

  private func unsafeWrite(_ descriptor: Int32, _ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        #if canImport(Darwin)
          let count = Darwin.write(
            descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #elseif canImport(Musl)
          let count = Musl.write(
            descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #else
          let count = Glibc.write(
            descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #endif
        if count <= 0 { break }
        done += count
      }
      return done
    }
  }

  private func unwritable(_ file: String) -> Failure {
    Failure(
      .sshProgram, "\(file) cannot be written",
      detail: "It holds the pinned host key for this run.", hint: "df /tmp")
  }
}

/// A lock on a folder, held as long as this lives.
private final class FolderHold: Sendable {
  private let descriptor: Int32

  /// Nil where the lock is not to be had at once.
  init?(_ path: String, _ mode: Int32) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, mode | LOCK_NB) == 0 else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
  }

  deinit { close(descriptor) }
}
