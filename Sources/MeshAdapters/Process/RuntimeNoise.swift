#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps the runtime's own remarks off standard error, where a run that has nothing to say is silent.
package enum RuntimeNoise {
  /// Called once, before any other thread runs.
  ///
  /// On Linux libdispatch raises the priority of some threads by `setpriority`, which only root may, and
  /// writes a line for each that it could not; a cron job of an ordinary user would mail it. It reads
  /// the variable at its first line. Whoever set it keeps what he set.
  package static func silence() { setenv("LIBDISPATCH_LOG", "NO", 0) }
}
