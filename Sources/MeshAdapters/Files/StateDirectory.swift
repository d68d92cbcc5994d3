import Foundation
import MeshCore

/// Where meshctl keeps locks and caches of one user.
package enum StateDirectory {
  /// `$XDG_STATE_HOME/meshctl`, else `~/.local/state/meshctl`.
  package static func path(environment: [String: String]) -> String {
    if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") { return base + "/meshctl" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return home + "/.local/state/meshctl"
  }

  /// Makes a folder that only its owner may look into; one that is there stays as it is.
  ///
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE`.
  package static func make(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(
        .fileUnwritable, "cannot make the folder \(folder)",
        evidence: (error as NSError).localizedDescription,
        hint: "set XDG_STATE_HOME to a folder of your own")
    }
  }
}
