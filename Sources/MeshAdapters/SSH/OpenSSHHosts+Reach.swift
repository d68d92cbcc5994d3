package import MeshCore
import MeshEngine

extension OpenSSHHosts: HostReaching {
  package func reach(_ targets: ReachTargets, from host: Host) async -> ReachAnswer {
    do {
      return .report(try await look(.verify(targets), on: host))
    } catch let failure as Failure {
      return .failed(failure.diagnostic)
    } catch {
      return .failed(
        Diagnostic(
          .sshLost, .error, "the questions on \(host.key) were stopped",
          detail: "The run was interrupted.", hint: "meshctl verify --limit \(host.key)",
          host: host.key))
    }
  }

  /// Runs one of our reading scripts as the login user, to its end.
  ///
  /// - Throws: `Failure` where it could not, `CancellationError`.
  func look(_ call: RemoteCall, on host: Host) async throws -> ScriptReport {
    try await run(call, secrets: [:], elevation: .none, on: host).report
  }
}
