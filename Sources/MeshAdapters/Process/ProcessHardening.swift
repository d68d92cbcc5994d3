import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps the secrets in this process out of core dumps and away from other processes of the same user.
package enum ProcessHardening {
  /// Called once, before anything is read.
  ///
  /// - Returns: false where the system refused a part; there is nothing better to do then than to go on.
  @discardableResult
  package static func apply() -> Bool {
    // Programs that we start inherit the limit: ssh and sudo hold secrets of ours too.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      let limited = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
    #else
      let limited = setrlimit(RLIMIT_CORE, &none) == 0
    #endif
    return meshctl_forbid_dumps() == 0 && limited
  }
}
