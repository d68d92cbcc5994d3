import ArgumentParser
import MeshCore

/// Shows a saved plan.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a saved plan; opens no connection and reads nothing but the file.")

  @Argument(
    help: "The file that `meshctl plan --out` wrote (`-` is standard input).",
    completion: .file())
  var plan: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      try app.write(try PlanFile.read(plan).plan, as: output.format)
      return .done
    }
  }
}
