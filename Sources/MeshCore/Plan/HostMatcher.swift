/// Finds which node each host is; by design law 6 a name only points.
package struct HostMatcher: Sendable {
  /// How one host relates to the node list.
  package enum Match: Sendable, Equatable {
    case none
    /// `Identity` tells whether it proves.
    case node(MeshNode, Identity)
    /// Equally good unproven matches, by id.
    case ambiguous([MeshNode])
    /// The pin names the first node, the host reports the second.
    case pinMismatch(pinned: MeshNode, reported: MeshNode)
  }

  private let nodes: [MeshNode]
  private let byMachineKey: [String: Int]
  private let byNodeKey: [String: Int]
  private let byGivenName: [String: [Int]]
  private let byHostname: [String: [Int]]
  private let byTwinName: [String: [Int]]

  package init(nodes: [MeshNode]) {
    self.nodes = nodes
    var machineKeys: [String: Int] = [:]
    var nodeKeys: [String: Int] = [:]
    var givenNames: [String: [Int]] = [:]
    var hostnames: [String: [Int]] = [:]
    var twinNames: [String: [Int]] = [:]
    machineKeys.reserveCapacity(nodes.count)
    nodeKeys.reserveCapacity(nodes.count)
    givenNames.reserveCapacity(nodes.count)
    hostnames.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      // One machine may own several nodes (another user's login); a pin then proves nothing.
      machineKeys[node.machineKey] = machineKeys[node.machineKey] == nil ? index : -1
      nodeKeys[node.nodeKey] = nodeKeys[node.nodeKey] == nil ? index : -1
      givenNames[node.givenName, default: []].append(index)
      hostnames[node.hostname, default: []].append(index)
      if let base = HostMatcher.twinBase(of: node.givenName) {
        twinNames[base, default: []].append(index)
      }
    }
    byMachineKey = machineKeys
    byNodeKey = nodeKeys
    byGivenName = givenNames
    byHostname = hostnames
    byTwinName = twinNames
  }

  /// The first rank that hits decides: pin, reported key, name, aliases.
  package func match(_ host: Host, facts: HostFacts?) -> Match {
    let reported = facts?.client?.nodeKey.flatMap { node(at: byNodeKey[$0]) }
    if let pin = host.machineKey, let pinned = node(at: byMachineKey[pin]) {
      if let reported, reported.id != pinned.id {
        return .pinMismatch(pinned: pinned, reported: reported)
      }
      return .node(pinned, .pinned)
    }
    if let reported { return .node(reported, .proven) }
    if let named = byGivenName[host.name] {
      return unproven(named)
    }
    let aliased = host.aliases.flatMap { (byGivenName[$0] ?? []) + (byHostname[$0] ?? []) }
    return aliased.isEmpty ? .none : unproven(Array(Set(aliased)).sorted())
  }

  /// The node that carries this name now.
  package func holder(ofName name: String) -> MeshNode? {
    byGivenName[name]?.first.map { nodes[$0] }
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
    indices.count == 1 ? .node(nodes[indices[0]], .name) : .ambiguous(indices.map { nodes[$0] })
  }

  /// The name before a collision suffix: `-<number>` from 0.29 on, `-<8 chars>` before (reference
  /// headscale-api.md §5.1).
  private static func twinBase(of name: String) -> String? {
    guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let suffix = name.utf8[name.utf8.index(after: dash)...]
    let isNumber = !suffix.isEmpty && suffix.count <= 3 && suffix.allSatisfy { (48...57).contains($0) }
    let isRandom =
      suffix.count == 8
      && suffix.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    return isNumber || isRandom ? String(name[..<dash]) : nil
  }
}
