import MeshAdapters
import MeshCore
import MeshEngine
import MeshSimulation

/// What commands get that look at hosts closely and change nothing anywhere.
struct LookingPorts: Sendable {
  var control: any ControlPlaneReading
  var reaching: any HostReaching
  /// Called once, after everything.
  var close: @Sendable () async -> Void
}

extension PortsFactory {
  /// Ports for asking hosts; a saved node list is refused before.
  func looking(server: ServerOptions, simulation: SimulationOptions) async throws -> LookingPorts {
    if simulation.simulate {
      let world = try SimulatedPorts(inventory: inventory, options: simulation).world
      return LookingPorts(
        control: SimulatedControlPlane(world), reaching: SimulatedPorts.hosts(world), close: {})
    }
    let control = try await liveControl(server)
    let hosts = OpenSSHHosts(environment: app.environment)
    return LookingPorts(
      control: control, reaching: hosts,
      close: {
        await hosts.close()
        await control.close()
      })
  }
}

extension PortsFactory {
  /// Ports for doctor: a server that cannot even be asked is a finding.
  func examining(
    server: ServerOptions, simulation: SimulationOptions
  ) async throws -> (ports: DoctorRun.Ports, url: String, close: @Sendable () async -> Void) {
    if simulation.simulate {
      let world = try SimulatedPorts(inventory: inventory, options: simulation).world
      let ports = DoctorRun.Ports(
        control: .success(SimulatedControlPlane(world)), hosts: SimulatedPorts.hosts(world),
        clock: world.clock, names: SimulatedNames(world))
      return (ports, world.serverURL.normalized, {})
    }
    let hosts = OpenSSHHosts(environment: app.environment)
    let (control, url) = try await examinedControl(server)
    var opened: HeadscaleControl?
    if case .success(let found) = control { opened = found }
    let live = opened
    let ports = DoctorRun.Ports(
      control: control.map { $0 }, hosts: hosts, clock: app.clock, names: SystemNames())
    return (
      ports, url,
      {
        await hosts.close()
        await live?.close()
      }
    )
  }
}

extension App {
  /// Runs something that only looks; a signal ends it.
  ///
  /// - Returns: nil where a signal did; the status to end with is in `ending` then.
  func interruptible<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> (value: Value?, ending: ExitStatus) {
    let interrupts = InterruptHandler()
    let app = self
    do {
      let value = try await interrupts.run(
        announce: { app.console.log("Stopping.") }, operation: body, cleanUp: {})
      return (value, .done)
    } catch is CancellationError {
      return (nil, interrupts.exitStatus.flatMap(ExitStatus.init) ?? .interrupted)
    }
  }
}
