/// Whether the login user of a host may change its client without becoming root.
///
/// The daemon lets root write, and the user whom its preference `OperatorUser` names; on macOS every
/// member of the group `admin` too (reference tailscale-client.md §1.3, §5.2). What touches packages or
/// services needs root all the same.
package enum ClientAccess {
  /// True where the client takes orders from the login user, and root cannot be had without asking.
  ///
  /// Root that is there is used: it also holds the host's join lock and may restart the daemon.
  package static func operates(_ host: Host, _ facts: HostFacts?) -> Bool {
    guard let facts, let client = facts.client, client.backendState != nil,
      facts.elevation != .root
    else { return false }
    if case .ready = ElevationChoice.choose(host.become, facts: facts) { return false }
    if facts.isAdmin, facts.os == .macos { return true }
    guard let preferences = client.preferences, !facts.user.isEmpty,
      preferences.operatorUser == facts.user
    else { return false }
    // With another operator the login user would be shut out halfway.
    return (host.preferences.operatorUser ?? facts.user) == facts.user
  }

  /// The call as it is run on that host: an operator's is not elevated.
  package static func adapted(
    _ call: RemoteCall, _ host: Host, _ facts: HostFacts?
  ) -> RemoteCall {
    guard call.elevated, call.operatorSuffices, operates(host, facts) else { return call }
    var call = call
    call.elevated = false
    return call
  }

  /// True where one of the step's calls has to run as root there.
  package static func needsRoot(_ step: Step, _ host: Host, _ facts: HostFacts?) -> Bool {
    step.payload.effects.contains {
      if case .remote(let call) = $0 { return adapted(call, host, facts).elevated }
      return false
    }
  }

  /// The chain without `elevate` where nothing in it needs root.
  static func unelevated(_ steps: [Step], _ host: Host, _ facts: HostFacts?) -> [Step] {
    guard operates(host, facts) else { return steps }
    let rest = steps.filter { $0 != .elevate }
    return rest.contains { needsRoot($0, host, facts) } ? steps : rest
  }

  /// True where these foreseen steps need root there.
  static func needRoot(_ steps: Set<StepKind>, _ host: Host, _ facts: HostFacts?) -> Bool {
    guard operates(host, facts) else {
      return !steps.isDisjoint(with: [.elevate, .setPreferences])
    }
    // Whatever else a later version does on hosts needs root until somebody knows better.
    let operators: Set<StepKind> = [
      .elevate, .checkServer, .startService, .join, .setPreferences, .leave, .createUser, .setTags,
      .approveRoutes, .renameNode, .setExpiry, .deleteNode, .verify,
    ]
    return !steps.isSubset(of: operators)
  }
}
