import MeshCore

/// Hosts that do not come to match are tried less and less often (`BackOff`).
extension Applier {
  /// Hosts of a plan without facts that are not to be tried in this run.
  func heldBack(_ plan: Plan) async throws -> [String: HeldBack] {
    guard request.backsOff else { return [:] }
    return HeldBack.find(
      in: plan, hosts: hostsByKey, attempts: try await ports.attempts.recall(),
      now: ports.clock.now())
  }

  /// Writes down how the hosts of a run ended, also of one that somebody watched.
  ///
  /// - Returns: why it could not be written; the next run then tries what it would have left alone.
  func remember(_ summary: RunSummary, of shown: ShownPlan) async -> [Diagnostic] {
    do {
      let earlier = try await ports.attempts.recall()
      let now = ports.clock.now()
      let hosts = hostsByKey
      let first = Dictionary(
        shown.first.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
      func situation(_ name: String) -> String? {
        guard let host = hosts[name], let plan = first[name] else { return nil }
        return HostSituation.digest(host, plan)
      }
      let isServerAway = summary.diagnostics.contains {
        $0.severity == .error && Attempt.Ending.isServersFault($0.code)
      }
      var changed: [String: Attempt?] = [:]
      for outcome in summary.outcomes {
        let probe = shown.observation.facts[outcome.host]
        switch Attempt.Ending(outcome, probe: probe, isServerAway: isServerAway) {
        case .matches:
          guard let attempt = earlier[outcome.host] else { continue }
          // It looks right from the server, as it did when a probe could not look at it.
          let isSame =
            probe == nil && outcome.result == .inSync
            && attempt.situation == situation(outcome.host)
          if !isSame { changed[outcome.host] = .some(nil) }
        case .heldBack, .notItsOwn: break
        case .failed(let code, let waits):
          // What only a probe shows would count as in sync while nobody looks, so it is always tried.
          guard outcome.result == .inSync || first[outcome.host]?.action != Action.none else {
            if earlier[outcome.host] != nil { changed[outcome.host] = .some(nil) }
            continue
          }
          guard let situation = situation(outcome.host) else { continue }
          changed[outcome.host] = Attempt.after(
            earlier[outcome.host], situation: situation, at: now, code: code, waits: waits)
        }
      }
      if !changed.isEmpty { try await ports.attempts.remember(changed) }
      return []
    } catch {
      return [Failure(any: error).diagnostic.asWarning]
    }
  }

  private var hostsByKey: [String: Host] {
    Dictionary(request.inventory.hosts.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
  }
}

extension Attempt {
  /// What one outcome means for the next attempt.
  enum Ending: Equatable {
    case matches
    /// Not tried in this run.
    case heldBack
    /// Kept from it by something that is no fault of the host: a guard, another host, the server.
    case notItsOwn
    case failed(DiagnosticCode, waits: Bool)

    /// - Parameters:
    ///   - outcome: of the host.
    ///   - probe: what a look at it gave; nil where nobody looked.
    ///   - isServerAway: true where the server could not be read after something was done.
    init(_ outcome: HostOutcome, probe: ProbeResult?, isServerAway: Bool) {
      let code = outcome.diagnostics.first { $0.severity == .error }?.code
      switch outcome.result {
      case .inSync:
        // It looks right from the server, and `--probe` cannot look at it.
        guard case .failed(let finding)? = probe else {
          self = .matches
          return
        }
        self = .failed(finding.code, waits: false)
      case .changed: self = .matches
      case .failed, .blocked, .waiting:
        switch code {
        case .backedOff?, .waitsStill?: self = .heldBack
        case .guardDeletes?, .routesKept?: self = .notItsOwn
        case .notVerified? where isServerAway: self = .notItsOwn
        case let code? where Ending.isServersFault(code): self = .notItsOwn
        default: self = .failed(code ?? .notVerified, waits: outcome.result == .waiting)
        }
      }
    }

    /// The control plane's own troubles; a refusal may have the host's wishes for a reason.
    static func isServersFault(_ code: DiagnosticCode) -> Bool { serversFaults.contains(code) }

    private static let serversFaults: Set<DiagnosticCode> = [
      .apiUnresolved, .apiUnreachable, .apiTimeout, .apiTLS, .apiRedirect, .apiCommand,
      .apiUnavailable, .apiNotHeadscale, .apiBadAnswer, .apiKeyRefused,
    ]
  }
}
