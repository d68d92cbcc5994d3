/// Leaving a join to a person, and tidying up after it (docs/scripts.md).
extension RemoteCall {
  /// Puts script and key on the host and tries the desktop's own session first.
  ///
  /// The engine adds `KEY_ID` and `KEY_EXPIRES` once the key is minted.
  package static func handOver(arguments: [String], server: ServerURL) -> RemoteCall {
    RemoteCall(
      .handOver,
      parameters: [
        Parameter("ARGS", arguments.joined(separator: "\n")),
        Parameter("URL", server.normalized),
        Parameter("TIMEOUT", String(JoinStep.upTimeout)),
      ],
      secretFiles: [SecretFile("AUTH_KEY_FILE", .waitingKey)], elevated: true,
      timeout: JoinStep.upTimeout + 120)
  }

  /// Removes script, key, launcher and task.
  package static let takeBack = RemoteCall(.takeBack, elevated: true, timeout: 60)

  /// The same call with the id and the end of the key that it leaves there.
  package func describing(keyID: String, expires: Timestamp) -> RemoteCall {
    var call = self
    call.parameters += [
      Parameter("KEY_ID", keyID), Parameter("KEY_EXPIRES", expires.rfc3339),
    ]
    return call
  }
}
