import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// Who reaches whom.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Have every host ask whom it reaches, both ways; changes nothing.",
    discussion: """
      Each selected host pings its peers through the mesh (`tailscale ping`) and connects to what \
      its `expect` names, all in one SSH round trip. --limit says who asks, --exclude who neither \
      asks nor is asked. Hosts that the server calls offline are shown as such and not waited for.

      Exit status: 0 everything that was asked for was reached, directly or by a relay; 1 an error \
      before anything was asked; 3 something was not reached, or a host could not be asked.
      """)

  @OptionGroup var inventory: InventoryOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var width: WidthOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: PlainOutputOptions

  @Option(
    help: ArgumentHelp(
      "Large fleets: every host asks this many peers; which ones changes with the time, until all "
        + "pairs were asked.", valueName: "n"))
  var sample: Int?

  func validate() throws {
    if let sample, sample < 1 { throw ValidationError("--sample has to be at least 1.") }
    guard simulation.nodes == nil || simulation.simulate else {
      throw ValidationError("verify connects to hosts, which --nodes promises not to do.")
    }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      let loaded = try app.loadInventory(inventory.inventory)
      let askers = try app.select(selection, from: loaded)
      let peers = try app.select(limit: [], exclude: selection.exclude, from: loaded)
      let (server, simulation, width, sample) = (server, simulation, width, sample)
      let (found, ending) = try await app.interruptible {
        let ports = try await PortsFactory(app: app, inventory: loaded).looking(
          server: server, simulation: simulation)
        let result = await Result<ReachReport, any Error>.catching {
          let observation = try await VerifyRun.observe(ports.control)
          let plan = ReachPlan(
            roster: ReachRoster(
              inventory: loaded, observation: observation, now: app.clock.now()),
            hosts: loaded.hosts, askers: askers, peers: peers, sample: sample,
            now: app.clock.now())
          app.announce(plan)
          return try await VerifyRun(
            reaching: ports.reaching, inventory: loaded, parallelism: width.parallelism,
            simulated: simulation.simulate
          ).run(plan, observation: observation)
        }
        await ports.close()
        return try result.get()
      }
      guard let report = found else { return ending }
      try app.console.write(text(of: report, app))
      return report.isComplete ? .done : .failed
    }
  }

  private func text(of report: ReachReport, _ app: App) -> String {
    switch output.format {
    case .text: ReachText(report, style: app.console.outputStyle).rendered
    case .json: ReachDocument.json(report) + "\n"
    }
  }
}

extension App {
  /// Says to a person at the terminal what takes time now.
  fileprivate func announce(_ plan: ReachPlan) {
    guard console.errorStyle.width != nil, plan.questions.count > 1 else { return }
    let pairs = plan.questions.reduce(0) { $0 + $1.peers.count }
    console.log("Asking \(Count.of(plan.questions.count, "host")) about \(pairs) directions…")
  }
}
