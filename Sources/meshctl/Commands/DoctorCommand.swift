import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// Looks whether everything is there that a run needs.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Check server, key and hosts for what a run needs: PASS, FAIL or UNKNOWN; reads only.",
    discussion: """
      Of the server: it answers, the API key works and when it runs out, its version, its policy, \
      the clocks. Of each host: its address, port, host key and login over SSH, its system, a way to \
      become root, the source of the client, the login server as seen from there, the client's \
      version, and whether it is on the mesh. A check that needs one that fails is UNKNOWN. Without \
      hosts, all hosts that are to be on the mesh are checked.

      Exit status: 0 nothing is FAIL (what is UNKNOWN says why); 1 the inventory cannot be read, or \
      names no such host; 3 something is FAIL.
      """)

  @Argument(
    help: ArgumentHelp("Hosts: names, groups, globs, !not.", valueName: "host"),
    completion: .hosts)
  var hosts: [String] = []

  @Option(name: [.short, .long], help: "The inventory file.", completion: .inventory)
  var inventory: String = InventoryOptions.standard

  @OptionGroup var server: ServerOptions
  @OptionGroup var width: WidthOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: PlainOutputOptions

  func validate() throws {
    guard simulation.nodes == nil || simulation.simulate else {
      throw ValidationError("doctor connects to hosts, which --nodes promises not to do.")
    }
    if let file = hosts.first(where: { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }) {
      throw ValidationError("doctor takes hosts; name the inventory with --inventory \(file).")
    }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      let loaded = try app.loadInventory(inventory)
      var selected = try app.select(limit: hosts, exclude: [], from: loaded)
      if hosts.isEmpty {
        // Who is to leave the mesh needs nothing of all this.
        selected.subtract(loaded.hosts.filter { $0.state == .absent }.map(\.key))
      }
      let chosen = selected
      let (server, simulation, width) = (server, simulation, width)
      let (found, ending) = try await app.interruptible {
        let (ports, url, close) = try await PortsFactory(app: app, inventory: loaded).examining(
          server: server, simulation: simulation)
        let result = await Result<DoctorReport, any Error>.catching {
          try await DoctorRun(
            ports: ports, inventory: loaded, parallelism: width.parallelism,
            simulated: simulation.simulate
          ).run(chosen, url: url)
        }
        await close()
        return try result.get()
      }
      guard let report = found else { return ending }
      try app.console.write(text(of: report, app))
      return report.count(.fail) == 0 ? .done : .failed
    }
  }

  private func text(of report: DoctorReport, _ app: App) -> String {
    switch output.format {
    case .text: DoctorText(report, style: app.console.outputStyle).rendered
    case .json: DoctorDocument.json(report) + "\n"
    }
  }
}
