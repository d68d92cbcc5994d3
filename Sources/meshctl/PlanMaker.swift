import MeshAdapters
import MeshCore
import MeshEngine

/// Observes and plans, writing nowhere: what `plan` and `status` share.
struct PlanMaker {
  let app: App
  let inventory: Inventory
  let selected: Set<String>
  let flags: PlanFlags
  let server: ServerOptions
  let hosts: HostOptions
  let simulation: SimulationOptions

  struct Made: Sendable {
    var plan: Plan
    var observation: Observation
  }

  /// - Returns: nil where a signal ended it; the status to end with is in `ending` then.
  func make() async throws -> (made: Made?, ending: ExitStatus) {
    let interrupts = InterruptHandler()
    do {
      let made = try await interrupts.run(
        announce: { app.console.log("Stopping.") },
        operation: { try await observedPlan() }, cleanUp: {})
      return (made, .done)
    } catch is CancellationError {
      return (nil, interrupts.exitStatus.flatMap(ExitStatus.init) ?? .interrupted)
    }
  }

  private func observedPlan() async throws -> Made {
    let observation: Observation
    switch try await PortsFactory(app: app, inventory: inventory).readOnly(
      server: server, simulation: simulation)
    {
    case .saved(let saved): observation = saved
    case .ports(let ports, let close):
      let found = await Result<Observation, any Error>.catching { try await observe(ports) }
      await close()
      observation = try found.get()
    }
    let plan = Planner.plan(
      inventory, selection: selected, observation: observation, now: app.clock.now(), flags: flags,
      simulated: simulation.simulate)
    return Made(plan: plan, observation: observation)
  }

  private func observe(_ ports: ReadOnlyPorts) async throws -> Observation {
    let observer = Observer(ports: ports, parallelism: hosts.parallelism)
    var observation = try await observer.observeServer()
    if flags.probe { try await observer.look(at: probeable(observation), into: &observation) }
    return observation
  }

  /// Hosts that are to leave the mesh are looked at where a node is theirs.
  private func probeable(_ observation: Observation) -> [Host] {
    let first = Planner.plan(
      inventory, selection: selected, observation: observation, now: app.clock.now(), flags: flags)
    let leaving = Set(first.hosts.filter { $0.action != .none }.map(\.name))
    return inventory.hosts.filter {
      selected.contains($0.key) && ($0.state == .present || leaving.contains($0.key))
        && TargetProfile.of($0.os).isSupported
    }
  }
}

extension Result where Failure == any Error {
  /// The value or the error of an asynchronous body, so that something can be done in between.
  static func catching(_ body: () async throws -> Success) async -> Self {
    do { return .success(try await body()) } catch { return .failure(error) }
  }
}
