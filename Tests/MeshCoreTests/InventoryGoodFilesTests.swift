import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// Every file under Cases/inventory/good with what it decodes to: defaults, merging, canonical forms.
@Suite struct InventoryGoodFilesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases/inventory/good")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test func thereAreCases() { #expect(Self.names.count >= 15) }

  @Test(arguments: names) func whatAGoodFileDecodesTo(name: String) throws {
    let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(name)))
    let (inventory, diagnostics) = InventoryLoader.load(
      bytes: bytes, path: name, digest: "sha256:0")
    let decoded = try #require(inventory, "\(DiagnosticText.render(diagnostics))")
    #expect(decoded.path == name)
    #expect(decoded.digest == "sha256:0")
    // Warnings and notes belong to the expected text, so that a new one is seen.
    let notes = DiagnosticText.render(diagnostics)
    let text = InventoryDump.text(decoded) + (notes.isEmpty ? "" : "\n" + notes)
    let golden = Self.folder.appendingPathComponent(name.dropLast(5) + ".txt")
    GoldenFile(url: golden).expect(text)
  }
}
