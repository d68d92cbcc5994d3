import Foundation
import MeshAdapters
import MeshCore
import MeshTestSupport
import Testing

/// `Fixtures/classifier/ssh.tsv`: what OpenSSH says when it gives up (exit status 255), and what that leads to.
@Suite struct SSHClassifierCaseTests {
  @Test func rows() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/classifier")
    let cases = try #require(try ClassifierCase.read(folder)["ssh"])
    #expect(cases.count >= 25)
    for row in cases {
      #expect(row.exit == 255, "any other status is the script's own")
      row.expect(SSHClassifier.failure(of: row.text, host: ClassifierCase.host).diagnostic)
    }
  }
}
