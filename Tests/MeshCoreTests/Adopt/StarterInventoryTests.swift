import Testing

@testable import MeshCore

/// The file of `meshctl init`, which has to be right in every form that a person makes of it.
@Suite struct StarterInventoryTests {
  @Test func itIsValidWithoutAWord() throws {
    let loaded = load(StarterInventory.text(serverURL: nil))
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics.map(\.message))")
    let inventory = try #require(loaded.inventory)
    #expect(inventory.hosts.map(\.key) == ["web-1"])
    #expect(inventory.server.url.normalized == StarterInventory.exampleURL)
  }

  /// Whoever takes the `# ` away gets what the comment promises.
  @Test func whatIsCommentedOutIsValidToo() throws {
    let text = StarterInventory.text(serverURL: nil).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { line in
      let isProse = line.hasPrefix("  # How ")
      return line.hasPrefix("  # ") && !isProse ? "  " + line.dropFirst(4) : String(line)
    }.joined(separator: "\n")
    let loaded = load(text)
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics.map(\.message))")
    let inventory = try #require(loaded.inventory)
    #expect(inventory.hosts.map(\.key) == ["web-1", "nas", "desk", "win-lab", "old-nas"])
  }

  @Test(arguments: [
    "https://m.example", "http://10.0.0.1:8080", "http://[2001:db8::1]:8080/base",
    "https://a-name-that-is-longer-than-the-one-it-replaces.example.com/x/y",
  ])
  func theServerIsTheOneThatWasGiven(url: String) throws {
    let server = try #require(ServerURL(url))
    let text = StarterInventory.text(serverURL: server)
    #expect(!text.contains(StarterInventory.exampleURL))
    let loaded = load(text)
    #expect(!loaded.diagnostics.contains { $0.severity == .error })
    #expect(loaded.inventory?.server.url == server)
    #expect(text.split(separator: "\n").contains { $0.hasSuffix("# what the hosts join") })
  }

  private func load(_ text: String) -> (inventory: Inventory?, diagnostics: [Diagnostic]) {
    InventoryLoader.load(bytes: Array(text.utf8), path: "inventory.yaml", digest: "")
  }
}
