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

/// Whom the state folder may belong to and who may write in it: the one rule for locks, cache, journal
/// and memory.
///
/// Somebody else who may could exchange what is kept there.
enum TrustedPlace {
  /// Checks a folder and the `meshctl` that it lies in; one that is missing passes.
  ///
  /// What stands above is the user's choice: a volume of a container may be open to all, since nobody
  /// else is there.
  ///
  /// - Throws: `Failure` with `MESH-FILE-FOREIGN`.
  static func require(_ path: String) throws(Failure) {
    let above = FilePath(path).removingLastComponent()
    let places = (above.lastComponent?.string == "meshctl" ? [above.string] : []) + [path]
    for place in places {
      var status = stat()
      guard lstat(place, &status) == 0 else { continue }
      if !isTrusted(status.st_uid) { throw foreign(place, owner(status)) }
      // A link of ours may lead to a folder of somebody else.
      guard stat(place, &status) == 0 else { continue }
      if let why = objection(status) { throw foreign(place, why) }
    }
  }

  /// Why a folder is not for this user alone; nil where it is.
  static func objection(_ status: stat) -> String? {
    if !isTrusted(status.st_uid) { return owner(status) }
    return FilePermissions.letsOthersWrite(status)
  }

  /// This user, root, and behind sudo, which may keep HOME, whoever called it.
  static func isTrusted(_ user: uid_t) -> Bool {
    if user == 0 || user == geteuid() { return true }
    return geteuid() == 0 && ProcessInfo.processInfo.environment["SUDO_UID"] == String(user)
  }

  static func owner(_ status: stat) -> String { "it belongs to user \(status.st_uid)" }

  static func foreign(_ place: String, _ why: String) -> Failure {
    Failure(
      .fileForeign, "\(place) is not for this user alone",
      detail: "What meshctl keeps there decides which keys it expires, which hosts it leaves alone"
        + " and what it waits for, so nobody else may change it.",
      evidence: why, hint: "ls -ld \(ShellQuoting.quoted(place)); or set XDG_STATE_HOME")
  }
}
