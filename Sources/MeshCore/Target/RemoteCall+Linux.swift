/// The calls of the Linux scripts, with the bounds that fit the scripts' own (docs/scripts.md).
extension RemoteCall {
  /// Reads all facts; nothing is changed and nothing asked.
  package static let probe = RemoteCall(.probe, elevated: false, timeout: 90)

  /// Proves that scripts run as root.
  package static let elevate = RemoteCall(.elevate, elevated: true, timeout: 30)

  /// Installs the client, as `InstallPlan.choose` said.
  package static func install(_ plan: InstallPlan) -> RemoteCall {
    RemoteCall(plan.script, parameters: plan.parameters, elevated: true, timeout: 1500)
  }

  package static let startService = RemoteCall(.startService, elevated: true, timeout: 420)

  /// Joins with a key, or starts a client that has one.
  ///
  /// - Parameters:
  ///   - arguments: see `UpArguments`; empty for a bare `up` of a stopped client.
  ///   - key: the slot of the pre-auth key; nil where none is needed.
  ///   - timeout: seconds for `up` itself.
  /// - Returns: the call; its own bound is larger than the script's.
  package static func join(
    arguments: [String], key: SecretSlot?, timeout: Int = 60
  ) -> RemoteCall {
    RemoteCall(
      .join,
      parameters: [
        Parameter("ARGS", arguments.joined(separator: "\n")),
        Parameter("TIMEOUT", String(timeout)),
      ],
      secretFiles: key.map { [SecretFile("AUTH_KEY_FILE", $0)] } ?? [], elevated: true,
      timeout: timeout + 75
    ).byOperatorToo
  }

  /// Changes the named preferences; see `SetArguments`.
  package static func setPreferences(arguments: [String]) -> RemoteCall {
    RemoteCall(
      .setPreferences,
      parameters: [Parameter("ARGS", arguments.joined(separator: "\n"))], elevated: true,
      timeout: 120
    ).byOperatorToo
  }

  /// Takes the client down; it keeps its key, because `logout` can lock a tagged node out for ever
  /// (reference headscale-api.md §8, #3371).
  package static let leave = RemoteCall(.leave, elevated: true, timeout: 120).byOperatorToo

  /// Makes the daemon forget a refused key by restarting it.
  package static let clearKey = RemoteCall(.clearKey, elevated: true, timeout: 360)
}
