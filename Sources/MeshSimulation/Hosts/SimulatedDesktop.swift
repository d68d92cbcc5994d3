import MeshCore

/// What a Windows machine has that a server has not: somebody at the screen.
package struct SimulatedDesktop: Sendable, Equatable {
  /// How a login over SSH ends (reference tailscale-client.md §3.1).
  package enum JoinOverSSH: String, Sendable, CaseIterable {
    case works
    /// The node drops when the command that joined has ended.
    case drops
    /// `up` reaches its timeout.
    case hangs
  }

  /// Where the keys stand that log in by SSH (reference tailscale-client.md §4).
  package enum Keys: String, Sendable, CaseIterable {
    /// In administrators_authorized_keys, with the ACL that sshd asks for.
    case ok
    case missing
    /// In that user's own file, which sshd passes over for administrators.
    case userOnly
    /// In administrators_authorized_keys, which others may write, so sshd passes over it.
    case looseACL
  }

  package var joinOverSSH = JoinOverSSH.works
  package var keys = Keys.ok
  /// Who is logged on; nil where nobody is.
  package var loggedOn: String?
  /// The task that the hand-over starts in the session of whoever is logged on joins.
  package var taskJoins = false
  /// Somebody runs the script that waits before the next run of meshctl begins.
  package var personActs = false
  /// The package of the vendor's site cannot be fetched, so winget has to install.
  package var packageUnreachable = false
  /// The certificate of winget's msstore source is not the expected one.
  package var storeCertificateFails = false

  package init() {}
}

/// What a hand-over left on a simulated host.
package struct SimulatedHandOver: Sendable, Equatable {
  package var keyID: String
  package var expires: String
  package var url: String
  package var arguments: [String]
  /// The words of the last try.
  package var result: String?

  /// As the probe answers it.
  var json: String {
    let value: JSONValue = [
      "keyId": .string(keyID), "expires": .string(expires), "url": .string(url),
      "line": .string(WaitingJoin.line), "result": .string(result ?? ""),
    ]
    return value.indented(by: "")
  }
}
