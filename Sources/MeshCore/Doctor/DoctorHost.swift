/// What a host said, judged: every check of it, the later ones unknown where an earlier one fails.
package struct DoctorHost: Sendable {
  package var host: Host
  package var probe: ProbeResult
  /// The login server of this host.
  package var server: ServerURL
  /// Nil where it is not known.
  package var serverVersion: String?
  /// Nil where the list could not be read.
  package var nodes: [MeshNode]?
  package var now: Timestamp
  /// The login server by address, as it was offered to the host.
  package var candidates: [ServerURL] = []
  /// Of `check-server`; nil where it was not run.
  package var serverCheck: ReachAnswer?
  /// Of `check-source`; nil where it was not run.
  package var sourceCheck: ReachAnswer?

  package init(
    host: Host, probe: ProbeResult, server: ServerURL, serverVersion: String?,
    nodes: [MeshNode]?, now: Timestamp, serverCheck: ReachAnswer? = nil,
    sourceCheck: ReachAnswer? = nil
  ) {
    self.host = host
    self.probe = probe
    self.server = server
    self.serverVersion = serverVersion
    self.nodes = nodes
    self.now = now
    self.serverCheck = serverCheck
    self.sourceCheck = sourceCheck
  }

  package var checks: [DoctorCheck] {
    // What every plan blocks is no pass here, whatever answered.
    if let refusal = TargetProfile.refusal(for: host) {
      return DoctorConnection(host: host).checks(refusal)
    }
    switch probe {
    case .failed(let finding): return DoctorConnection(host: host).checks(finding)
    case .facts(let facts):
      return DoctorConnection(host: host).passed + [
        .pass(.os, DoctorHost.system(facts)), elevation(facts),
        DoctorSource(host: host, facts: facts, answer: sourceCheck).check, serverURL,
        clientVersion(facts), DoctorMesh(self, facts).check,
      ]
    }
  }

  private static func system(_ facts: HostFacts) -> String {
    let words = [facts.distribution, facts.distributionVersion, facts.architecture]
      .filter { !$0.isEmpty }
    return words.isEmpty ? facts.os.rawValue : words.joined(separator: " ")
  }

  private func elevation(_ facts: HostFacts) -> DoctorCheck {
    if ClientAccess.operates(host, facts) {
      return .pass(
        .elevation,
        "\(facts.user) may change the client without root; installing, upgrading and starting it"
          + " need root")
    }
    switch ElevationChoice.choose(host.become, facts: facts) {
    case .ready(.root):
      let what = host.os == .windows ? "an administrator" : "root"
      return .pass(.elevation, "\(facts.user) is \(what)")
    case .ready(.sudo): return .pass(.elevation, "sudo without a password")
    case .ready(.doas): return .pass(.elevation, "doas without a password")
    case .password where host.become.password != nil:
      return .unknown(
        .elevation, "sudo asks for a password; become.password has one, which doctor does not send")
    case .password, .impossible: break
    }
    // The same words as those of a run that needs root.
    guard let refusal = RootWay.refusal(host, facts) else {
      return .unknown(.elevation, "whether root can be had is not known")
    }
    return .fail(.elevation, refusal.finding)
  }

  private var serverURL: DoctorCheck {
    switch serverCheck {
    case .report(let report)?:
      let outcome = CheckServerOutcome(
        report, url: server, candidates: candidates, on: host)
      if let failure = outcome.failure { return .fail(.serverURL, failure) }
      let words = "\(server.normalized) answers from there"
      guard let warning = outcome.warnings.first else { return .pass(.serverURL, words) }
      return warning.code == .serverUnchecked
        ? .unknown(.serverURL, warning.message, finding: warning)
        : .pass(.serverURL, words, warning: warning)
    case .failed(let finding)?: return .unknown(.serverURL, finding.message, finding: finding)
    case nil: return .unknown(.serverURL, "not asked")
    }
  }

  private func clientVersion(_ facts: HostFacts) -> DoctorCheck {
    let floor = ClientFloor.of(server: serverVersion, os: host.os)
    guard let client = facts.client else {
      guard case .pinned(let version) = host.tailscale.version,
        ClientFloor.refuses(client: version, server: serverVersion, os: host.os) == true
      else { return .pass(.clientVersion, "none is installed yet") }
      return .fail(
        .clientVersion, tooOld("the pinned client \(version)", floor, "raise tailscale.version"))
    }
    guard !client.version.isEmpty else {
      return .unknown(.clientVersion, "the client does not say its version")
    }
    switch ClientFloor.refuses(client: client.version, server: serverVersion, os: host.os) {
    case true?:
      return .fail(
        .clientVersion,
        tooOld(
          "client \(client.version)", floor,
          "set tailscale: {version: latest} for \(host.key), then meshctl apply --limit \(host.key)"
        ))
    case false?:
      return .pass(.clientVersion, "\(client.version), and \(floor ?? "") or newer is needed")
    case nil:
      return .unknown(
        .clientVersion, "\(client.version); what the server needs is not known")
    }
  }

  private func tooOld(_ what: String, _ floor: String?, _ hint: String) -> Diagnostic {
    Diagnostic(
      .clientTooOld, .error, "\(what) is older than the server takes (\(floor ?? "?"))",
      detail: "Headscale \(serverVersion ?? "") refuses its login.", hint: hint, host: host.key)
  }
}
