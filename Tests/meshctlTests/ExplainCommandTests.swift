import Foundation
import Testing

/// `meshctl explain`: from the outside, as a person or a script calls it.
@Suite struct ExplainCommandTests {
  @Test func oneCodeInWords() async throws {
    let ending = try await MeshctlProgram.run(["explain", "server-resolve"])
    #expect(ending.exit == 0)
    for part in ["MESH-SERVER-RESOLVE", "Why ", "It is DNS", "Look at ", "Next ", "server_url:"] {
      #expect(ending.output.contains(part), "\(part)")
    }
  }

  @Test func aBeginningListsAndNothingListsAll() async throws {
    let some = try await MeshctlProgram.run(["explain", "mesh-elevate"])
    #expect(some.exit == 0)
    #expect(some.output.split(separator: "\n").allSatisfy { $0.hasPrefix("  MESH-ELEVATE-") })
    let all = try await MeshctlProgram.run(["explain"])
    #expect(all.exit == 0 && all.output.contains("MESH-JOIN-TIMEOUT"))
    #expect(all.output.hasSuffix("meshctl explain CODE says more of one.\n"))
  }

  @Test func anUnknownCodeIsWrongUsageWithASuggestion() async throws {
    let ending = try await MeshctlProgram.run(["explain", "MESH-SEVER-RESOLVE"])
    #expect(ending.exit == 64)
    #expect(ending.errors.contains("did you mean MESH-SERVER-RESOLVE?"))
    #expect(ending.output.isEmpty)
  }

  @Test func severalNearCodesAreNamed() async throws {
    let ending = try await MeshctlProgram.run(["explain", "MESH-SERVER-TTP"])
    #expect(ending.exit == 64)
    #expect(ending.errors.contains("did you mean MESH-SERVER-HTTP or MESH-SERVER-TLS?"))
  }

  @Test func whatAllCodesBeginWithListsAll() async throws {
    let all = try await MeshctlProgram.run(["explain"])
    let same = try await MeshctlProgram.run(["explain", "MESH-"])
    let codes = all.output.split(separator: "\n").filter { $0.hasPrefix("  MESH-") }
    #expect(same.exit == 0 && codes.count > 200)
    #expect(same.output.split(separator: "\n").filter { $0.hasPrefix("  MESH-") } == codes)
  }

  @Test func jsonHasOneForm() async throws {
    for arguments in [["explain", "--format", "json"], ["explain", "ssh", "--format", "json"]] {
      let ending = try await MeshctlProgram.run(arguments)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
      #expect(document["formatVersion"] as? String == "1.0")
      let codes = try #require(document["codes"] as? [[String: Any]])
      #expect(codes.count > 10)
      for row in codes {
        #expect(
          Set(row.keys) == [
            "area", "code", "evidence", "meaning", "next", "passes", "source", "title",
          ])
      }
    }
  }

  @Test func markdownIsTheCommittedDocument() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let committed = try String(contentsOf: root.appending(path: "docs/codes.md"), encoding: .utf8)
    let ending = try await MeshctlProgram.run(["explain", "--format", "markdown"])
    #expect(ending.exit == 0 && ending.output == committed)
  }

  /// Once, at the end, on standard error; never in what scripts read.
  @Test(arguments: ["plan", "apply"]) func errorsSayWhereMoreIsToBeHad(verb: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "inventory.yaml")
    let text = """
      version: 1
      server: {url: "https://mesh.example.com"}
      hosts: {one: {owner: nobody@example.com}, two: {owner: nobody@example.com}}
      """
    try Data(text.utf8).write(to: file)
    let more = verb == "apply" ? ["--auto-approve"] : []
    let plain = try await MeshctlProgram.run([verb, file.path, "--simulate"] + more)
    let line = "More about it: meshctl explain MESH-PLAN-OWNER-UNKNOWN\n"
    #expect(plain.errors.components(separatedBy: line).count == 2, "\(plain.errors)")
    let json = try await MeshctlProgram.run(
      [verb, file.path, "--simulate", "--format", "json"] + more)
    #expect(!json.errors.contains("More about it") && !json.output.contains("More about it"))
  }
}
