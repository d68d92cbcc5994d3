/// What is said once for many hosts: `defaults` and `groups`.
///
/// Nothing changes its meaning by being lifted: an owner goes to `defaults` only where every host has
/// an owner or tags of its own, since an unmanaged owner must stay unmanaged.
struct AdoptedLayout: Equatable {
  struct Group: Equatable {
    var name: String
    var ownership: Ownership?
    /// Keys of hosts, sorted.
    var hosts: [String]
  }

  /// More hosts than this with the same tags or owner make a group: its lines are then fewer.
  static let groupedAbove = 3

  private(set) var owner: String?
  /// The parts that go to `defaults`.
  private(set) var access = HostAccess()
  private(set) var groups: [Group] = []
  /// Keys of the hosts whose owner or tags a group says.
  private(set) var grouped: Set<String> = []

  init() {}

  /// - Parameter hosts: those that are written as entries that count.
  init(_ hosts: [AdoptedHost]) {
    liftOwner(hosts)
    var names = Set(hosts.map(\.key))
    groupByAnsible(hosts)
    names.formUnion(groups.map(\.name))
    groupByOwnership(hosts, names: names)
    groups.sort { $0.name < $1.name }
    liftAccess(hosts)
  }

  /// True where the host has to say its owner or tags itself.
  func writesOwnership(of host: AdoptedHost) -> Bool {
    if host.leftOut == nil, grouped.contains(host.key) { return false }
    if let owner, host.ownership == .owner(owner) { return false }
    return host.ownership != nil
  }

  private mutating func liftOwner(_ hosts: [AdoptedHost]) {
    guard hosts.allSatisfy({ $0.ownership != nil }) else { return }
    var counts: [String: Int] = [:]
    for host in hosts {
      if case .owner(let name)? = host.ownership { counts[name, default: 0] += 1 }
    }
    let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.first
    if let most, most.value > 1 { owner = most.key }
  }

  private mutating func groupByAnsible(_ hosts: [AdoptedHost]) {
    var members: [String: [String]] = [:]
    for host in hosts {
      for group in host.ansibleGroups { members[group, default: []].append(host.key) }
    }
    for (name, keys) in members.sorted(by: { $0.key < $1.key }) {
      groups.append(Group(name: name, hosts: keys.sorted()))
    }
  }

  private mutating func groupByOwnership(_ hosts: [AdoptedHost], names: Set<String>) {
    var names = names
    let shared = Dictionary(grouping: hosts.filter { writesOwnership(of: $0) }) { $0.ownership }
    let sorted = shared.compactMap { ownership, hosts in
      ownership.map { ($0, hosts.map(\.key).sorted()) }
    }.sorted { $0.1.lexicographicallyPrecedes($1.1) }
    for (ownership, keys) in sorted {
      let same = groups.firstIndex { $0.hosts == keys && $0.ownership == nil }
      if let same, keys.count > 1 {
        groups[same].ownership = ownership
      } else if keys.count > AdoptedLayout.groupedAbove {
        let name = AdoptedLayout.name(for: ownership, besides: names)
        names.insert(name)
        groups.append(Group(name: name, ownership: ownership, hosts: keys))
      } else {
        continue
      }
      grouped.formUnion(keys)
    }
  }

  /// `web` for `tag:web`; another one where a host or group has it already.
  private static func name(for ownership: Ownership, besides names: Set<String>) -> String {
    let (kind, words): (String, [Substring])
    switch ownership {
    case .owner(let owner): (kind, words) = ("owner", [owner[...]])
    case .tags(let tags): (kind, words) = ("tag", tags.map { $0.dropFirst(4) })
    }
    let plain = words.joined(separator: "-").map { character -> Character in
      NameRules.isPlainName(String(character)) || character == "-" ? character : "-"
    }
    let name = String(String(plain).drop { $0 == "-" }.prefix(40))
    for candidate in [name, "\(kind)-\(name)"] {
      if !candidate.isEmpty, candidate != "all", !candidate.hasSuffix("-"),
        !names.contains(candidate)
      {
        return candidate
      }
    }
    var number = 2
    while names.contains("\(kind)-\(number)") { number += 1 }
    return "\(kind)-\(number)"
  }

  /// Ansible's users and keys, where all hosts that it knows agree; hosts that it does not know get
  /// them too, since nothing better is known of those.
  private mutating func liftAccess(_ hosts: [AdoptedHost]) {
    let remote = hosts.filter { $0.access.connection != .local }
    let known = remote.filter(\.isKnownToAnsible).map(\.access)
    guard known.count > 1 else { return }
    func common<Value: Hashable>(_ path: KeyPath<HostAccess, Value?>) -> Value? {
      let values = Set(known.map { $0[keyPath: path] })
      return values.count == 1 ? values.first ?? nil : nil
    }
    access.user = common(\.user)
    access.identityFile = common(\.identityFile)
    access.becomeMethod = common(\.becomeMethod)
    // 22 is what a host without a port has, so a port is lifted only where nobody lacks one.
    if known.count == remote.count { access.port = common(\.port) }
  }
}
