extension ReachReport {
  /// Puts the answers of all hosts together.
  ///
  /// - Parameters:
  ///   - plan: what was to be asked.
  ///   - answers: by host: what its script answered, or why nothing came.
  ///   - inventory: for its name.
  ///   - observation: that the plan was made from.
  ///   - simulated: true where nothing of it is real.
  package init(
    _ plan: ReachPlan, answers: [String: ReachAnswer], inventory: Inventory,
    observation: Observation, simulated: Bool
  ) {
    let members = Dictionary(
      plan.members.map { ($0.host, $0) }, uniquingKeysWith: { first, _ in first })
    var pairs: [Pair] = []
    var expectations: [Expectation] = []
    var refusals: [String: Diagnostic] = [:]
    for question in plan.questions {
      switch answers[question.host] {
      case .report(let report)?:
        let found = ReachJudge(question, member: members[question.host]).finding(of: report)
        pairs += found.pairs
        expectations += found.expectations
        refusals[question.host] = found.refusal
      case .failed(let finding)?:
        refusals[question.host] = finding
        expectations += question.endpoints.map {
          Expectation(from: question.host, endpoint: $0, outcome: .notAsked(finding))
        }
      case nil: break
      }
    }
    for member in plan.members {
      for endpoint in plan.unasked[member.host] ?? [] {
        let reason = member.finding ?? endpoint.host.flatMap { members[$0]?.finding }
        if member.isExcused || endpoint.host.flatMap({ members[$0]?.isExcused }) ?? false {
          continue
        }
        expectations.append(
          Expectation(
            from: member.host, endpoint: endpoint,
            outcome: .notAsked(reason ?? ReachReport.away(endpoint, from: member.host))))
      }
    }
    self.init(
      inventory: inventory, server: observation.server, takenAt: observation.takenAt,
      simulated: simulated,
      members: plan.members.map {
        Member(
          member: $0, isAsker: plan.askers.contains($0.host), refusal: refusals[$0.host])
      }, pairs: pairs, expectations: expectations, sample: plan.sample)
  }

  private static func away(_ endpoint: ReachEndpoint, from host: String) -> Diagnostic {
    let name = endpoint.host ?? endpoint.label
    return Diagnostic(
      .reachOffline, .error, "\(endpoint.label) was not asked from \(host): \(name) is not online",
      hint: "meshctl status --limit \(name)", host: host)
  }
}

/// What came back from one host.
package enum ReachAnswer: Sendable, Equatable {
  case report(ScriptReport)
  /// It could not be asked; the diagnostic names the cause (`MESH-SSH-…`).
  case failed(Diagnostic)
}
