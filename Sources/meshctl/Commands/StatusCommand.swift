import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// One line a host: does it match, where is it, when does its key end.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show one line a host: in sync, drifted, waiting, blocked or offline; reads only.",
    discussion: """
      Exit status: 0 shown; 1 an error, or a host is blocked; with --detailed-exitcode 2 when a host \
      differs or waits for a person.
      """)

  @OptionGroup var inventory: InventoryOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var hosts: HostOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: PlainOutputOptions

  @Flag(
    help: "Read facts over SSH too (reads only): client versions, preferences, proof of identity.")
  var probe = false

  @Flag(help: "Exit 2 when something differs.")
  var detailedExitcode = false

  @Flag(help: "Print the machine_key lines to paste into the inventory instead.")
  var pins = false

  func validate() throws {
    if probe { try simulation.requireProbes() }
    if pins, output.format == .json {
      throw ValidationError(
        "--pins prints lines to paste; --format json has every machineKey anyway.")
    }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      let loaded = try app.loadInventory(inventory.inventory)
      let shard = try sharding.resolved(in: app.environment)
      let selected = try app.select(selection, shard: shard, from: loaded)
      let maker = PlanMaker(
        app: app, inventory: loaded, selected: selected,
        flags: ShapingOptions.none.flags(selection, shard: shard, probe: probe, hosts: hosts),
        server: server, hosts: hosts, simulation: simulation)
      let (found, ending) = try await maker.make()
      guard let made = found else { return ending }
      let report = StatusReport(
        plan: made.plan, inventory: loaded, observation: made.observation, now: app.clock.now())
      try app.console.write(text(of: report, app))
      return ExitStatus(made.plan, detailed: detailedExitcode)
    }
  }

  private func text(of report: StatusReport, _ app: App) -> String {
    if pins { return MachineKeyPins.text(report) }
    switch output.format {
    case .text: return StatusText(report, style: app.console.outputStyle).rendered
    case .json: return StatusDocument.json(report) + "\n"
    }
  }
}
