/// Brings what Ansible knows to the adopted hosts; hosts that only Ansible knows are added.
struct AnsibleAdoption {
  private(set) var hosts: [AdoptedHost]
  /// Groups whose names cannot be groups here.
  private(set) var refusedGroups: [String] = []
  private let existing: Set<String>
  /// Names of nodes and hosts that a host without a node cannot have.
  private var names: Set<String>

  /// Begins with hosts that have nodes.
  ///
  /// - Parameters:
  ///   - hosts: the adopted ones.
  ///   - parked: nodes whose names nobody else can have.
  ///   - existing: names of hosts that an inventory has already, by key and by node name.
  init(hosts: [AdoptedHost], parked: [MeshNode], existing: Set<String> = []) {
    self.hosts = hosts
    self.existing = existing
    names = existing.union(parked.map(\.givenName)).union(hosts.map(\.name))
    names.formUnion(hosts.compactMap(\.node?.givenName))
  }

  mutating func add(_ ansible: AnsibleInventory, keys: inout NodeAdoption) {
    let names = ansible.hosts.keys.sorted()
    var byName: [String: Int] = [:]
    // The first is the one that counts, or the one that is nearest to it.
    for (index, host) in hosts.enumerated() where byName[host.node?.givenName ?? ""] == nil {
      byName[host.node?.givenName ?? ""] = index
    }
    var matched: [Int: String] = [:]
    var rest: [String] = []
    for name in names {
      if let index = byName[name] { matched[index] = name } else { rest.append(name) }
    }
    for name in rest {
      guard let label = NameRules.nodeName(from: name), let index = byName[label] else {
        join(name, ansible, &keys)
        continue
      }
      if let other = matched[index] {
        hosts[index].notes.append(
          "Ansible's \(CommentText.quoted(name)) may be this host too; \(CommentText.quoted(other)) "
            + "was taken")
      } else {
        matched[index] = name
      }
    }
    for (index, name) in matched {
      fill(&hosts[index], name, ansible)
    }
    groups(ansible, matched: matched)
    hosts.sort { ($0.leftOut == nil ? 0 : 1, $0.key) < ($1.leftOut == nil ? 0 : 1, $1.key) }
  }

  /// Which host each name of Ansible became, by index; set while adding.
  private var joined: [String: String] = [:]

  private func fill(_ host: inout AdoptedHost, _ name: String, _ ansible: AnsibleInventory) {
    let found = AnsibleHost(name: name, key: host.key, variables: ansible.hosts[name] ?? [:])
    host.access = found.access
    host.isKnownToAnsible = true
    host.notes += found.notes
  }

  /// A host without a node.
  private mutating func join(
    _ name: String, _ ansible: AnsibleInventory, _ keys: inout NodeAdoption
  ) {
    guard !existing.contains(name) else { return }
    let label = NameRules.nodeName(from: name)
    let isKey = name != "all" && NameRules.isPlainName(name)
    let wish = isKey ? name : label.map { $0 == "all" ? "node-all" : $0 } ?? "ansible-host"
    let key = keys.freeKey(wish)
    let nodeName = NameRules.isNodeName(key) ? key : label ?? ""
    var host = AdoptedHost(key: key, name: nodeName)
    fill(&host, name, ansible)
    if key != name { host.notes.append("Ansible calls it \(CommentText.quoted(name))") }
    host.leftOut = reasonAgainst(host)
    if host.leftOut == nil { names.insert(host.name) }
    hosts.append(host)
    joined[name] = key
  }

  /// What keeps a host without a node from being written as one that counts.
  private func reasonAgainst(_ host: AdoptedHost) -> String? {
    if host.name.isEmpty { return "no node name can be made of its name in Ansible; choose one" }
    if names.contains(host.name) { return "another host or node has the name \(host.name)" }
    if host.access.address == nil, host.access.connection != .local,
      AddressRules.problem(host.key) != nil
    {
      return "no address is known for it"
    }
    return nil
  }

  /// Ansible's groups, with the hosts that were written.
  private mutating func groups(_ ansible: AnsibleInventory, matched: [Int: String]) {
    var keyOf = joined
    for (index, name) in matched { keyOf[name] = hosts[index].key }
    var groupsOf: [String: [String]] = [:]
    for (group, members) in ansible.groups.sorted(by: { $0.key < $1.key }) {
      guard group != "all", NameRules.isPlainName(group) else {
        refusedGroups.append(group)
        continue
      }
      for member in members {
        if let key = keyOf[member] { groupsOf[key, default: []].append(group) }
      }
    }
    for index in hosts.indices { hosts[index].ansibleGroups = groupsOf[hosts[index].key] ?? [] }
  }
}
