package import MeshCore

/// Decides whether what the inventory names for enabling SSH may be done on this machine (design law 7):
/// a pull request must neither run a program here nor put files, one of them authorized_keys, into a
/// folder of its choice.
package enum BootstrapAccess {
  /// Checks before anything is read or opened; runs nothing.
  ///
  /// - Parameters:
  ///   - hosts: of the whole file.
  ///   - environment: of this process.
  ///   - allowCommands: whether `--allow-commands` was given.
  /// - Throws: `Failure`; the exit code is 1.
  package static func check(
    _ hosts: [Host], environment: [String: String], allowCommands: Bool
  ) throws(Failure) {
    guard environment[APIAccess.urlVariable] != nil, !allowCommands else { return }
    for host in hosts where host.state == .present {
      let wish: String
      if let words = host.bootstrap.command {
        wish = "run a program: bootstrap.command: \(words.first ?? "")"
      } else if let folder = EnableSSHStep.of(host)?.folder {
        wish = "write files on this machine: bootstrap.oem_dir: \(folder)"
      } else {
        continue
      }
      throw Failure(
        .apiCommandsNotAllowed, "the inventory wants to \(wish)",
        detail: "Where \(APIAccess.urlVariable) is set, that is done only when allowed.",
        hint: "look at it, then add --allow-commands", host: host.key)
    }
  }
}
