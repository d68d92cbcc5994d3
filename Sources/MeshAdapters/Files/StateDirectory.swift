import Foundation
package import MeshCore

/// Where meshctl keeps locks and caches of one user.
package enum StateDirectory {
  /// `$XDG_STATE_HOME/meshctl`, else `~/.local/state/meshctl`.
  package static func path(environment: [String: String]) -> String {
    if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") { return base + "/meshctl" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return home + "/.local/state/meshctl"
  }

  /// Makes a folder that only its owner may look into, and refuses one that somebody else made.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE` or `MESH-FILE-FOREIGN`.
  package static func make(_ folder: String) throws(Failure) { try TrustedPlace.require(folder) }
}
