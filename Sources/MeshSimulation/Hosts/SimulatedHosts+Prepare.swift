package import MeshCore
import MeshEngine

/// Nobody sits at a simulated host's terminal: logins work as they are.
extension SimulatedHosts: HostPreparing {
  package func logInOnTerminal(_ host: Host) async throws {}

  package func runOnTerminal(
    _ call: RemoteCall, asking way: RootWay.Asker, on host: Host
  ) async throws -> RemoteAnswer {
    throw Failure(
      .prepareUnsupported, "\(way.rawValue) on a terminal is not simulated",
      detail: "Simulated hosts know root, `sudo -n`, sudo with a password and `doas -n`.",
      hint: "set privilege: sudoPassword in the world file", host: host.key)
  }

  package func forgetConnection(_ host: Host) async {}
}
