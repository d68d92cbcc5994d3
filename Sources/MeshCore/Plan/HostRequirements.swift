/// What a host must offer before anything is done there; found at plan time where facts allow.
package enum HostRequirements {
  package static let rootNeeded = "Installing, starting and joining the client need root there."

  /// The action to show instead, with the reason; nil where nothing is missing.
  static func missing(for planner: HostPlanner) -> (action: Action, diagnostic: Diagnostic)? {
    let host = planner.host
    guard planner.needsHost else { return nil }
    if let refusal = TargetProfile.refusal(for: host) { return (.blocked, refusal) }
    guard let facts = planner.facts else { return nil }
    let server = planner.context.loginServer(host)
    let joins = planner.steps.contains(.join)
    if let app = MacTarget.handOver(host, facts, joins: joins, server: server) {
      return (.wait, app)
    }
    if planner.steps.contains(.installClient) {
      do { _ = try InstallPlan.choose(for: host, facts: facts) } catch {
        return (.blocked, error.diagnostic)
      }
    }
    guard ClientAccess.needRoot(planner.steps, host, facts) else { return nil }
    return elevation(host, facts, asks: planner.context.flags.askBecomePassword)
  }

  private static func elevation(
    _ host: Host, _ facts: HostFacts, asks: Bool
  ) -> (action: Action, diagnostic: Diagnostic)? {
    let isGiven = host.become.password != nil || asks
    if isGiven, ElevationChoice.choose(host.become, facts: facts) == .password { return nil }
    return RootWay.refusal(host, facts).map { ($0.waits ? .wait : .blocked, $0.finding) }
  }
}
