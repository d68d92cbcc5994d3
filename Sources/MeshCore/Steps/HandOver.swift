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

  /// How it stands with what waits there.
  enum Standing {
    /// A person can still use it.
    case waits
    /// Its key was refused; a key a day is enough, so the next one is made when this one would end.
    case refused
    /// It has ended, or it joins another server than the one that is wanted now.
    case over
  }

  func standing(_ context: PlanContext, _ host: Host) -> Standing {
    guard let expires, context.now < expires, !context.observation.endedKeys.has(self),
      let server = ServerURL(url),
      host.isServed(by: server, wanting: context.loginServer(host))
    else { return .over }
    let code = result.flatMap(ClientClassifier.row(for:))?.code
    return code == .joinKeySpent || code == .joinKeyUnknown ? .refused : .waits
  }

  /// The one line that says what a person has to do; nil where nothing waits.
  func diagnostic(_ context: PlanContext, on host: Host) -> Diagnostic? {
    switch standing(context, host) {
    case .over: return nil
    case .waits:
      return WaitingJoin.diagnostic(on: host, line: line, evidence: result, expires: expires)
    case .refused:
      return Diagnostic(
        .joinWaits, .error, "the script that waits on \(host.key) is spent: its key was refused",
        detail: "One key a day is left there; an apply after \(expires?.rfc3339 ?? "that") makes"
          + " another.", evidence: result,
        hint:
          "sooner: on \(host.key), as administrator: Remove-Item -Recurse C:\\ProgramData\\meshctl;"
          + " then meshctl apply --limit \(host.key)", host: host.key)
    }
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
