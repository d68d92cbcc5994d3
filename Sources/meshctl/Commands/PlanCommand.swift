import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// Shows what differs; writes nowhere but to `--out`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what differs between the inventory and the mesh; changes nothing.",
    discussion: """
      Exit status: 0 shown; 1 an error, or a host or a deletion is blocked; with \
      --detailed-exitcode 2 when there are changes or hosts that wait for a person (unmanaged nodes \
      alone are 0).
      """)

  @OptionGroup var inventory: InventoryOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var shaping: ShapingOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var hosts: HostOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Read facts over SSH too (reads only), and compare client preferences.")
  var probe = false

  @Flag(help: "Exit 2 when there are changes.")
  var detailedExitcode = false

  @Option(
    help: ArgumentHelp(
      "Save the plan, for `meshctl show` and `meshctl apply`; it holds no secret.",
      valueName: "file"), completion: .file())
  var out: String?

  func validate() throws {
    if probe { try simulation.requireProbes() }
    try shaping.check(with: selection)
    guard let out else { return }
    if out == "-" { throw ValidationError("--out needs a file; use --format json for a pipe.") }
    if inventory.inventory == "-" {
      throw ValidationError("--out needs an inventory in a file, because apply reads it again.")
    }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      let loaded = try app.loadInventory(inventory.inventory)
      let selected = try app.select(selection, from: loaded)
      let place = try out.map(PlanFile.place)
      let maker = PlanMaker(
        app: app, inventory: loaded, selected: selected,
        flags: shaping.flags(selection, probe: probe, hosts: hosts), server: server, hosts: hosts,
        simulation: simulation)
      let (made, ending) = try await maker.make()
      guard let plan = made?.plan else { return ending }
      if let place { try PlanFile.write(plan, to: place) }
      try app.write(plan, as: output.format)
      if output.format == .text { app.console.mentionExplain(plan.findings) }
      if let out {
        let file = VisibleText.escaped(out)
        let command = PlanFile.command(plan, file: out, simulation: simulation)
        app.console.log("The plan is saved in \(file); to carry it out: \(command)")
      }
      return ExitStatus(plan, detailed: detailedExitcode)
    }
  }
}

extension App {
  /// Writes a plan to standard output.
  func write(_ plan: Plan, as format: OutputFormat) throws {
    let text = Report.plan(
      plan, as: format, style: console.outputStyle, hash: PlanFile.hash(plan))
    try console.write(text.hasSuffix("\n") ? text : text + "\n")
  }
}
