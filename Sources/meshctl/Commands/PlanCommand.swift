import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// Shows what differs; writes nowhere.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what differs between the inventory and the mesh; changes nothing.",
    discussion: """
      Exit status: 0 shown; 1 an error, or a host is blocked; with --detailed-exitcode 2 when \
      there are changes or hosts that wait for a person (unmanaged nodes alone are 0).
      """)

  @OptionGroup var inventory: InventoryOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var hosts: HostOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Read facts over SSH too (reads only), and compare client preferences.")
  var probe = false

  @Flag(help: "Exit 2 when there are changes.")
  var detailedExitcode = false

  func validate() throws {
    if probe, simulation.nodes != nil, !simulation.simulate {
      throw ValidationError("--probe connects to hosts, which --nodes promises not to do.")
    }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      let loaded = try app.loadInventory(inventory.inventory)
      let selected = try app.select(selection, from: loaded)
      let interrupts = InterruptHandler()
      let plan: Plan
      do {
        plan = try await interrupts.run(
          announce: { app.console.log("Stopping.") },
          operation: { try await observedPlan(app, loaded, selected) }, cleanUp: {})
      } catch is CancellationError {
        return interrupts.exitStatus.flatMap(ExitStatus.init) ?? .interrupted
      }
      try app.console.write(Report.plan(plan, as: output.format, style: app.console.outputStyle))
      if output.format == .json { try app.console.write("\n") }
      return status(of: plan)
    }
  }

  private func observedPlan(
    _ app: App, _ loaded: Inventory, _ selected: Set<String>
  ) async throws -> Plan {
    let observation: Observation
    switch try await PortsFactory(app: app, inventory: loaded).readOnly(
      server: server, simulation: simulation)
    {
    case .saved(let saved): observation = saved
    case .ports(let ports, let close):
      let found = await Result<Observation, any Error>.catching {
        try await observe(ports, loaded, selected)
      }
      await close()
      observation = try found.get()
    }
    return Planner.plan(
      loaded, selection: selected, observation: observation, now: app.clock.now(), flags: flags,
      simulated: simulation.simulate)
  }

  private func observe(
    _ ports: ReadOnlyPorts, _ loaded: Inventory, _ selected: Set<String>
  ) async throws -> Observation {
    let observer = Observer(ports: ports, parallelism: hosts.parallelism)
    var observation = try await observer.observeServer()
    if probe { observation.facts = try await observer.probe(probeable(loaded, selected)) }
    return observation
  }

  private func probeable(_ loaded: Inventory, _ selected: Set<String>) -> [Host] {
    loaded.hosts.filter {
      selected.contains($0.key) && $0.state == .present
        && TargetProfile.of($0.os).isSupported
    }
  }

  private var flags: PlanFlags {
    var flags = PlanFlags()
    flags.limit = selection.limit
    flags.exclude = selection.exclude
    flags.probe = probe
    flags.askBecomePassword = hosts.askBecomePass
    return flags
  }

  private func status(of plan: Plan) -> ExitStatus {
    if plan.hosts.contains(where: \.isHindered)
      || plan.diagnostics.contains(where: { $0.severity == .error })
    {
      let onlyWaits = plan.hosts.allSatisfy { !$0.isHindered || $0.action == .wait }
      if !onlyWaits || !plan.diagnostics.isEmpty { return .error }
    }
    return detailedExitcode && plan.hasChanges ? .changes : .done
  }
}

extension Result where Failure == any Error {
  /// The value or the error of an asynchronous body, so that something can be done in between.
  static func catching(_ body: () async throws -> Success) async -> Self {
    do { return .success(try await body()) } catch { return .failure(error) }
  }
}
