/// Whether a host reaches what its client would be installed from.
package struct DoctorSource: Sendable {
  let host: Host
  let facts: HostFacts
  var answer: ReachAnswer?

  package init(host: Host, facts: HostFacts, answer: ReachAnswer? = nil) {
    self.host = host
    self.facts = facts
    self.answer = answer
  }

  /// Where the source is looked for.
  package struct Place: Sendable, Equatable {
    package var url: String
    /// True for a file that has to be there; a folder may answer anything.
    package var isFile: Bool
  }

  /// Nil where nothing has to be fetched, where it cannot be installed, or where it comes from the
  /// system's own repositories.
  package var place: Place? {
    guard isNeeded, let plan = try? InstallPlan.choose(for: host, facts: facts) else { return nil }
    return plan.place
  }

  /// An installed client is kept for `present` and for the version asked for.
  private var isNeeded: Bool {
    guard let client = facts.client else { return true }
    return switch host.tailscale.version {
    case .present: false
    case .latest: true
    case .pinned(let version): version != client.version
    }
  }

  var check: DoctorCheck {
    guard isNeeded else {
      return .pass(.packageSource, "nothing to install: \(facts.client?.version ?? "") is there")
    }
    let plan: InstallPlan
    do { plan = try InstallPlan.choose(for: host, facts: facts) } catch {
      return .fail(.packageSource, error.diagnostic)
    }
    guard let place = plan.place else {
      return .unknown(.packageSource, "\(plan.words); its repositories are not asked")
    }
    switch answer {
    case .report(let report)?: return judged(report, place, plan)
    case .failed(let finding)?: return .unknown(.packageSource, finding.message, finding: finding)
    case nil: return .unknown(.packageSource, "not asked")
    }
  }

  private func judged(
    _ report: ScriptReport, _ place: Place, _ plan: InstallPlan
  ) -> DoctorCheck {
    let evidence = report.text("evidence").flatMap(TextEvidence.lastLine)
    let problem: String
    switch CheckServerVerdict(report) {
    case .ok: return .pass(.packageSource, plan.words)
    // Something answers there; what it lists of a folder is its own business.
    case .http where !place.isFile, .body: return .pass(.packageSource, plan.words)
    case .http: problem = "does not have \(place.url)"
    case .resolve: problem = "cannot be found by name"
    case .connect: problem = "does not answer"
    case .tls: problem = "has a certificate that the host does not accept"
    case .noTool:
      return .unknown(.packageSource, "no program there can ask; the installation will tell")
    case nil: return .unknown(.packageSource, "the check gave no verdict")
    }
    return .fail(
      .packageSource,
      Diagnostic(
        .doctorSource, .error, "the source of the client \(problem): \(plan.words)",
        detail: "The client cannot be installed or changed from there.", evidence: evidence,
        hint: "on \(host.key): curl -I \(place.url); or set tailscale.mirror for \(host.key)",
        host: host.key))
  }
}

extension InstallPlan {
  /// Where its source is looked for; nil for the system's own repositories.
  var place: DoctorSource.Place? {
    func value(_ name: String) -> String? {
      let value = parameters.first { $0.name == name }?.value ?? ""
      return value.isEmpty ? nil : value
    }
    if let repository = value("REPOSITORY") {
      return .init(url: "\(repository)/tailscale.repo", isFile: true)
    }
    guard let mirror = value("MIRROR") else { return nil }
    if let os = value("REPO_OS"), let codename = value("CODENAME") {
      return .init(url: "\(mirror)/\(os)/\(codename).noarmor.gpg", isFile: true)
    }
    return .init(url: "\(mirror)/", isFile: false)
  }
}

extension RemoteCall {
  /// Asks from a host whether a URL answers.
  package static func checkSource(_ url: String) -> RemoteCall {
    RemoteCall(
      .checkSource, parameters: [Parameter("URL", url)], elevated: false, timeout: 75)
  }
}
