/// What a script's answer means for the step that ran it.
package struct RemoteVerdict: Sendable, Equatable {
  /// What was achieved, in a few words; may be empty.
  package var detail: String
  /// The client as the script reported it last; nil where it says nothing of it.
  package var client: ClientFacts?
  /// Findings that do not stop the step.
  package var warnings: [Diagnostic]
  /// The host's settings as the script left them.
  package var settings: HostSettings?
  /// What a person has to do now, where the script left the rest to one.
  package var waits: Diagnostic?
  /// The URL to join by, as `check-server` found it.
  package var server: ServerURL?

  package init(detail: String = "", client: ClientFacts? = nil, warnings: [Diagnostic] = []) {
    self.detail = detail
    self.client = client
    self.warnings = warnings
  }

  func saying(_ detail: String) -> RemoteVerdict {
    var verdict = self
    verdict.detail = detail
    return verdict
  }
}

/// Judges the answers of all scripts but the probe (whose parser is the target's).
package enum RemoteJudge {
  /// The verdict on one answer, or why the step failed.
  ///
  /// `version` is the client's as an earlier probe read it.
  package static func judge(
    _ call: RemoteCall, answer: RemoteAnswer, host: Host, known version: String = ""
  ) -> Result<RemoteVerdict, Failure> {
    switch call.script {
    case .elevate: elevate(answer, host)
    case .checkServer: checkServer(call, answer, host)
    case .installApt, .installDNF, .installZypper, .installPacman, .installAPK, .installStatic,
      .installBrew:
      install(answer, host)
    case .configureHost: configure(answer, host)
    case .installWindows: installOnWindows(answer, host)
    case .startService: start(answer, host, version)
    case .join:
      if let failure = ClientClassifier.joinFailure(answer, on: host),
        failure.severity == .error
      {
        .failure(Failure(failure))
      } else {
        .success(client(answer, host, version))
      }
    case .setPreferences:
      if let failure = ClientClassifier.setFailure(answer, on: host) {
        .failure(Failure(failure))
      } else {
        .success(client(answer, host, version))
      }
    case .clearKey: cleared(answer, host)
    case .leave:
      answer.report.isComplete && answer.report.status("down") == 0
        ? .success(client(answer, host, version).saying("down, not logged out"))
        : .failure(
          cutOrFailed(answer, host, .clientStart, "the client could not be taken down", "down"))
    case .handOver: handOver(answer, host, version)
    case .takeBack:
      answer.report.isComplete && answer.report.status("removed") == 0
        ? .success(RemoteVerdict(detail: "script and key removed"))
        : .failure(
          cutOrFailed(
            answer, host, .joinHandOver, "what waited for a person could not be removed", "removed")
        )
    // `PrepareJudge` reads more in them.
    case .prepare:
      PrepareJudge.verdict(call, answer, host).map { RemoteVerdict(detail: $0.rawValue) }
    case .prepareUndo: PrepareJudge.undone(answer, host).map { _ in RemoteVerdict() }
    // No step runs these: they only look.
    case .probe, .verify, .checkSource: .success(RemoteVerdict())
    }
  }

  private static func client(
    _ answer: RemoteAnswer, _ host: Host, _ version: String
  ) -> RemoteVerdict {
    let client = TargetProfile.of(host.os).client(answer.report, version)
    return RemoteVerdict(
      client: client, warnings: client.map { ClientClassifier.warnings($0, on: host) } ?? [])
  }

  private static func handOver(
    _ answer: RemoteAnswer, _ host: Host, _ version: String
  ) -> Result<RemoteVerdict, Failure> {
    guard answer.report.isComplete, answer.report.status("handover") == 0 else {
      return .failure(
        cutOrFailed(
          answer, host, .joinHandOver, "the join could not be left to a person", "evidence"))
    }
    var verdict = client(answer, host, version)
    if answer.report.text("handover") == "joined" {
      verdict.detail = "joined in the session of the desktop's user"
    } else {
      verdict.detail = "waits for a person"
      verdict.waits = WaitingJoin.diagnostic(
        on: host, line: answer.report.text("line") ?? WaitingJoin.line,
        evidence: answer.report.text("evidence").flatMap(TextEvidence.lastLine))
    }
    return .success(verdict)
  }

  private static func elevate(
    _ answer: RemoteAnswer, _ host: Host
  ) -> Result<RemoteVerdict, Failure> {
    if answer.report.isComplete, answer.report.text("uid") == "0" {
      return .success(RemoteVerdict(detail: "root"))
    }
    if let known = SudoClassifier.diagnostic(of: answer.errorText, on: host) {
      return .failure(Failure(known))
    }
    return .failure(
      cutOrFailed(answer, host, .elevateRefused, "scripts do not run as root", "uid"))
  }

  private static func checkServer(
    _ call: RemoteCall, _ answer: RemoteAnswer, _ host: Host
  ) -> Result<RemoteVerdict, Failure> {
    let text = call.parameters.first { $0.name == "URL" }?.value ?? ""
    guard let url = ServerURL(text) else {
      return .failure(Failure(.serverUnchecked, "\(text) is not a URL", host: host.key))
    }
    let given = call.parameters.first { $0.name == "CANDIDATES" }?.value ?? ""
    let outcome = CheckServerOutcome(
      answer.report, url: url,
      candidates: given.split(separator: "\n").compactMap { ServerURL(String($0)) }, on: host)
    if let failure = outcome.failure { return .failure(Failure(failure)) }
    var verdict = RemoteVerdict(
      detail: outcome.warnings.first?.message ?? "\(url.normalized) answers",
      warnings: outcome.warnings)
    verdict.server = outcome.server
    return .success(verdict)
  }

  private static func start(
    _ answer: RemoteAnswer, _ host: Host, _ version: String
  ) -> Result<RemoteVerdict, Failure> {
    guard answer.report.isComplete, answer.report.status("stage") == 0 else {
      return .failure(
        cutOrFailed(answer, host, .clientStart, "the client's service does not start", "evidence"))
    }
    return .success(
      RemoteVerdict(
        detail: "running", client: TargetProfile.of(host.os).client(answer.report, version),
        warnings: HostNotes.warnings(answer.report.text("notes") ?? "", on: host)))
  }

  static func cutOrFailed(
    _ answer: RemoteAnswer, _ host: Host, _ code: DiagnosticCode, _ message: String,
    _ section: String
  ) -> Failure {
    let said = [answer.report.text(section) ?? "", answer.errorText]
    let evidence = said.lazy.compactMap { TextEvidence.lastLine(of: $0) }.first
    return Failure(
      code, answer.report.isComplete ? message : message + " (its answer was cut short)",
      evidence: evidence,
      hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
  }
}
