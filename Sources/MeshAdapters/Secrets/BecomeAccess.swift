package import MeshCore
import SystemPackage

/// Keeps become passwords apart from the API key, before anything is read (design law 7): the
/// password is sent to the host that asks for it, and a pull request may name any host.
package enum BecomeAccess {
  /// Checks where the become passwords of these hosts come from; reads nothing.
  ///
  /// - Parameters:
  ///   - hosts: the selected hosts.
  ///   - api: the source of the API key.
  ///   - environment: of this process.
  ///   - allowCommands: whether `--allow-commands` was given.
  /// - Throws: `Failure`; the exit code is 1.
  package static func check(
    _ hosts: [Host], api: APIAccess, environment: [String: String], allowCommands: Bool
  ) throws(Failure) {
    let isPinned = environment[APIAccess.urlVariable] != nil
    for host in hosts {
      guard let source = host.become.password else { continue }
      let isAPIKey = api.key.map { isSame(source, $0) } ?? false
      let isOfEnvironment =
        source == .environment(APIAccess.keyVariable)
        || environment[APIAccess.keyFileVariable].map { isSame(source, .file($0)) } ?? false
      if isAPIKey || isOfEnvironment {
        throw Failure(
          .apiKeyAsPassword, "become.password of \(host.key) is where the API key comes from",
          detail: "A become password is sent to the host, and the API key must never be.",
          hint: "give the password a source of its own", host: host.key)
      }
      if case .command(let words) = source, isPinned, !allowCommands {
        throw Failure(
          .apiCommandsNotAllowed,
          "the inventory wants to run a program: become.password.command: \(words.first ?? "")",
          detail: "Where \(APIAccess.urlVariable) is set, commands from the inventory run only when"
            + " allowed.", hint: "look at it, then add --allow-commands", host: host.key)
      }
    }
  }

  /// True where two secrets are the same text, final line feeds aside.
  package static func isSame(_ one: Secret, _ other: Secret) -> Bool {
    func bare(_ secret: Secret) -> Substring.UTF8View {
      var text = Substring(secret.reveal())
      while text.unicodeScalars.last?.properties.isWhitespace == true {
        text.unicodeScalars.removeLast()
      }
      return text.utf8
    }
    return bare(one).elementsEqual(bare(other))
  }

  /// The same source, also where a file is spelled in two ways; both are relative to one folder.
  private static func isSame(_ one: SecretSource, _ other: SecretSource) -> Bool {
    guard case .file(let path) = one, case .file(let second) = other else { return one == other }
    return FilePath(path).lexicallyNormalized() == FilePath(second).lexicallyNormalized()
  }
}
