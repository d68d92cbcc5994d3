package import MeshCore
import MeshEngine

/// Enables SSH on the hosts of a world: runs no command, reads no key, writes no file.
package struct SimulatedBootstrap: SSHBootstrapping {
  private let world: SimulatedWorld

  package init(_ world: SimulatedWorld) { self.world = world }

  package func deliver(_ way: EnableSSHStep.Way, to host: Host) async throws -> String {
    try Task.checkCancellation()
    try await world.enableSSH(way, on: host)
    switch way {
    case .command(let words): return "`\(words.first ?? "")` ran the script (simulated)"
    case .files: return "the files are in bootstrap.oem_dir (simulated)"
    }
  }
}
