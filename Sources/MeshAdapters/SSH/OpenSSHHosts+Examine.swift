package import MeshCore
import MeshEngine

extension OpenSSHHosts: HostExamining {
  package func checkServer(
    _ url: ServerURL, candidates: [ServerURL], from host: Host
  ) async -> ReachAnswer {
    await examined(.checkServer(url, candidates: candidates), on: host)
  }

  package func checkSource(_ url: String, from host: Host) async -> ReachAnswer {
    await examined(.checkSource(url), on: host)
  }

  private func examined(_ call: RemoteCall, on host: Host) async -> ReachAnswer {
    do {
      return .report(try await look(call, on: host))
    } catch let failure as Failure {
      return .failed(failure.diagnostic)
    } catch {
      return .failed(
        Diagnostic(
          .sshLost, .error, "\(call.script.rawValue) on \(host.key) was stopped",
          detail: "The run was interrupted.", hint: "meshctl doctor \(host.key)", host: host.key))
    }
  }
}
