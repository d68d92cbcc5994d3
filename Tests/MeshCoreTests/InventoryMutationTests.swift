import MeshCore
import Testing

/// Damaged inventories: reading them ends with an inventory or an error, never with a crash, and
/// what is printed is safe.
@Suite struct InventoryMutationTests {
  /// SplitMix64: the same seed gives the same files everywhere.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }

  private static let pieces: [String] = [
    "[]", "{}", "~", "-", "- ", ": ", ":", "\n", "\n  ", "  ", "\"", "'", "#", "&a ", "*a", "<<: ",
    "yes", "-1", "0x10", "1e9", "tag:", "10.0.0.0/8", "\t", "\u{1B}", "\u{202E}", "日本", "all",
    "|\n ",
    "!x ", "---\n", "\r\n", "version", "hosts", "owner: x", "{env: }", "99999999999999999999",
  ]

  @Test(arguments: 0..<40) func damagedFilesAreReadOrExplained(seed: Int) {
    var random = Seeded(state: UInt64(seed))
    let good = Array(InventorySchema.example.unicodeScalars)
    for _ in 0..<25 {
      var text = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text.remove(at: place)
        case 1:
          let end = min(text.count, place + Int.random(in: 1...12, using: &random))
          text.removeSubrange(place..<end)
        default:
          let piece = Self.pieces.randomElement(using: &random) ?? "x"
          text.insert(contentsOf: piece.unicodeScalars, at: place)
        }
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text)
      check(Array(String(view).utf8))
    }
  }

  private func check(_ bytes: [UInt8]) {
    let (inventory, diagnostics) = InventoryLoader.load(bytes: bytes, path: "x", digest: "")
    let hasError = diagnostics.contains { $0.severity == .error }
    #expect((inventory == nil) == hasError)
    let shown = DiagnosticText.render(diagnostics, source: { _ in bytes })
    #expect(!shown.unicodeScalars.contains { $0 != "\n" && VisibleText.isHidden($0) })
    for host in inventory?.hosts ?? [] {
      #expect(!host.address.hasPrefix("-") && !host.key.hasPrefix("-"))
      if case .tags(let tags) = host.ownership { #expect(!tags.isEmpty && tags == tags.sorted()) }
    }
    let again = InventoryLoader.load(bytes: bytes, path: "x", digest: "")
    #expect(again.diagnostics == diagnostics)
    #expect(again.inventory == inventory)
  }
}
