package import YAMLReader

/// The nodes that an inventory does not have, as a snippet to paste under its `hosts:`.
///
/// The file itself is never edited: its comments and its order are its author's.
package struct MissingNodes: Sendable {
  /// Entries in the snippet that count.
  package var count: Int { hosts.count { $0.leftOut == nil } }
  /// Keys of the entries that count.
  var keys: Set<String> { Set(hosts.filter { $0.leftOut == nil }.map(\.key)) }
  /// True where there is nothing to paste and nothing to say.
  package var isEmpty: Bool { hosts.isEmpty }

  private let inventory: Inventory
  private var hosts: [AdoptedHost]
  /// Where `hosts:` stands, and how far its entries are indented.
  private let place: Place

  /// Finds them.
  ///
  /// - Parameters:
  ///   - inventory: what the file declares.
  ///   - root: the file's own YAML, for the place to paste at.
  ///   - observation: the server's lists.
  ///   - now: the controller's time; the observation's own time wins where it has one.
  ///   - ansible: for addresses, ports and users; its hosts that the file lacks are added.
  package init(
    _ inventory: Inventory, root: YAMLNode, observation: Observation, now: Timestamp,
    ansible: AnsibleInventory? = nil
  ) {
    self.inventory = inventory
    place = Place(root)
    let plan = Planner.plan(
      inventory, selection: Set(inventory.hosts.map(\.key)), observation: observation, now: now,
      flags: PlanFlags())
    var taken = NodeAdoption.Taken()
    for host in inventory.hosts {
      taken.names[host.name] = host.key
      taken.keys.insert(host.key)
      if let key = host.machineKey { taken.machineKeys.insert(key) }
    }
    taken.keys.formUnion(inventory.groups)
    var nodes = NodeAdoption(
      observation, now: now, only: Set(plan.unmanaged.map(\.nodeID)), taken: taken)
    hosts = nodes.hosts
    guard let ansible else { return }
    let known = observation.nodes.map(\.givenName) + inventory.hosts.flatMap { [$0.key, $0.name] }
    var adding = AnsibleAdoption(
      hosts: hosts, parked: nodes.parked,
      existing: Set(known).subtracting(hosts.compactMap(\.node?.givenName)))
    adding.add(ansible, keys: &nodes)
    hosts = adding.hosts
  }

  /// The snippet, with where it goes in comments on top.
  package var text: String {
    let count = Count.of(self.count, "host")
    var items: [YAMLItem] = [
      .comment("\(count) that \(inventory.path) does not have. \(place.words)")
    ]
    items += hosts.filter { $0.leftOut == nil }.map { Adoption.entry($0, AdoptedLayout()) }
    let left = hosts.filter { $0.leftOut != nil }
    if !left.isEmpty { items += Adoption.leftOut(left, AdoptedLayout()) }
    return YAMLWriting.text(items, indent: place.indent)
  }

  /// The file's YAML as it is after pasting, for `AdoptionCheck`.
  ///
  /// - Throws: `YAMLError` where the snippet cannot be read; a defect of meshctl.
  package func pasted(into root: YAMLNode) throws(YAMLError) -> YAMLNode {
    let wrapped =
      "hosts:\n"
      + YAMLWriting.text(
        hosts.filter { $0.leftOut == nil }.map { Adoption.entry($0, AdoptedLayout()) }, indent: 2)
    var root = root
    guard case .mapping(let added) = try YAMLReader.read(Array(wrapped.utf8)).content,
      case .mapping(let new)? = added.first?.value.content,
      case .mapping(var pairs) = root.content,
      let index = pairs.firstIndex(where: { $0.key == "hosts" })
    else { return root }
    var old: [YAMLPair] = []
    if case .mapping(let pairs) = pairs[index].value.content { old = pairs }
    pairs[index].value.content = .mapping(old + new)
    root.content = .mapping(pairs)
    return root
  }

  /// Where the snippet goes.
  private struct Place {
    var indent = 2
    var words: String

    init(_ root: YAMLNode) {
      guard case .mapping(let pairs) = root.content,
        let hosts = pairs.first(where: { $0.key == "hosts" })
      else {
        words = "Paste at its end, under a line `hosts:`."
        return
      }
      words = "Paste under `hosts:` (line \(hosts.keyMark.line))."
      guard case .mapping(let entries) = hosts.value.content, let first = entries.first else {
        if case .mapping = hosts.value.content {
          words = "Replace `hosts: {}` (line \(hosts.keyMark.line)) by a line `hosts:`, then paste."
        }
        return
      }
      // A mapping in braces begins at its brace, one in lines at its first key.
      if hosts.value.mark == first.keyMark {
        indent = first.keyMark.column - 1
      } else {
        words =
          "`hosts:` (line \(hosts.keyMark.line)) stands in braces: write one line an entry first."
      }
    }
  }
}
