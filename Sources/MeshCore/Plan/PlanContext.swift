/// What all hosts of one planning share.
struct PlanContext {
  var inventory: Inventory
  var observation: Observation
  var flags: PlanFlags
  var now: Timestamp
  var matcher: HostMatcher
  var owners: OwnerLookup
  /// Nodes by id that hosts claim, with the host keys, from matching every host of the file.
  var claims: [String: [String]]
  /// Major and minor of the server, where known.
  var serverRelease: (major: Int, minor: Int)?

  init(inventory: Inventory, observation: Observation, flags: PlanFlags, now: Timestamp) {
    self.inventory = inventory
    self.observation = observation
    self.flags = flags
    self.now = observation.takenAt ?? now
    matcher = HostMatcher(nodes: observation.nodes)
    owners = OwnerLookup(users: observation.users)
    claims = [:]
    serverRelease = observation.server.version.flatMap(PlanContext.release)
  }

  func facts(_ host: Host) -> HostFacts? {
    guard case .facts(let facts) = observation.facts[host.key] else { return nil }
    return facts
  }

  func probeFailure(_ host: Host) -> Diagnostic? {
    guard case .failed(let diagnostic) = observation.facts[host.key] else { return nil }
    return diagnostic
  }

  /// The URL that this host joins.
  func loginServer(_ host: Host) -> ServerURL { host.serverURL ?? inventory.server.url }

  private static func release(_ version: String) -> (major: Int, minor: Int)? {
    let numbers = version.drop { $0 == "v" }.split(separator: ".").prefix(2).map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    return (major, minor)
  }
}
