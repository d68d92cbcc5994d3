/// An inventory that is written from what is there: the live node list, and what Ansible knows.
///
/// Pure. The plan of the written inventory over the same observation has no change, except that
/// hosts which only Ansible knows are to join.
package struct Adoption: Sendable {
  /// Where a mesh is reached, as it is written into the file.
  package struct Server: Sendable {
    package var settings: ServerSettings
    /// `0.29.2`; for the comment on top.
    package var version: String?

    package init(settings: ServerSettings, version: String?) {
      self.settings = settings
      self.version = version
    }
  }

  /// How much was written; for the hints.
  package struct Counts: Sendable, Equatable {
    /// Entries that count.
    package var hosts = 0
    /// Those of them that only Ansible knows; the next plan joins them.
    package var toJoin = 0
    /// Entries written as comments.
    package var leftOut = 0
    package var parked = 0
  }

  let server: Server
  let observation: Observation
  private(set) var hosts: [AdoptedHost]
  let parked: [MeshNode]
  private(set) var layout = AdoptedLayout()
  let hasAnsible: Bool
  /// Groups of Ansible whose names cannot stand here.
  private(set) var refusedGroups: [String] = []

  /// Adopts every node.
  ///
  /// - Parameters:
  ///   - observation: the server's lists; facts are not looked at.
  ///   - server: the `server:` section to write.
  ///   - now: the controller's time; the observation's own time wins where it has one.
  ///   - ansible: for addresses, ports, users and groups.
  package init(
    _ observation: Observation, server: Server, now: Timestamp, ansible: AnsibleInventory? = nil
  ) {
    self.server = server
    self.observation = observation
    var nodes = NodeAdoption(observation, now: now)
    hosts = nodes.hosts
    parked = nodes.parked
    hasAnsible = ansible != nil
    if let ansible {
      var joining = AnsibleAdoption(hosts: hosts, parked: parked)
      joining.add(ansible, keys: &nodes)
      hosts = joining.hosts
      refusedGroups = joining.refusedGroups
    }
    layout = AdoptedLayout(hosts.filter { $0.leftOut == nil })
  }

  package var counts: Counts {
    var counts = Counts(parked: parked.count)
    for host in hosts {
      if host.leftOut != nil { counts.leftOut += 1 } else { counts.hosts += 1 }
      if host.leftOut == nil, host.node == nil { counts.toJoin += 1 }
    }
    return counts
  }

  /// Parked twins of hosts in the file: a run would delete them by age.
  var twins: [MeshNode] {
    let names = Set(hosts.filter { $0.leftOut == nil }.map(\.name))
    // A long name was cut when its node was parked.
    let long = names.filter { $0.utf8.count > 40 }
    return parked.filter { node in
      guard let base = Parking.base(of: node) else { return false }
      return names.contains(base) || long.contains { Parking.isParked(node, for: $0) }
    }
  }
}
