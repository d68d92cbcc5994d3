/// Who asks whom in one verification; made before anybody is asked.
package struct ReachPlan: Sendable, Equatable {
  /// Everything that one host asks, in one round trip.
  package struct Question: Sendable, Equatable {
    /// The inventory key.
    package var host: String
    /// Hosts it pings, with their mesh addresses.
    package var peers: [Peer]
    /// What its `expect` names; hosts that are away are left out.
    package var endpoints: [ReachEndpoint]

    package var targets: ReachTargets {
      ReachTargets(peers: peers.map(\.address), endpoints: endpoints)
    }
  }
  package struct Peer: Sendable, Hashable {
    package var host: String
    package var address: String
  }
  /// How the pairs were thinned out.
  package struct Sample: Sendable, Equatable {
    /// Peers a host.
    package var size: Int
    package var outOf: Int
  }

  package var members: [MeshMember]
  /// Keys of the hosts that were to ask, those that cannot be included.
  package var askers: Set<String>
  /// Of hosts that are present, in inventory order.
  package var questions: [Question]
  /// Entries of `expect` that name a host which is not present, by asking host.
  package var unasked: [String: [ReachEndpoint]]
  /// Nil where every asking host asks all its peers.
  package var sample: Sample?

  /// Everybody who is selected asks every peer, or a sample of them.
  ///
  /// - Parameters:
  ///   - roster: the members of the mesh.
  ///   - hosts: of the inventory, for `expect`.
  ///   - askers: keys of the hosts that are asked over SSH.
  ///   - peers: keys of the hosts that may be pinged.
  ///   - sample: how many peers each asks; nil for all.
  ///   - now: decides which ones.
  package init(
    roster: ReachRoster, hosts: [Host], askers: Set<String>, peers: Set<String>, sample: Int?,
    now: Timestamp
  ) {
    let taking = roster.members.filter { askers.contains($0.host) || peers.contains($0.host) }
    let present = taking.filter { $0.state == .present }
    let sampling = sample.map { ReachSampling(present.map(\.host), size: $0, now: now) }
    let isSampled = sampling?.leavesOut ?? false
    self.init(roster: roster, taking: taking, hosts: hosts, askers: askers) { asker in
      guard let sampling, isSampled else {
        return present.map(\.host).filter { $0 != asker && peers.contains($0) }
      }
      return sampling.peers(of: asker).filter(peers.contains)
    }
    if isSampled, let sample {
      self.sample = Sample(size: sample, outOf: present.count - 1)
    }
  }

  /// What `apply --verify` asks: hosts that changed ask their peers, and these ask back.
  ///
  /// - Parameters:
  ///   - roster: the members of the mesh.
  ///   - hosts: of the inventory, for `expect`.
  ///   - changed: keys of the hosts that the run changed.
  ///   - size: how many peers at most, in each direction.
  ///   - now: decides which ones.
  package init(
    roster: ReachRoster, hosts: [Host], changed: Set<String>, size: Int, now: Timestamp
  ) {
    let present = roster.members.filter { $0.state == .present }.map(\.host)
    let sampling = ReachSampling(present, size: size, now: now)
    var wanted: [String: [String]] = [:]
    for host in present where changed.contains(host) {
      for peer in sampling.peers(of: host) { wanted[host, default: []].append(peer) }
      for asker in sampling.askers(of: host) { wanted[asker, default: []].append(host) }
    }
    let taking = changed.union(wanted.keys).union(wanted.values.joined())
    self.init(
      roster: roster, taking: roster.members.filter { taking.contains($0.host) }, hosts: hosts,
      askers: changed.union(wanted.keys)
    ) { asker in
      var seen: Set<String> = []
      return (wanted[asker] ?? []).filter { seen.insert($0).inserted }
    }
    if sampling.leavesOut { sample = Sample(size: size, outOf: present.count - 1) }
  }

  private init(
    roster: ReachRoster, taking members: [MeshMember], hosts: [Host], askers: Set<String>,
    peersOf: (String) -> [String]
  ) {
    self.members = members
    self.askers = askers.intersection(members.map(\.host))
    questions = []
    unasked = [:]
    let byHost = Dictionary(
      roster.members.map { ($0.host, $0) }, uniquingKeysWith: { first, _ in first })
    let keys = Dictionary(hosts.map { ($0.name, $0.key) }, uniquingKeysWith: { first, _ in first })
    let expect = Dictionary(
      hosts.map { ($0.key, $0.expect) }, uniquingKeysWith: { first, _ in first })
    let order = Dictionary(
      members.enumerated().map { ($1.host, $0) }, uniquingKeysWith: { first, _ in first })
    for member in members where self.askers.contains(member.host) {
      let expected = (expect[member.host] ?? []).map { text in
        ReachPlan.endpoint(text) { byHost[$0] ?? keys[$0].flatMap { byHost[$0] } }
      }
      let away = expected.filter { $0.address.isEmpty }
      guard member.state == .present else {
        if !expected.isEmpty { unasked[member.host] = expected }
        continue
      }
      if !away.isEmpty { unasked[member.host] = away }
      // A host that is named without a port is reached when it answers a ping of the mesh.
      let named = expected.filter { $0.port == nil && !$0.address.isEmpty }.compactMap(\.host)
      var seen: Set<String> = [member.host]
      let wanted = (peersOf(member.host) + named).filter { seen.insert($0).inserted }
        .sorted { (order[$0] ?? 0) < (order[$1] ?? 0) }
      let peers = wanted.compactMap { host in
        byHost[host]?.address.map { Peer(host: host, address: $0) }
      }
      let question = Question(
        host: member.host, peers: peers,
        endpoints: expected.filter {
          !$0.address.isEmpty && ($0.host == nil || $0.port != nil) && $0.host != member.host
        })
      if !question.targets.isEmpty { questions.append(question) }
    }
  }

  /// The address is empty where the entry names a host of the inventory that is not present.
  private static func endpoint(
    _ text: String, _ member: (String) -> MeshMember?
  ) -> ReachEndpoint {
    let (host, port) = ReachEndpoint.parts(of: text)
    guard let member = member(host) else {
      return ReachEndpoint(label: text, address: host, port: port)
    }
    return ReachEndpoint(
      label: text, address: member.state == .present ? member.address ?? "" : "", port: port,
      host: member.host)
  }
}
