import ArgumentParser
import Foundation

/// Stands in for the real `headscale` in the lab and in tests, with the same command line.
@main
struct HeadscaleStandIn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headscale",
    abstract: "A stand-in for Headscale: the simulated server behind HTTP.",
    discussion: "All other commands of headscale that meshctl uses are run by the server.",
    subcommands: [Serve.self])

  /// `-c CONFIG` may stand in front of the command, as with the real one: it is moved behind it.
  static func main() async {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if let first = arguments.first, ["-c", "--config"].contains(first), arguments.count >= 3,
      arguments[2] == "serve"
    {
      arguments = Array(arguments.dropFirst(2)) + arguments.prefix(2)
    }
    guard let first = arguments.first, !["serve", "-h", "--help"].contains(first) else {
      await main(arguments)
      return
    }
    Foundation.exit(await RemoteCommand.run(arguments))
  }
}

/// `-c CONFIG`, allowed in front of a command and behind it, as with the real one.
struct ConfigOption: ParsableArguments {
  @Option(name: [.short, .long], help: "The configuration file.")
  var config = "/etc/headscale/config.yaml"
}
