import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Replaces a whole file at once: whoever reads it sees the old content or the new one.
enum AtomicFile {
  /// Writes beside the file and renames.
  ///
  /// The temporary file is removed whatever fails; one that a killed process left is removed by a later
  /// call, once it is ten minutes old.
  ///
  /// - Parameters:
  ///   - text: the whole content.
  ///   - path: a regular file or nothing yet; a link or a device is refused, since renaming would
  ///     replace it.
  ///   - mode: of the new file, whatever the umask is.
  /// - Throws: `Errno`.
  static func write(_ text: String, to path: String, mode: mode_t) throws(Errno) {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
    } else if errno != ENOENT {
      throw Errno(rawValue: errno)
    }
    let folder = FilePath(path).removingLastComponent()
    let place = folder.isEmpty ? "." : folder.string
    let head = ".\(FilePath(path).lastComponent?.string ?? "").meshctl-"
    removeStale(head, in: place)
    let random = String(UInt64.random(in: .min ... .max), radix: 16)
    let temporary = "\(place)/\(head)\(random)"
    let number = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    let file = FileDescriptor(rawValue: number)
    do {
      do {
        try file.writeAll(Array(text.utf8))
        guard fchmod(number, mode) == 0 else { throw Errno(rawValue: errno) }
      } catch {
        try? file.close()
        throw error
      }
      // A network file system says here that the disk is full.
      try file.close()
      guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      unlink(temporary)
      throw error as? Errno ?? .ioError
    }
  }

  private static func removeStale(_ head: String, in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(head) {
      let rest = name.dropFirst(head.count)
      guard rest.count <= 16, rest.allSatisfy(\.isHexDigit) else { continue }
      let path = folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), AtomicFile.age(status) > 600
      else { continue }
      unlink(path)
    }
  }

  private static func age(_ status: stat) -> Int {
    #if canImport(Darwin)
      time(nil) - status.st_mtimespec.tv_sec
    #else
      time(nil) - status.st_mtim.tv_sec
    #endif
  }
}
