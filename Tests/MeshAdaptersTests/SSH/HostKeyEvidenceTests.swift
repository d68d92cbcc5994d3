import MeshAdapters
import MeshCore
import Testing

/// ssh's words about a host key, and what people get to compare.
@Suite struct HostKeyEvidenceTests {
  // From `ssh-keygen -l` of OpenSSH 9.2.
  private static let key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVNEFfe4WHV6Kz26ayOvvrfGTDxv0nBKlTfYrylTwcN"
  private static let fingerprint = "SHA256:OM66nKRCDSq5xVAJFGiKg+EYPjeTm5XdshOiTFP0U8Y"
  private static let changed = """
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
    @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
    IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
    The fingerprint for the ED25519 key sent by the remote host is
    SHA256:Ouu1i0LaOBTavEMdBWJBd80GuP93uNs3HTpa4GxzNqI.
    Please contact your system administrator.
    Add correct host key in /home/me/.ssh/known_hosts to get rid of this message.
    Offending ED25519 key in /home/me/.ssh/known_hosts:2
    Host key for web-1 has changed and you have requested strict checking.
    Host key verification failed.
    """

  private func evidence(
    _ text: String, _ host: Host = SSHArgumentsTests.host("web-1"), file: String? = nil
  ) -> String? {
    HostKeyEvidence(of: text, host: host) { path in
      path == "/home/me/.ssh/known_hosts" ? file : nil
    }?.text
  }

  private static let shown = "SHA256:Ouu1i0LaOBTavEMdBWJBd80GuP93uNs3HTpa4GxzNqI (ED25519)"

  @Test(arguments: [
    "web-1 " + HostKeyEvidenceTests.key, "|1|c2FsdA==|aGFzaA== " + HostKeyEvidenceTests.key,
    "@cert-authority web-1 " + HostKeyEvidenceTests.key + " comment",
  ])
  func bothFingerprints(line: String) throws {
    let file = "# mine\n\(line)\n"
    #expect(
      evidence(Self.changed, file: file)
        == "known: \(Self.fingerprint) (ED25519, /home/me/.ssh/known_hosts:2); shown: \(Self.shown)"
    )
  }

  @Test func unreadableFiles() throws {
    for file in [nil, "", "x\n", "x\nweb-1 ssh-ed25519 !!!!\n", "x\nweb-1 AAAA\n"] as [String?] {
      #expect(
        evidence(Self.changed, file: file) == "known: not readable; shown: \(Self.shown)",
        "\(file ?? "-")")
    }
    #expect(evidence("ssh: connect to host web-1 port 22: Connection refused") == nil)
  }

  @Test func pinnedKeys() throws {
    let host = SSHArgumentsTests.host("web-1") { $0.ssh.hostKey = .pinned(Self.key) }
    let known = "known: \(Self.fingerprint) (ED25519, ssh.host_key)"
    #expect(evidence(Self.changed, host) == "\(known); shown: \(Self.shown)")
    let other = "No RSA host key is known for meshctl-web-1 and you have requested strict checking."
    #expect(evidence(other, host) == "\(known); shown: a key of another type")
  }
}
