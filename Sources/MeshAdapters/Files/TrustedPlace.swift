import Foundation
package import MeshCore
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder for files of this user alone, such as locks: made 0700, and refused where somebody else
/// made it or may write into it, who could otherwise exchange what is kept there.
package enum TrustedPlace {
  /// Makes the folder where it is missing, and checks it and the `meshctl` that it lies in.
  ///
  /// What stands above is the user's choice: a volume of a container may be open to all, since nobody
  /// else is there.
  ///
  /// - Throws: `Failure` (`MESH-FILE-FOREIGN`, `MESH-FILE-UNWRITABLE`).
  package static func require(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(
        .fileUnwritable, "cannot make the folder \(path)",
        evidence: (error as NSError).localizedDescription,
        hint: "set XDG_STATE_HOME to a folder of your own")
    }
    let above = FilePath(path).removingLastComponent()
    let places = (above.lastComponent?.string == "meshctl" ? [above.string] : []) + [path]
    for place in places {
      var status = stat()
      guard lstat(place, &status) == 0 else { continue }
      if !isTrusted(status.st_uid) {
        throw foreign(place, "it belongs to user \(status.st_uid)")
      }
      // A link of ours may lead to a folder of somebody else.
      guard stat(place, &status) == 0 else { continue }
      if !isTrusted(status.st_uid) {
        throw foreign(place, "it belongs to user \(status.st_uid)")
      }
      if status.st_mode & S_IWOTH != 0 {
        throw foreign(place, "mode 0\(String(status.st_mode & 0o7777, radix: 8))")
      }
    }
  }

  /// Opens a file in such a folder for reading and writing; makes it, 0600, where it is missing.
  ///
  /// - Throws: `Failure` (`MESH-FILE-FOREIGN`) for a link, a special file, one of another user, and one
  ///   that has a second name; `Errno` where it cannot be opened.
  package static func open(_ path: FilePath) throws -> FileDescriptor {
    // Not blocking: opening a named pipe would wait for its other end.
    let descriptor = try FileDescriptor.open(
      path, .readWrite, options: [.create, .closeOnExec, .noFollow, .nonBlocking],
      permissions: [.ownerReadWrite])
    var status = stat()
    let isKnown = fstat(descriptor.rawValue, &status) == 0
    let isPlain = status.st_mode & S_IFMT == S_IFREG && status.st_nlink <= 1
    guard isKnown, isPlain, isTrusted(status.st_uid) else {
      try? descriptor.close()
      throw foreign(
        path.string, isPlain ? "it belongs to user \(status.st_uid)" : "it is no plain file")
    }
    return descriptor
  }

  /// This user, root, and behind sudo, which may keep HOME, whoever called it.
  static func isTrusted(_ user: uid_t) -> Bool {
    if user == 0 || user == geteuid() { return true }
    return geteuid() == 0 && ProcessInfo.processInfo.environment["SUDO_UID"] == String(user)
  }

  private static func foreign(_ place: String, _ why: String) -> Failure {
    Failure(
      .fileForeign, "\(place) is not for this user alone",
      detail: "What meshctl keeps there decides"
        + " which keys it expires and what it waits for, so nobody else may change it.",
      evidence: why, hint: "ls -ld \(ShellQuoting.quoted(place)); or set XDG_STATE_HOME")
  }
}
