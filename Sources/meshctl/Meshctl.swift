import ArgumentParser
import MeshAdapters
import MeshCore

/// The program: makes a Headscale mesh match an inventory of hosts.
@main
struct Meshctl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meshctl",
    abstract: "Make a Headscale mesh match a YAML inventory of hosts.",
    discussion: """
      meshctl diffs the inventory against the live node list, shows what differs, and joins, \
      tags, routes and renames until the mesh matches. `plan` never writes anywhere.

      Start with:  meshctl validate inventory.yaml
                   meshctl plan inventory.yaml
                   meshctl apply inventory.yaml
      """,
    version: Provenance.own.line(version: MeshctlVersion.current),
    subcommands: [
      ValidateCommand.self, PlanCommand.self, ApplyCommand.self, StatusCommand.self,
      VerifyCommand.self, DoctorCommand.self, PrepareCommand.self,
      ShowCommand.self, InitCommand.self, ImportCommand.self, BootstrapCommand.self,
      SchemaCommand.self, ExplainCommand.self, LogCommand.self,
    ])

  static func main() async {
    RuntimeNoise.silence()
    ProcessHardening.apply()
    await main(nil)
  }
}
