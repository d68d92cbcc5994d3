import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// Makes the mesh match the inventory.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Show what differs, ask, and make the mesh match the inventory.",
    discussion: """
      Exit status: 0 the mesh matches; 1 an error before anything was changed; 3 some hosts \
      failed or are blocked, the others are done; 4 something waits for a person; 5 another run \
      holds the lock; 6 what was shown no longer holds; 130 interrupted, 143 terminated (after \
      clean-up).
      """)

  @OptionGroup var inventory: InventoryOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var hosts: HostOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Do not ask.")
  var autoApprove = false

  @Flag(help: "Probe every selected host and compare client preferences too.")
  var probe = false

  @Option(
    help: ArgumentHelp("Seconds to wait for another run to end.", valueName: "seconds"))
  var lockTimeout = 0

  func validate() throws {
    if simulation.nodes != nil, !simulation.simulate {
      throw ValidationError("--nodes is allowed with apply only together with --simulate.")
    }
    if lockTimeout < 0 { throw ValidationError("--lock-timeout cannot be negative.") }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      let loaded = try app.loadInventory(inventory.inventory)
      let selected = try app.select(selection, from: loaded)
      guard autoApprove || app.console.isInputTerminal else {
        throw Failure(
          .noTerminal, "apply asks before it acts, and standard input is no terminal",
          hint: "use --auto-approve")
      }
      var flags = PlanFlags()
      flags.limit = selection.limit
      flags.exclude = selection.exclude
      flags.probe = probe
      flags.askBecomePassword = hosts.askBecomePass
      let request = ApplyRequest(
        inventory: loaded, selection: selected, flags: flags, parallelism: hosts.parallelism,
        simulated: simulation.simulate)
      let run = ApplyRun(
        app: app, request: request, format: output.format, autoApprove: autoApprove)
      return try await run.run(
        server: server, hosts: hosts, simulation: simulation, lockTimeout: lockTimeout)
    }
  }
}
