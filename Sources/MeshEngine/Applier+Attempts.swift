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

  /// The situation of every host that differs, from a plan without facts.
  func situations(_ plan: Plan) -> [String: String] {
    let hosts = hostsByKey
    var situations: [String: String] = [:]
    for one in plan.hosts where one.action != .none {
      situations[one.name] = hosts[one.name].map {
        HostSituation.digest($0, one, flags: plan.flags)
      }
    }
    return situations
  }

  /// Writes down how the hosts of a run ended, also of one that somebody watched.
  ///
  /// - Returns: why it could not be written; the next run then tries what it would have left alone.
  func remember(_ summary: RunSummary, of shown: ShownPlan) async -> [Diagnostic] {
    do {
      let earlier = try await ports.attempts.recall()
      let now = ports.clock.now()
      var changed: [String: Attempt?] = [:]
      for outcome in summary.outcomes {
        switch Attempt.Ending(outcome) {
        case .matches:
          if earlier[outcome.host] != nil { changed[outcome.host] = .some(nil) }
        case .heldBack, .notItsOwn: break
        case .failed(let code, let waits):
          guard let situation = shown.situations[outcome.host] else { continue }
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
    /// Kept from it by something that is no fault of the host: a guard, or another host.
    case notItsOwn
    case failed(DiagnosticCode, waits: Bool)

    init(_ outcome: HostOutcome) {
      let code = outcome.diagnostics.first { $0.severity == .error }?.code
      switch outcome.result {
      case .inSync, .changed: self = .matches
      case .failed, .blocked, .waiting:
        switch code {
        case .backedOff?, .waitsStill?: self = .heldBack
        case .guardDeletes?, .routesKept?: self = .notItsOwn
        default: self = .failed(code ?? .notVerified, waits: outcome.result == .waiting)
        }
      }
    }
  }
}
