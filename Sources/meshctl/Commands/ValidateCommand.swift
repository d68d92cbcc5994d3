import ArgumentParser
import MeshAdapters
import MeshCore

/// Checks an inventory alone: no connection, no command, no secret.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check an inventory; opens no connection, runs no command, reads no secret.")

  @OptionGroup var inventory: InventoryOptions
  @OptionGroup var style: StyleOptions

  func run() async throws {
    let app = App(style)
    try await app.run {
      let loaded = try app.loadInventory(inventory.inventory)
      try app.console.write(
        "\(loaded.path): valid, \(Count.of(loaded.hosts.count, "host")) in "
          + "\(Count.of(loaded.groups.count, "group")).\n")
      return .done
    }
  }
}
