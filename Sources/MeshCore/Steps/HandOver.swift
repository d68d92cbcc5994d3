/// What a direct join that failed leaves to a person: a script and a key of its own that wait on the
/// host (design §6, Windows).
///
/// The key is the only one that lives longer than 15 minutes. Its id and end stand beside it on the
/// host, so that a later run finds it, waits, and makes another one only after this one has ended.
package struct HandOver: Sendable, Equatable {
  /// `tailscale up` flags without the key.
  package var arguments: [String]
  package var server: ServerURL
  package var key: KeyRequest

  /// Seconds: a little less than a day, so that a daily run finds it ended.
  package static let lifetime = 86_400 - 600

  package init(arguments: [String], server: ServerURL, owner: KeyRequest.Owner) {
    self.arguments = arguments
    self.server = server
    key = KeyRequest(owner: owner, lifetime: HandOver.lifetime)
  }

  package var effects: [Effect] {
    [
      .server(.createPreAuthKey(key, into: .waitingKey)),
      .remote(.handOver(arguments: arguments, server: server)),
    ]
  }
}

/// A join that waits on a host for a person, as the probe found it.
package struct WaitingJoin: Sendable, Hashable {
  /// Of the key that waits there.
  package var keyID: String
  /// When that key ends; nil where the note there is unreadable, which counts as ended.
  package var expires: Timestamp?
  /// The login server that the script joins.
  package var url: String
  /// What a person has to run, one line.
  package var line: String
  /// How the last try there ended, where somebody tried.
  package var result: String?

  package init(
    keyID: String, expires: Timestamp?, url: String, line: String = WaitingJoin.line,
    result: String? = nil
  ) {
    self.keyID = keyID
    self.expires = expires
    self.url = url
    self.line = line
    self.result = result
  }

  /// The launcher that the field report proved: it asks for elevation itself.
  package static let line =
    #"powershell -ExecutionPolicy Bypass -File C:\temp\join-mesh.ps1"#

  /// True while its key can still be used, as far as the host knows.
  func isValid(at now: Timestamp) -> Bool {
    guard let expires, now < expires else { return false }
    // Whoever tried was told that the key is no good: a run that was stopped had expired it.
    let code = result.flatMap(ClientClassifier.row(for:))?.code
    return code != .joinKeySpent && code != .joinKeyUnknown
  }

  /// The one line that says what a person has to do.
  package func diagnostic(on host: Host) -> Diagnostic {
    WaitingJoin.diagnostic(on: host, line: line, evidence: result, expires: expires)
  }

  package static func diagnostic(
    on host: Host, line: String, evidence: String?, expires: Timestamp? = nil
  ) -> Diagnostic {
    Diagnostic(
      .joinWaits, .error, "a person has to finish the join: log on to \(host.key), run \(line)",
      detail: "The client there takes a login from whoever uses the desktop only."
        + (expires.map {
          " The script works until \($0.rfc3339); after that the next apply"
            + " makes a new one."
        } ?? ""),
      evidence: evidence, hint: "then: meshctl apply --limit \(host.key)", host: host.key)
  }
}

extension DiagnosticCode {
  /// True where a join failed by what only the person at the desktop can mend.
  ///
  /// A direct join over SSH is then handed over (reference tailscale-client.md §3.3). What fails for a
  /// person too (the server, its name, the key, the tags) is not.
  package var leadsToPerson: Bool { DiagnosticCode.forAPerson.contains(self) }

  private static let forAPerson: Set<DiagnosticCode> = [
    .joinDropped, .joinTimeout, .joinNotOnline, .joinNotSeen, .clientNeedsRoot, .clientTransient,
    .clientFailed, .clientDaemonDown, .clientUnreadable, .clientOtherUser, .clientServerMode,
  ]
}
