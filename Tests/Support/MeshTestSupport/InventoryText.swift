package import MeshCore

/// Inventories from YAML text.
package enum InventoryText {
  /// Why a test's inventory is none.
  package struct Unreadable: Error, CustomStringConvertible {
    package var description: String
  }

  /// The inventory of the text, with `version: 1` and a server added where it has none.
  ///
  /// - Throws: `Unreadable` with all diagnostics.
  package static func load(_ text: String) throws -> Inventory {
    var text = text
    if !text.contains("version:") { text = "version: 1\n" + text }
    if !text.contains("server:") {
      text += "\nserver: {url: \"https://mesh.example.com\"}\n"
    }
    let loaded = InventoryLoader.load(
      bytes: Array(text.utf8), path: "inventory.yaml", digest: "sha256:test")
    guard let inventory = loaded.inventory else {
      throw Unreadable(
        description: loaded.diagnostics.map { "\($0.code.rawValue): \($0.message)" }
          .joined(separator: "\n"))
    }
    return inventory
  }
}

extension Inventory {
  /// All hosts.
  package var everyone: Set<String> { Set(hosts.map(\.key)) }
}
