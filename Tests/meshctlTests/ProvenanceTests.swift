import Foundation
import Testing

@testable import meshctl

/// What `--version` says about where the program came from.
@Suite struct ProvenanceTests {
  @Test func aReleaseSaysEverything() {
    let text = """
      # a comment
      commit 0123456789abcdef0123456789abcdef01234567
      date 2026-11-28
      swift 6.3.1
      target aarch64-unknown-linux-gnu

      """
    #expect(
      Provenance(text).line(version: "1.2.3")
        == "meshctl 1.2.3 (commit 0123456789ab, 2026-11-28, Swift 6.3.1, aarch64-unknown-linux-gnu)"
    )
  }

  @Test func whatIsNotFilledInIsNotShown() throws {
    let committed = try String(contentsOf: Self.file, encoding: .utf8)
    #expect(committed.contains("commit $Format:%H$\n"))
    #expect(
      Provenance(committed).line(version: "1.2.3") == "meshctl 1.2.3 (development build)")
    let half = "commit $Format:%H$\ndate $Format:%cs$\nswift 6.3.1\n"
    #expect(Provenance(half).line(version: "1") == "meshctl 1 (development build, Swift 6.3.1)")
  }

  /// Scripts take the second word.
  @Test func theFirstWordsAreProgramAndVersion() async throws {
    let ending = try await MeshctlProgram.run(["--version"])
    #expect(ending.exit == 0)
    #expect(ending.output.split(separator: "\n").count == 1)
    let words = ending.output.split(separator: " ")
    #expect(words.first == "meshctl")
    #expect(words.count > 2)
    #expect(words[1].split(separator: ".").count == 3)
  }

  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/meshctl/Provenance/provenance.txt")
}
