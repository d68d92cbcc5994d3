package import MeshCore

/// Decides whether the commands that the inventory names for enabling SSH may run here (design law 7).
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
      guard let words = host.bootstrap.command else { continue }
      throw Failure(
        .apiCommandsNotAllowed,
        "the inventory wants to run a program: bootstrap.command: \(words.first ?? "")",
        detail: "Where \(APIAccess.urlVariable) is set, commands from the inventory run only when"
          + " allowed.", hint: "look at it, then add --allow-commands", host: host.key)
    }
  }
}
