import MeshCore

/// Root by a sudo that asks for a password.
extension OpenSSHHosts {
  /// sudo reads the password from standard input, so the script lies in a file while it runs: with both
  /// on one stream, a sudo that does not ask would hand the password to the script.
  func executeWithPassword(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], password: Secret, redactor: Redactor,
    on host: Host
  ) async throws -> RemoteAnswer {
    guard !password.reveal().contains(where: \.isNewline) else {
      throw Failure(
        .scriptValue, "the become password of \(host.key) has more than one line",
        detail: "sudo would take the first line only.", hint: "check become.password",
        host: host.key)
    }
    let mark = randomWord()
    let script = try ScriptRendering.standardInput(
      of: call, mark: mark, secrets: secrets, on: host.os, removingItself: true)
    let ending = try await send(
      PasswordScript.text(of: script, password: password, mark: mark), to: RemoteCommand.plain,
      on: host, timeout: Double(call.timeout), what: call.script.rawValue)
    return try answer(ending, mark: mark, redactor: redactor, host: host)
  }
}
