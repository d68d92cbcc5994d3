package import MeshCore

/// What a client sends when it registers or polls.
package struct ClientReport: Sendable, Equatable {
  package var machineKey: String
  package var nodeKey: String
  package var hostname: String
  package var advertiseRoutes: [String]

  package init(machineKey: String, nodeKey: String, hostname: String, advertiseRoutes: [String]) {
    self.machineKey = machineKey
    self.nodeKey = nodeKey
    self.hostname = hostname
    self.advertiseRoutes = advertiseRoutes
  }
}

extension SimulatedHeadscale {
  /// Registers a client by pre-auth key (reference headscale-api.md §5.2, §6).
  ///
  /// - Parameters:
  ///   - report: What the client says of itself.
  ///   - authKey: The full text of a pre-auth key.
  ///   - requestTags: `--advertise-tags`, refused together with a key since 0.28.
  ///   - now: The server's time.
  /// - Returns: The node as single-node calls show it.
  /// - Throws: The text the client prints after `backend error: `.
  package mutating func register(
    _ report: ClientReport, authKey: String, requestTags: [String] = [], now: Timestamp
  ) throws(RegistrationRefusal) -> NodeView {
    let key = try preAuthKey(matching: authKey)
    guard
      !nodes.contains(where: { $0.nodeKey == report.nodeKey && $0.machineKey != report.machineKey })
    else { throw RegistrationRefusal("node key already in use by another machine") }
    let known = nodes.filter { $0.machineKey == report.machineKey }
    let target = try rules.registrationTarget(among: known, for: key)
    if needsValidation(target, report: report, now: now) { try validate(key, now: now) }

    let index: Int
    switch target {
    case .newNode:
      guard requestTags.isEmpty || !rules.tagsAreIdentity else {
        throw RegistrationRefusal(
          "handling register with auth key: requested tags "
            + "[\(requestTags.joined(separator: " "))] are invalid or not permitted")
      }
      index = try addNode(report, key: key, now: now)
    case .update(let id):
      index = try knownIndex(id)
      // A tagged node keeps a past expiry (#3371).
      let locksOut = nodes[index].isTagged && rules.tagsAreIdentity && rules.locksOutTaggedNodes
      if !locksOut { nodes[index].expiry = rules.unsetExpiry }
      if !rules.tagsAreIdentity {
        // The whole record is written anew; what it does not name is lost.
        nodes[index].tags = Set(key.tags).sorted()
        if mode == .v0_26 { nodes[index].approvedRoutes = [] }
      }
    case .convert(let id):
      index = try knownIndex(id)
      nodes[index].tags = Set(key.tags).sorted()
      nodes[index].userID = nil
      nodes[index].expiry = rules.unsetExpiry
    }
    nodes[index].savedExpiry = nil
    nodes[index].nodeKey = report.nodeKey
    nodes[index].authKeyID = key.id
    nodes[index].lastSeen = now
    apply(report, toNodeAt: index)
    autoApprove(nodeAt: index)
    if !key.reusable, let place = preAuthKeys.firstIndex(where: { $0.id == key.id }) {
      preAuthKeys[place].used = true
    }
    return view(of: nodes[index], now: now)
  }

  private func knownIndex(_ id: Int) throws(RegistrationRefusal) -> Int {
    guard let index = index(ofNode: id) else { throw RegistrationRefusal("node not found") }
    return index
  }

  /// `tailscale logout`: the node stays with a key that has expired.
  ///
  /// Nothing happens where the node is unknown.
  package mutating func logout(nodeKey: String, now: Timestamp) {
    guard let index = nodes.firstIndex(where: { $0.nodeKey == nodeKey }) else { return }
    disconnect(nodeKey: nodeKey, now: now)
    let isSpared = nodes[index].isTagged && !rules.locksOutTaggedNodes
    if !isSpared { nodes[index].expiry = SimulatedHeadscale.logoutExpiry }
  }

  /// What clients send as expiry when they log out (reference headscale-api.md §2).
  private static let logoutExpiry = Timestamp(seconds: 123)

  /// Why a poll found no usable node.
  package enum PollRefusal: String, Error, Sendable { case unknown, expired }

