/// Finds which node each host is; by design law 6 a name only points.
package struct HostMatcher: Sendable {
  /// How one host relates to the node list.
  package enum Match: Sendable, Equatable {
    case none
    /// `Identity` tells whether it proves.
    case node(MeshNode, Identity)
    /// The first of equally good unproven matches, by id; at most `HostMatcher.shown`, because a
    /// client chooses its own hostname and thousands may choose one.
    case ambiguous([MeshNode])
    /// The pin names the first node, the host reports the second.
    case pinMismatch(pinned: MeshNode, reported: MeshNode)
    /// The pinned machine key is not listed, and what else points to the host is another machine;
    /// `proven` where the host itself reported that node's key.
    case otherMachine(MeshNode, Identity)
  }

  /// How many nodes of an ambiguous match are named.
  static let shown = 6

  private let nodes: [MeshNode]
  private let byMachineKey: [String: Int]
  /// All nodes of a machine key that several have: a login under another owner keeps it.
  private let sharedMachineKeys: [String: [Int]]
  private let byNodeKey: [String: Int]
  private let byGivenName: [String: [Int]]
  private let byHostname: [String: [Int]]
  private let byTwinName: [String: [Int]]
  private let parked: [Int]

  package init(nodes: [MeshNode]) {
    self.nodes = nodes
    var machineKeys: [String: Int] = [:]
    var shared: [String: [Int]] = [:]
    var nodeKeys: [String: Int] = [:]
    var givenNames: [String: [Int]] = [:]
    var hostnames: [String: [Int]] = [:]
    var twinNames: [String: [Int]] = [:]
    var parked: [Int] = []
    machineKeys.reserveCapacity(nodes.count)
    nodeKeys.reserveCapacity(nodes.count)
    givenNames.reserveCapacity(nodes.count)
    hostnames.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      // One machine may own several nodes (another user's login); a pin then proves nothing.
      if HostMatcher.proves(node.machineKey) {
        if let first = machineKeys[node.machineKey] {
          shared[node.machineKey, default: [first]].append(index)
        } else {
          machineKeys[node.machineKey] = index
        }
      }
      if HostMatcher.proves(node.nodeKey) {
        nodeKeys[node.nodeKey] = nodeKeys[node.nodeKey] == nil ? index : -1
      }
      givenNames[node.givenName, default: []].append(index)
      hostnames[node.hostname, default: []].append(index)
      if Parking.base(of: node) != nil { parked.append(index) }
      if let base = HostMatcher.twinBase(of: node.givenName) {
        twinNames[base, default: []].append(index)
      }
    }
    byMachineKey = machineKeys
    sharedMachineKeys = shared
    byNodeKey = nodeKeys
    byGivenName = givenNames
    byHostname = hostnames
    byTwinName = twinNames
    self.parked = parked
  }

  /// The first rank that hits decides: pin, reported key, name, aliases.
  package func match(_ host: Host, facts: HostFacts?) -> Match {
    let reported = facts?.client?.nodeKey.flatMap { node(at: byNodeKey[$0]) }
    if let pin = host.machineKey, let pinned = pinned(pin, host) {
      if let reported, reported.id != pinned.id {
        return .pinMismatch(pinned: pinned, reported: reported)
      }
      return .node(pinned, .pinned)
    }
    if reported == nil, let key = facts?.client?.nodeKey, byNodeKey[key] == -1 {
      // Two records of one key (reference headscale-api.md §5.2): the key proves neither.
      let same = nodes.filter {
        $0.nodeKey == key && !Parking.isParked($0, for: host.name)
      }
      return same.count == 1
        ? .node(same[0], .proven) : .ambiguous(Array(same.prefix(HostMatcher.shown)))
    }
    if let reported {
      // The pin says who the host is: another machine than that one is granted nothing.
      if let pin = host.machineKey, pin != reported.machineKey {
        return .otherMachine(reported, .proven)
      }
      return .node(reported, .proven)
    }
    let named = byGivenName[host.name] ?? []
    guard let pin = host.machineKey else {
      return unproven(named.isEmpty ? aliased(host) { _ in true } : named)
    }
    let isPinned = { (index: Int) in nodes[index].machineKey == pin }
    let possible = named.isEmpty ? aliased(host, where: isPinned) : named.filter(isPinned)
    if possible.isEmpty, let other = named.first ?? aliased(host, where: { _ in true }).first {
      return .otherMachine(nodes[other], .name)
    }
    return unproven(possible)
  }

  /// The node with the pinned machine key; nil where several have it, not counting those that were
  /// parked for this host.
  private func pinned(_ pin: String, _ host: Host) -> MeshNode? {
    guard let shared = sharedMachineKeys[pin] else { return node(at: byMachineKey[pin]) }
    let current = shared.filter { !Parking.isParked(nodes[$0], for: host.name) }
    return current.count == 1 ? nodes[current[0]] : nil
  }

  /// The first nodes that go by an alias of the host; not those that were parked for it.
  private func aliased(_ host: Host, where isPossible: (Int) -> Bool) -> [Int] {
    var found: Set<Int> = []
    for alias in host.aliases {
      for list in [byGivenName[alias], byHostname[alias]] {
        var taken = 0
        for index in list ?? []
        where isPossible(index) && !Parking.isParked(nodes[index], for: host.name) {
          found.insert(index)
          taken += 1
          if taken == HostMatcher.shown { break }
        }
      }
    }
    return Array(found.sorted().prefix(HostMatcher.shown))
  }

  /// An empty or all-zero key is the same on every machine that never logged in.
  private static func proves(_ key: String) -> Bool {
    guard let colon = key.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    return key.utf8[colon...].dropFirst().contains { $0 != UInt8(ascii: "0") }
  }

  /// The node that carries this name now.
  package func holder(ofName name: String) -> MeshNode? {
    byGivenName[name]?.first.map { nodes[$0] }
  }

  /// The nodes that were parked to free this name.
  func parked(for name: String) -> [MeshNode] {
    parked.lazy.map { nodes[$0] }.filter { Parking.isParked($0, for: name) }
  }

  /// Nodes whose name looks like a collision suffix of `name` (`name-1`, `name-ab12cd34`).
  package func twins(of name: String) -> [MeshNode] {
    (byTwinName[name] ?? []).map { nodes[$0] }
  }

  private func node(at index: Int?) -> MeshNode? {
    guard let index, index >= 0 else { return nil }
    return nodes[index]
  }

  private func unproven(_ indices: [Int]) -> Match {
    switch indices.count {
    case 0: .none
    case 1: .node(nodes[indices[0]], .name)
    default: .ambiguous(indices.prefix(HostMatcher.shown).map { nodes[$0] })
    }
  }

  /// The name before a collision suffix: `-<number>` from 0.29 on, `-<8 chars>` before (reference
  /// headscale-api.md §5.1).
  private static func twinBase(of name: String) -> String? {
    guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let suffix = name.utf8[name.utf8.index(after: dash)...]
    let isNumber =
      !suffix.isEmpty && suffix.count <= 3 && suffix.allSatisfy { (48...57).contains($0) }
    let isRandom =
      suffix.count == 8
      && suffix.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    return isNumber || isRandom ? String(name[..<dash]) : nil
  }
}
