import MeshCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Who else may read or change a file.
package enum FilePermissions {
  /// The mode in words, `mode 0644`, where somebody else may read the file; nil where nobody may, and
  /// where there is no such file.
  package static func readableByOthers(_ path: String) -> String? {
    guard let status = status(path) else { return nil }
    return allows(status, everybody: S_IROTH, group: S_IRGRP) ? words(status) : nil
  }

  /// The same for who may change it.
  ///
  /// A device or a pipe is no file that somebody prepared.
  package static func writableByOthers(_ path: String) -> String? {
    guard let status = status(path), [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
      return nil
    }
    return letsOthersWrite(status)
  }

  /// The mode in words where somebody else may change a file or write in a folder, also by its group.
  static func letsOthersWrite(_ status: stat) -> String? {
    allows(status, everybody: S_IWOTH, group: S_IWGRP) ? words(status) : nil
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func words(_ status: stat) -> String {
    "mode 0\(String(status.st_mode & 0o7777, radix: 8))"
  }

  /// A group counts where somebody else is in it.
  ///
  /// With access lists, as systemd's credentials have them, the bits of the group are the mask of the
  /// list, and the group is root's. A file of somebody else that its group may read was given to us by
  /// that group (mounted secrets of Kubernetes, root:meshctl 0640): 0600 would shut us out.
  private static func allows(_ status: stat, everybody: mode_t, group: mode_t) -> Bool {
    if status.st_mode & everybody != 0 { return true }
    let isGiven = group == S_IRGRP && geteuid() != 0 && status.st_uid != geteuid()
    return status.st_mode & group != 0 && status.st_gid != 0 && !isGiven && !isOwn(status.st_gid)
  }

  /// The group of one user alone (Debian, Fedora), or one that only a container's numbers know.
  private static func isOwn(_ group: gid_t) -> Bool {
    var entry = POSIXGroup()
    var found: UnsafeMutablePointer<POSIXGroup>?
    var buffer = [CChar](repeating: 0, count: 1 << 16)
    guard getgrgid_r(group, &entry, &buffer, buffer.count, &found) == 0 else { return false }
    guard found != nil else { return true }
    guard entry.gr_mem?.pointee == nil, let name = entry.gr_name else { return false }
    var user = passwd()
    var foundUser: UnsafeMutablePointer<passwd>?
    var userBuffer = [CChar](repeating: 0, count: 1 << 16)
    guard getpwuid_r(geteuid(), &user, &userBuffer, userBuffer.count, &foundUser) == 0,
      foundUser != nil, let login = user.pw_name
    else { return false }
    return strcmp(name, login) == 0
  }
}

/// The C type; `group` is a parameter's name above.
private typealias POSIXGroup = group
