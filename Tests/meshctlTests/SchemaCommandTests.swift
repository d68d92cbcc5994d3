import Foundation
import Testing

/// `meshctl schema` and the committed document.
@Suite struct SchemaCommandTests {
  @Test func markdownIsTheCommittedDocument() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let committed = try String(
      contentsOf: root.appending(path: "inventory.schema.md"), encoding: .utf8)
    let ending = try await MeshctlProgram.run(["schema", "--format", "markdown"])
    #expect(ending.exit == 0)
    #expect(ending.output == committed)
  }

  @Test func jsonIsASchema() async throws {
    let ending = try await MeshctlProgram.run(["schema"])
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect((schema["$schema"] as? String)?.contains("2020-12") == true)
    #expect(schema["additionalProperties"] as? Bool == false)
  }
}
