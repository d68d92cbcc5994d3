/// One thing to do for one host, as data.
///
/// A step is compiled from a plan and facts; it is performed by running `payload.effects` in order and
/// judged by `judge`. It names secrets by slot and never holds one.
package enum Step: Sendable, Equatable {
  case enableSSH(EnableSSHStep)
  case elevate
  case checkServer(ServerURL)
  case installClient(InstallPlan)
  /// Another version over the one that is there; `waits` for the node to be online again.
  case upgradeClient(InstallPlan, waits: Bool)
  case configureHost(forwarding: Set<HostSettings.Family>, logsOff: Bool)
  case startService(StartServiceStep)
  case join(JoinStep)
  /// `tailscale set` flags: only these preferences are touched.
  case setPreferences([String])
  case setTags(nodeID: String, tags: [String])
  case approveRoutes(nodeID: String, routes: [String])
  case renameNode(nodeID: String, name: String)
  /// The node's key never expires from now on.
  case setExpiry(nodeID: String)
  /// Takes the client off the mesh without logging it out.
  case leave
  /// Removes what was left on the host for a person who has done it.
  ///
  /// The key that waits there, if it ends at this instant and was not used, ends now.
  case takeBack(expiring: Timestamp?)
  case deleteNode(id: String)

  package var kind: StepKind {
    switch self {
    case .enableSSH: .enableSSH
    case .elevate: .elevate
    case .checkServer: .checkServer
    case .installClient: .installClient
    case .upgradeClient: .upgradeClient
    case .configureHost: .configureHost
    case .startService: .startService
    case .join: .join
    case .setPreferences: .setPreferences
    case .setTags: .setTags
    case .approveRoutes: .approveRoutes
    case .renameNode: .renameNode
    case .setExpiry: .setExpiry
    case .leave: .leave
    case .takeBack: .takeBack
    case .deleteNode: .deleteNode
    }
  }

  package var payload: StepPayload {
    switch self {
    case .enableSSH(let step): step.payload
    case .elevate: StepPayload([.remote(.elevate)])
    case .checkServer(let url): StepPayload([.remote(.checkServer(url))])
    case .installClient(let plan): StepPayload([.remote(.install(plan))])
    case .upgradeClient(let plan, let waits):
      StepPayload(
        [.remote(.upgrade(plan))] + (waits ? [.wait(.joined(timeout: 90, lasting: 0))] : []))
    case .configureHost(let forwarding, let logsOff):
      StepPayload([.remote(.configureHost(forwarding: forwarding, logsOff: logsOff))])
    case .startService(let step): step.payload
    case .join(let step): step.payload
    case .setPreferences(let arguments):
      StepPayload([.remote(.setPreferences(arguments: arguments))])
    case .setTags(let nodeID, let tags):
      StepPayload([.server(.setTags(nodeID: nodeID, tags: tags))])
    case .approveRoutes(let nodeID, let routes):
      StepPayload([.server(.approveRoutes(nodeID: nodeID, routes: routes))])
    case .renameNode(let nodeID, let name):
      StepPayload([.server(.rename(nodeID: nodeID, name: name))])
    case .setExpiry(let nodeID): StepPayload([.server(.disableExpiry(nodeID: nodeID))])
    case .leave: StepPayload([.remote(.leave)])
    case .takeBack(let expiration):
      StepPayload(
        [expiration.map { .server(.expireWaitingKey(expiring: $0)) }].compactMap(\.self)
          + [.remote(.takeBack)])
    case .deleteNode(let id): StepPayload([.server(.deleteNode(id: id))])
    }
  }
}

/// What a step makes the executor do.
package struct StepPayload: Sendable, Equatable {
  /// In order; the first failure ends the step.
  package var effects: [Effect]
  /// Done when the step failed with a key in flight, each even where an earlier one failed; remote
  /// ones only where the host may have got the key.
  package var onFailure: [Effect]

  package init(_ effects: [Effect], onFailure: [Effect] = []) {
    self.effects = effects
    self.onFailure = onFailure
  }
}
