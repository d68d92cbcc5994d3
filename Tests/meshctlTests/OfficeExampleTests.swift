import Foundation
import Testing

/// The fleet of the field report, rehearsed as the README says (examples/office).
@Suite("The office example") struct OfficeExampleTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../examples/office").standardizedFileURL

  /// Every gap occurs, and is resolved or handed to a person in one line.
  @Test func theRehearsalGoesAsWritten() async throws {
    let ending = try await MeshctlProgram.shell(
      "bash rehearse.sh \"$MESHCTL\"", in: Self.folder.path())
    #expect(ending.exit == 0, "\(ending.output)\(ending.errors)")
    let golden = Self.folder.appending(path: "rehearsal.txt")
    if ProcessInfo.processInfo.environment["MESHCTL_UPDATE_GOLDENS"] == "1",
      ProcessInfo.processInfo.environment["CI"] == nil
    {
      try ending.output.write(to: golden, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    #expect(ending.output == expected)
    for (gap, words) in Self.gaps {
      #expect(ending.output.contains(words), "\(gap) is not in the rehearsal: \(words)")
    }
  }

  /// What shows that each of the six gaps of design §1 occurred.
  private static let gaps = [
    (1, "nothing listens for SSH"),
    (2, "a person has to finish the join"),
    (3, "sudo asks for a password on office-one"),
    (4, "lets in the keys of ./ops.pub"),
    (5, "sfspark1.local"),
    (6, "tailscale 1.102.3 by winget"),
  ]
}
