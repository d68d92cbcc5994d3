package import MeshCore

/// Brings what enables SSH to a host that cannot be reached by SSH yet; only apply is given one.
package protocol SSHBootstrapping: Sendable {
  /// Delivers the script or the files with the public keys, within bounded time and output.
  ///
  /// Whether an SSH server answers afterwards is for a probe to say.
  ///
  /// - Returns: what was done, in a few words.
  /// - Throws: `Failure` (`MESH-BOOTSTRAP-…`); `CancellationError`.
  func deliver(_ way: EnableSSHStep.Way, to host: Host) async throws -> String
}