  /// A client's map request: it is online, and its host name and routes are these.
  ///
  /// - Parameters:
  ///   - report: What the client says of itself.
  ///   - lease: Seconds the node stays online without another poll; nil means until disconnected.
  ///   - now: The server's time.
  /// - Returns: The node as single-node calls show it.
  /// - Throws: Why there is no usable node.
  package mutating func poll(
    _ report: ClientReport, lease: Int64? = nil, now: Timestamp
  ) throws(PollRefusal) -> NodeView {
    guard
      let index = nodes.firstIndex(where: {
        $0.nodeKey == report.nodeKey && $0.machineKey == report.machineKey
      })
    else { throw .unknown }
    guard !nodes[index].isExpired(at: now) else { throw .expired }
    let before = nodes[index].availableRoutes
    let connects = !nodes[index].isOnline(at: now)
    apply(report, toNodeAt: index)
    if connects || nodes[index].availableRoutes != before { autoApprove(nodeAt: index) }
    // An open poll makes lastSeen stale; only a stand-in's short lease moves it.
    nodes[index].presence = lease.map { .until(now.adding(seconds: $0)) } ?? .connected
    if lease != nil { nodes[index].lastSeen = now }
    return view(of: nodes[index], now: now)
  }

  /// The client closed its poll.
  package mutating func disconnect(nodeKey: String, now: Timestamp) {
    guard let index = nodes.firstIndex(where: { $0.nodeKey == nodeKey }) else { return }
    if nodes[index].isOnline(at: now) { nodes[index].lastSeen = now }
    nodes[index].presence = .offline
  }

  private func needsValidation(
    _ target: RegistrationTarget, report: ClientReport, now: Timestamp
  ) -> Bool {
    guard case .update(let id) = target, let index = index(ofNode: id) else { return true }
    return nodes[index].nodeKey != report.nodeKey || nodes[index].isExpired(at: now)
  }

  private func validate(_ key: ServerKey, now: Timestamp) throws(RegistrationRefusal) {
    guard key.expiration > now else { throw RegistrationRefusal("authkey expired") }
    guard key.reusable || !key.used else { throw RegistrationRefusal("authkey already used") }
  }

  private mutating func addNode(
    _ report: ClientReport, key: ServerKey, now: Timestamp
  ) throws(RegistrationRefusal) -> Int {
    let names = try rules.naming.names(
      fromReported: report.hostname, nodeKey: report.nodeKey, random: &random)
    lastIDs.node += 1
    let number = freeAddressNumber()
    var node = ServerNode(
      id: lastIDs.node, machineKey: report.machineKey, nodeKey: report.nodeKey,
      discoKey: "discokey:" + random.hex(64), ipAddresses: addresses(number),
      hostname: names.hostname,
      givenName: rules.naming.unique(names.givenName, taken: takenNames(), random: &random),
      createdAt: now)
    node.tags = Set(key.tags).sorted()
    node.userID = key.tags.isEmpty || rules.keepsCreatorOfTaggedNodes ? key.userID : nil
    node.expiry = rules.unsetExpiry
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func apply(_ report: ClientReport, toNodeAt index: Int) {
    nodes[index].availableRoutes = sortedRoutes(report.advertiseRoutes)
    let old = nodes[index]
    guard rules.naming.acceptsUpdate(toHostname: report.hostname),
      let names = try? rules.naming.names(
        fromReported: report.hostname, nodeKey: old.nodeKey, random: &random),
      names.hostname != old.hostname
    else { return }
    nodes[index].hostname = names.hostname
    guard rules.naming.isDerived(old.givenName, fromHostname: old.hostname) else { return }
    nodes[index].givenName = rules.naming.unique(
      names.givenName, taken: takenNames(except: old.id), random: &random)
  }

  private func takenNames(except id: Int? = nil) -> Set<String> {
    Set(nodes.lazy.filter { $0.id != id }.map(\.givenName))
  }

  /// The lowest number whose addresses are free; deleted nodes' addresses are reused (0.28 on).
  private mutating func freeAddressNumber() -> Int {
    let taken = Set(nodes.flatMap(\.ipAddresses))
    var number = rules.reusesAddresses ? 1 : lastIDs.address + 1
    while taken.contains(addresses(number)[0]) { number += 1 }
    lastIDs.address = max(lastIDs.address, number)
    return number
  }

  private func addresses(_ number: Int) -> [String] {
    let bytes = [100, 64 + number >> 16 & 63, number >> 8 & 255, number & 255]
    let prefix = IPPrefix(
      bytes: [0xfd, 0x7a, 0x11, 0x5c, 0xa1, 0xe0, 0, 0, 0, 0, 0, 0]
        + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) },
      length: 128)
    return [
      bytes.map(String.init).joined(separator: "."), String(prefix.description.dropLast(4)),
    ]
  }
}
