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

  /// A key in the usual place counts for nothing where the user is an administrator.
  @Test func windowsHasAnotherFileForAdministrators() {
    var host = ClassifierCase.host
    let text = "ops@web1: Permission denied (publickey)."
    let elsewhere = SSHClassifier.failure(of: text, host: host).diagnostic
    host.os = .windows
    let windows = SSHClassifier.failure(of: text, host: host).diagnostic
    #expect(windows.code == .sshAuthentication)
    #expect(windows.detail?.contains("administrators_authorized_keys") == true)
    #expect(windows.hint?.contains("on web1: icacls ") == true)
    #expect(elsewhere.hint?.contains("icacls") == false)
  }
}
