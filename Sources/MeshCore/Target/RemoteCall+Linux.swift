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

  /// Installs another version over the one that is there: apart from the connection, which may run
  /// over the client itself.
  package static func upgrade(_ plan: InstallPlan) -> RemoteCall {
    var call = install(plan)
    call.isDetached = true
    return call
  }

  /// Turns forwarding on, and the client's logs off.
  ///
  /// - Parameters:
  ///   - forwarding: families that shall be forwarded; others stay as they are.
  ///   - logsOff: false leaves the logs as they are.
  /// - Returns: the call; where a daemon runs with logs, it is restarted.
  package static func configureHost(
    forwarding: Set<HostSettings.Family>, logsOff: Bool
  ) -> RemoteCall {
    var call = RemoteCall(
      .configureHost,
      parameters: [
        Parameter("FORWARD", forwarding.map(\.rawValue).sorted().joined(separator: " ")),
        Parameter("LOGS", logsOff ? "off" : "keep"),
      ], elevated: true, timeout: 420)
    // The connection may come through the client that is restarted.
    call.isDetached = logsOff
    return call
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

  /// Makes the daemon forget a refused key by restarting it; an operator without root is told that
  /// the restart is still to come (`restart` 77).
  package static let clearKey = RemoteCall(
    .clearKey, elevated: true, timeout: 360
  ).byOperatorToo
}
