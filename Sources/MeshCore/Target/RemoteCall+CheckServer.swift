extension RemoteCall {
  /// Checks from the target whether it reaches the login server.
  ///
  /// - Parameters:
  ///   - url: the login server.
  ///   - candidates: the same server by address; asked only where the name does not resolve there.
  /// - Returns: the call; its bound grows with them.
  package static func checkServer(
    _ url: ServerURL, candidates: [ServerURL] = []
  ) -> RemoteCall {
    RemoteCall(
      .checkServer,
      parameters: [
        Parameter("SCHEME", url.scheme.rawValue), Parameter("HOST", url.host),
        Parameter("PORT", String(url.port)), Parameter("URL", url.normalized),
        Parameter("CANDIDATES", candidates.map(\.normalized).joined(separator: "\n")),
      ], elevated: false, timeout: 90 + 20 * candidates.count)
  }

  /// The login server that a `check-server` call asks for; nil for other calls.
  package var checkedServer: ServerURL? {
    guard script == .checkServer else { return nil }
    return parameters.first { $0.name == "URL" }.flatMap { ServerURL($0.value) }
  }

  /// The same call with the login server by address in place of its name: in the flags of `tailscale
  /// up`, and in `URL` where a script takes one.
  package func joining(by server: ServerURL, insteadOf named: ServerURL) -> RemoteCall {
    guard server != named, script != .checkServer else { return self }
    var call = self
    let flag = "--login-server="
    for index in parameters.indices {
      let parameter = parameters[index]
      if parameter.name == "ARGS" {
        call.parameters[index].value = parameter.value
          .split(separator: "\n", omittingEmptySubsequences: false)
          .map { $0 == flag + named.normalized ? flag + server.normalized : String($0) }
          .joined(separator: "\n")
      } else if parameter.name == "URL", parameter.value == named.normalized {
        call.parameters[index].value = server.normalized
      }
    }
    return call
  }
}
