package import MeshCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension RunAuthor {
  /// Whoever runs this process, on this machine.
  package static func current(environment: [String: String]) -> RunAuthor {
    let uid = getuid()
    return RunAuthor(
      user: userName(uid) ?? "\(uid)", uid: uid, host: hostName,
      sudoUser: environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 }, pid: getpid())
  }

  /// Nil for a user id without an entry, as in many containers.
  private static func userName(_ uid: uid_t) -> String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      return nil
    }
    return String(cString: entry.pw_name)
  }

  private static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
