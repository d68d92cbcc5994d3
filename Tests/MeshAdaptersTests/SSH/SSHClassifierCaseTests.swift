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
  @Test func windowsHasAnotherFileForAdministrators() throws {
    var host = ClassifierCase.host
    let text = "ops@web1: Permission denied (publickey)."
    let elsewhere = SSHClassifier.failure(of: text, host: host).diagnostic
    host.os = .windows
    let windows = SSHClassifier.failure(of: text, host: host).diagnostic
    #expect(windows.code == .sshAuthentication)
    let detail = try #require(windows.detail)
    for words in ["administrators_authorized_keys", "ACL", "Administrators and SYSTEM"] {
      #expect(detail.contains(words) && elsewhere.detail?.contains(words) == false, "\(words)")
    }
    #expect(
      windows.hint == "meshctl bootstrap windows --host web1 --out enable-ssh-web1, and run its"
        + " setup-ssh-key.ps1 on web1 as administrator; what is offered: ssh -v web1")
    #expect(elsewhere.hint == "ssh web1")
  }

  /// Silence has three causes, and each is named with what to do.
  @Test(arguments: ["Connection timed out", "No route to host"])
  func silenceNamesWhatItMayBe(words: String) throws {
    let text = "ssh: connect to host 10.0.0.9 port 22: \(words)"
    let finding = SSHClassifier.failure(of: text, host: ClassifierCase.host).diagnostic
    let detail = try #require(finding.detail)
    for cause in ["off", "firewall", "another port than 22"] {
      #expect(detail.contains(cause), "\(cause)")
    }
    #expect(
      finding.hint
        == "see that web1 is on, then: ssh web1; where SSH has another port, set port"
        + " of web1")
  }
}
