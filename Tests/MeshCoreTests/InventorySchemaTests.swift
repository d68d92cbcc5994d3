import Foundation
import MeshCore
import MeshTestSupport
import Testing
import YAMLReader

/// The key table, the decoder and the schema documents say the same.
@Suite struct InventorySchemaTests {
  @Test func theCommittedDocumentIsTheGeneratedOne() {
    GoldenFile("../../inventory.schema.md").expect(InventorySchema.markdown)
  }

  @Test func theExampleIsAnInventoryWithoutFindings() {
    let (inventory, diagnostics) = InventoryLoader.load(
      bytes: Array(InventorySchema.example.utf8), path: "example", digest: "")
    #expect(diagnostics == [])
    #expect(inventory?.hosts.count == 5)
  }

  @Test func namesAreUniqueInTheirSection() {
    for section in InventorySection.allCases {
      let names = InventoryKey.keys(of: section).map(\.name)
      #expect(Set(names).count == names.count)
      #expect(!names.isEmpty)
      for key in InventoryKey.keys(of: section) {
        #expect(!key.alsoWritten.contains { names.contains($0) }, "\(key.path)")
        #expect(!key.doc.isEmpty && key.doc.hasSuffix("."))
      }
    }
  }

  /// An inventory that holds one key with the table's example.
  private static func text(of key: InventoryKey) -> String {
    let line = "\(key.name): \(key.example)"
    let head = "version: 1\nserver: {url: https://mesh.example.com}\n"
    let hosts = "hosts: {sfspark1: {}, office-one: {}}\n"
    switch key.section {
    case .top:
      let all = ["version: 1", "server: {url: https://mesh.example.com}", "hosts: {}"]
      return (all.filter { !$0.hasPrefix("\(key.name):") } + [line]).joined(separator: "\n")
    case .server:
      let url = key.name == "url" ? "" : "url: https://mesh.example.com, "
      return "version: 1\nserver: {\(url)\(line)}\nhosts: {}\n"
    case .api:
      return "version: 1\nserver: {url: https://mesh.example.com, api: {\(line)}}\nhosts: {}\n"
    case .guards: return head + "guards: {\(line)}\n" + hosts
    case .group: return head + "groups: {servers: {\(line)}}\n" + hosts
    case .host: return head + "groups: {servers: {}}\nhosts: {web-1: {\(line)}}\n"
    case .secret: return head + "hosts: {web-1: {become: {password: {\(line)}}}}\n"
    case .ssh, .become, .tailscale, .bootstrap:
      return head + "hosts: {web-1: {\(key.section.rawValue): {\(line)}}}\n"
    }
  }

  @Test(arguments: InventoryKey.all.map(\.path))
  func theDecoderTakesTheExampleOfEachKey(path: String) throws {
    let key = try #require(InventoryKey.all.first { $0.path == path })
    let text = Self.text(of: key)
    let (inventory, diagnostics) = InventoryLoader.load(
      bytes: Array(text.utf8), path: "x", digest: "")
    #expect(inventory != nil)
    // An example may mean nothing on the host that it stands on alone.
    let findings = diagnostics.filter { $0.code != .invForeign }
    #expect(DiagnosticText.render(findings) == "", "\(text)")
    if key.isRequired {
      let without = text.replacingOccurrences(of: "\(key.name): \(key.example)", with: "")
      let result = InventoryLoader.load(bytes: Array(without.utf8), path: "x", digest: "")
      #expect(result.inventory == nil)
    }
  }

  @Test func theJSONSchemaIsJSONAndClosed() throws {
    let data = Data(InventorySchema.json.utf8)
    let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(root["additionalProperties"] as? Bool == false)
    let definitions = try #require(root["$defs"] as? [String: [String: Any]])
    for (name, definition) in definitions {
      #expect(definition["additionalProperties"] as? Bool == false, "\(name)")
    }
    for section in InventorySection.allCases where section != .top {
      let properties = definitions[section.rawValue]?["properties"] as? [String: Any]
      for key in InventoryKey.keys(of: section) {
        #expect(properties?[key.name] != nil, "\(key.path)")
      }
    }
    #expect(definitions["defaults"].flatMap { $0["properties"] as? [String: Any] }?["name"] == nil)
    #expect(InventorySchema.json == InventorySchema.json)
  }

  @Test func everyReferenceOfTheJSONSchemaLeadsSomewhere() throws {
    let pieces = InventorySchema.json.components(separatedBy: "\"#/$defs/")
    let names = Set(pieces.dropFirst().map { String($0.prefix { $0 != "\"" }) })
    for name in names { #expect(InventorySchema.json.contains("    \"\(name)\": {"), "\(name)") }
  }
}
