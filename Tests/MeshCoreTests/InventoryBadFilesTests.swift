import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// Every file under Cases/inventory/bad with the exact text a person gets for it.
@Suite struct InventoryBadFilesTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases/inventory/bad")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test func thereAreCases() { #expect(Self.names.count >= 55) }

  @Test(arguments: names) func diagnosticsOfABadFile(name: String) throws {
    let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(name)))
    let (inventory, diagnostics) = InventoryLoader.load(
      bytes: bytes, path: name, digest: "sha256:0")
    let hasError = diagnostics.contains { $0.severity == .error }
    #expect((inventory == nil) == hasError)
    #expect(diagnostics.allSatisfy { $0.code.rawValue.hasPrefix("MESH-INV-") })
    #expect(!diagnostics.isEmpty)

    let text = DiagnosticText.render(diagnostics, source: { $0 == name ? bytes : nil })
    // No secret of any of these files, whatever line is shown (design law 7).
    for number in 2...5 { #expect(!text.contains("hunter\(number)")) }
    #expect(!text.contains("hskey-api"))
    let golden = Self.folder.appendingPathComponent(name.dropLast(5) + ".txt")
    GoldenFile(url: golden).expect(text)
  }

  @Test func everyRuleHasACase() throws {
    var seen: Set<String> = []
    for name in Self.names {
      let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(name)))
      let found = InventoryLoader.load(bytes: bytes, path: name, digest: "").diagnostics
      seen.formUnion(found.map(\.code.rawValue))
    }
    let missing = InventoryRule.all.map(\.code.rawValue).filter { !seen.contains($0) }
    #expect(missing == [])
  }
}
