import ArgumentParser
import MeshAdapters
import MeshCore

/// Prints the inventory's schema, made from the key table.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the inventory schema, for people (markdown) or editors (json).")

  enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, json }

  @Option(help: "The output format.")
  var format: Format = .json

  func run() async throws {
    let app = App(try StyleOptions.parse([]))
    try await app.run {
      try app.console.write(format == .json ? InventorySchema.json : InventorySchema.markdown)
      return .done
    }
  }
}
