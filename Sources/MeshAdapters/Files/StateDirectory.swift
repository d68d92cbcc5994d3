import Foundation

/// Where meshctl keeps locks and caches of one user.
package enum StateDirectory {
  /// `$XDG_STATE_HOME/meshctl`, else `~/.local/state/meshctl`.
  package static func path(environment: [String: String]) -> String {
    if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") { return base + "/meshctl" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return home + "/.local/state/meshctl"
  }
}
