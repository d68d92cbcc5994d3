package import MeshCore

/// Hosts as `prepare` meets them: a person at the terminal answers OpenSSH, sudo or doas themselves.
package protocol HostPreparing: HostActing {
  /// Opens the connection with OpenSSH asking on the terminal (host key, password, second factor);
  /// what follows goes through it.
  ///
  /// - Throws: `Failure`; `CancellationError`.
  func logInOnTerminal(_ host: Host) async throws

  /// Runs an elevated script where sudo or doas itself has to ask on the terminal.
  ///
  /// - Throws: `Failure` when it could not be run to its end; `CancellationError`.
  func runOnTerminal(
    _ call: RemoteCall, asking way: RootWay.Asker, on host: Host
  ) async throws -> RemoteAnswer

  /// Closes the connection to one host, so that the next one logs in anew.
  func forgetConnection(_ host: Host) async
}

/// The person at the terminal.
package protocol PrepareDialogue: Sendable {
  func say(_ lines: [String]) async
  /// Says a finding that does not stop anything.
  func warn(_ finding: Diagnostic) async
  /// True only where the person said yes.
  func confirm(_ question: String) async throws -> Bool
  /// Reads a password without echo; nil where none was given.
  func password(_ question: String) async throws -> Secret?
}
