import ArgumentParser

/// Which inventory, and which of its hosts.
struct InventoryOptions: ParsableArguments {
  /// Where an inventory is looked for when none is named.
  static let standard = "./inventory.yaml"

  @Argument(help: "The inventory file.", completion: .inventory)
  var inventory: String = InventoryOptions.standard
}

/// Which hosts.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only these hosts: names, groups, globs, !not; may be repeated or comma-separated.",
      valueName: "pattern"), completion: .hosts)
  var limit: [String] = []

  @Option(
    help: ArgumentHelp("All but these hosts.", valueName: "pattern"), completion: .hosts)
  var exclude: [String] = []
}

/// How the server is reached.
struct ServerOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Use what the inventory names (commands for secrets, server.api.command, server.api.ssh, "
        + "bootstrap), and server.api.socket, even where HEADSCALE_URL is set."))
  var allowCommands = false
}

/// How wide a command that sends no password works.
struct WidthOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("forks")],
    help: ArgumentHelp("How many hosts are worked on at once.", valueName: "n"))
  var parallelism: Int = 10

  func validate() throws {
    guard (1...1000).contains(parallelism) else {
      throw ValidationError("--parallelism has to be between 1 and 1000.")
    }
  }
}

/// How hosts are reached.
struct HostOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("forks")],
    help: ArgumentHelp("How many hosts are worked on at once.", valueName: "n"))
  var parallelism: Int = 10

  @Flag(
    name: [.customLong("ask-become-pass"), .customShort("K")],
    help: "Ask once for the sudo password of hosts whose inventory entry names none.")
  var askBecomePass = false

  func validate() throws {
    guard (1...1000).contains(parallelism) else {
      throw ValidationError("--parallelism has to be between 1 and 1000.")
    }
  }
}

/// Simulated instead of real.
struct SimulationOptions: ParsableArguments {
  @Flag(help: "Use a simulated Headscale and simulated hosts: nothing real is touched.")
  var simulate = false

  @Option(
    help: ArgumentHelp(
      "Where the simulated world is kept; made where missing.", valueName: "file"),
    completion: .file())
  var world: String?

  @Option(
    help: ArgumentHelp(
      "A saved node list instead of the API (`-` is standard input); with apply only together "
        + "with --simulate.", valueName: "file"), completion: .file())
  var nodes: String?

  func validate() throws {
    if world != nil, !simulate { throw ValidationError("--world needs --simulate.") }
  }

  /// For commands that were asked to probe.
  func requireProbes() throws {
    guard nodes != nil, !simulate else { return }
    throw ValidationError("--probe connects to hosts, which --nodes promises not to do.")
  }
}
