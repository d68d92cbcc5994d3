import MeshCore

/// Windows: one fixed command line, everything else by standard input.
extension OpenSSHHosts {
  /// PowerShell takes seconds to start on a slow machine, once for itself and once for what it loads.
  private static let startSeconds = 60

  func executeByPowerShell(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], mark: String, redactor: Redactor,
    on host: Host
  ) async throws -> RemoteAnswer {
    let input = try PowerShellRendering.standardInput(of: call, mark: mark, secrets: secrets)
    let ending = try await send(
      input, to: PowerShellRendering.commandLine, on: host,
      timeout: Double(call.timeout + OpenSSHHosts.startSeconds), what: call.script.rawValue)
    return try answer(ending, mark: mark, redactor: redactor, host: host)
  }
}
