/// The steps that give a host the client and the settings that its plan shows.
struct ClientPreparation {
  let host: Host
  let facts: HostFacts
  /// The changes that may be done now.
  let doable: [Change]

  /// In the order in which they are safe; empty where nothing is to do.
  ///
  /// - Parameters:
  ///   - installs: true where the client is installed too, if there is none.
  ///   - waits: true where a renewed client has to be online again.
  /// - Returns: nil where the client cannot be installed.
  func steps(installs: Bool, waits: Bool) -> [Step]? {
    let client: [Step]
    if facts.client == nil, installs {
      // A host that cannot be installed on was blocked by `HostRequirements` before.
      guard let plan = try? InstallPlan.choose(for: host, facts: facts) else { return nil }
      client = [.installClient(plan)]
    } else if facts.client != nil, doable.contains(where: { $0.attribute == .clientVersion }),
      let plan = try? InstallPlan.choose(for: host, facts: facts)
    {
      client = [.upgradeClient(plan, waits: waits)]
    } else {
      client = []
    }
    // With systemd and on Windows the package starts the daemon, which must not send what it may not;
    // elsewhere the package brings the file that is changed.
    return facts.initSystem == "systemd" || facts.os == .windows || facts.client != nil
      ? settings + client : client + settings
  }

  private var settings: [Step] {
    guard let now = facts.settings else { return [] }
    var forwarding: Set<HostSettings.Family> = []
    if facts.forwardsByKernel {
      for case .list(let names)? in doable.filter({ $0.attribute == .ipForwarding }).map(\.new) {
        forwarding.formUnion(
          HostSettings.Family.allCases.filter {
            names.contains($0.name) && !now.forwarding.contains($0)
          })
      }
    }
    let logsOff = !now.clientLogsOff && doable.contains { $0.attribute == .clientLogs }
    guard !forwarding.isEmpty || logsOff else { return [] }
    return [.configureHost(forwarding: forwarding, logsOff: logsOff)]
  }
}
