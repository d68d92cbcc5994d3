package import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension BoundedFile {
  /// The place that a path leads to, also where nothing is there yet: writing by a temporary file
  /// would replace a link instead of following it.
  ///
  /// A link that somebody else laid where anybody may (`/tmp`) is not followed, by the rule of Linux's
  /// `protected_symlinks`, which cannot know that we follow it.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE` for links in a circle, `MESH-FILE-FOREIGN`.
  package static func followed(_ path: String, what: String) throws(Failure) -> String {
    var place = FilePath(path)
    for _ in 0..<16 {
      var buffer = [CChar](repeating: 0, count: 4096)
      let count = readlink(place.string, &buffer, buffer.count - 1)
      guard count > 0 else { return place.string }
      try requireOwnLink(place, what)
      let target = FilePath(
        String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
      place =
        target.isAbsolute ? target : place.removingLastComponent().appending(target.components)
    }
    throw Failure(
      .fileUnwritable, "\(path) is a link that leads in a circle, so it cannot be \(what)",
      hint: "name a file")
  }

  private static func requireOwnLink(_ link: FilePath, _ what: String) throws(Failure) {
    var status = stat()
    var folder = stat()
    let parent = link.removingLastComponent().string
    guard lstat(link.string, &status) == 0, stat(parent.isEmpty ? "." : parent, &folder) == 0,
      folder.st_mode & S_IWOTH != 0, status.st_uid != geteuid(), status.st_uid != folder.st_uid
    else { return }
    throw Failure(
      .fileForeign, "\(link) is a link of somebody else, so it cannot be \(what)",
      detail: "Anybody may lay one there, and it would decide which file is written.",
      evidence: "the link belongs to user \(status.st_uid)", hint: "name another file")
  }

  /// Refuses early what `write` would refuse after the work is done.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE` or `MESH-FILE-NOT-REGULAR`.
  package static func requireWritable(_ path: String, what: String) throws(Failure) {
    _ = try replaced(path, what)
    let folder = FilePath(path).removingLastComponent().string
    guard access(folder.isEmpty ? "." : folder, W_OK) != 0 else { return }
    throw Failure(
      .fileUnwritable, "cannot write \(what) \(path): \(Errno(rawValue: errno))",
      hint: "make its folder first, or name another file")
  }

  /// Writes a whole file by a temporary one beside it, so that a crash leaves the old or the new.
  ///
  /// A file that is replaced keeps its mode and, as far as we may, its owner; a new one gets what the
  /// umask leaves of 0644. Neither links nor pipes nor devices are replaced.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE` or `MESH-FILE-NOT-REGULAR`.
  package static func write(_ text: String, to path: String, what: String) throws(Failure) {
    let old = try replaced(path, what)
    let temporary = "\(path).\(randomWord().prefix(12)).tmp"
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        FilePath(temporary), .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        // One that others may not read is not readable for a moment either.
        permissions: old == nil ? [.ownerReadWrite, .groupRead, .otherRead] : [.ownerReadWrite])
    } catch {
      throw unwritable(path, what, error)
    }
    do {
      try descriptor.closeAfter {
        _ = try descriptor.writeAll(Array(text.utf8))
        guard let old else { return }
        // Only root may give files away; a file of a shared group stays in it where we are a member.
        if fchown(descriptor.rawValue, old.st_uid, old.st_gid) != 0 {
          _ = fchown(descriptor.rawValue, geteuid(), old.st_gid)
        }
        guard fchmod(descriptor.rawValue, old.st_mode & 0o777) == 0 else {
          throw Errno(rawValue: errno)
        }
      }
      guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      unlink(temporary)
      throw unwritable(path, what, error)
    }
  }

  /// Refuses links, pipes and devices: neither replaced nor read by way of one.
  ///
  /// - Throws: `Failure` with `MESH-FILE-NOT-REGULAR`.
  package static func requirePlain(_ path: String, what: String) throws(Failure) {
    _ = try replaced(path, what)
  }

  /// What a write would replace; nil where nothing is there.
  private static func replaced(_ path: String, _ what: String) throws(Failure) -> stat? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(
        .fileNotRegular, "\(path) is not a regular file, so it is not replaced by \(what)",
        hint: "name a file, or another place")
    }
    return status
  }

  private static func unwritable(_ path: String, _ what: String, _ error: any Error) -> Failure {
    Failure(.fileUnwritable, "cannot write \(what) \(path): \(error)")
  }
}
