import MeshCore
import MeshEngine

/// Changing users and nodes.
extension HeadscaleControl {
  package func createUser(name: String) async throws {
    try UserName.check(name)
    try await speaking { control in
      try await control.requireWrites()
      if try await control.hasLocalUser(name) { return }
      // A second local user cannot slip in: names of local users are unique on the server.
      try await control.write(.createUser(name)) { try await control.hasLocalUser(name) }
    }
  }

  package func setTags(nodeID: String, tags: [String]) async throws {
    if tags.isEmpty {
      throw Failure(
        .apiTags, "node #\(nodeID) cannot be left without tags",
        detail: "Headscale refuses to take the last tag; a tagged node stays tagged.",
        hint: "give it another tag, or delete the node and join it again as a user's")
    }
    try await change(nodeID, .setTags(nodeID: nodeID, tags)) { Set($0.tags) == Set(tags) }
  }

  package func approveRoutes(nodeID: String, routes: [String]) async throws {
    // One default route makes the server add the other (reference headscale-api.md §3).
    let defaults: Set = ["0.0.0.0/0", "::/0"]
    let wanted = Set(routes)
    let goal = wanted.isDisjoint(with: defaults) ? wanted : wanted.union(defaults)
    try await change(nodeID, .approveRoutes(nodeID: nodeID, routes)) {
      Set($0.approvedRoutes) == goal
    }
  }

  package func rename(nodeID: String, to name: String) async throws {
    try await change(nodeID, .rename(nodeID: nodeID, to: name)) { $0.givenName == name }
  }

  /// The echo is not trusted: 0.29 reads the query and 0.30 the body, and a call of which neither
  /// half arrived would have expired the node.
  package func disableExpiry(nodeID: String) async throws {
    try await speaking { control in
      try await control.requireWrites()
      let server = try await control.knownServer()
      guard server.dialect.canDisableExpiry else {
        throw Failure(
          .apiVersionReadOnly,
          "Headscale \(server.version) cannot turn off the expiry of node #\(nodeID)",
          detail: "0.29 is the first that can.", hint: "upgrade Headscale to 0.29")
      }
      let change = HeadscaleChange.disableExpiry(nodeID: nodeID)
      try await control.change(nodeID, change) { $0.expiry == nil }
      guard let expiry = try await control.node(nodeID, for: change).expiry else { return }
      throw Failure(
        .apiRefused, "Headscale said yes, but node #\(nodeID) still has an expiry",
        detail: "It could not \(change.purpose).", evidence: "expiry \(expiry.rfc3339)",
        hint: "on the server: headscale nodes expire -i \(nodeID) --disable")
    }
  }

  package func deleteNode(id: String) async throws {
    try await speaking { control in
      try await control.requireWrites()
      let isGone = { try await !control.way.nodes().nodes.contains { $0.id == id } }
      do {
        try await control.write(.deleteNode(id: id), holds: isGone)
      } catch let problem as APIProblem where problem.reach == .refused(status: 404) {
        // Gone is what was asked for; a proxy's 404 is told as it is.
        guard (try? await isGone()) == true else { throw problem }
      }
    }
  }

  // MARK: Pieces

  /// Refuses a server that this version can only read; apply asks before it touches anything.
  ///
  /// - Throws: `MESH-API-VERSION-READ-ONLY`, which names the upgrade.
  package func requireWritable() async throws {
    try await speaking { try await $0.requireWrites() }
  }

  func requireWrites() async throws {
    let server = try await knownServer()
    try server.dialect.requireWrites(server.version)
  }

  /// Changes one node, and looks whether it holds where the answer leaves it open.
  private func change(
    _ nodeID: String, _ change: HeadscaleChange, holds goal: @Sendable (MeshNode) -> Bool
  ) async throws {
    try await speaking { control in
      try await control.requireWrites()
      try await control.write(change) {
        goal(try await control.node(nodeID, for: change))
      } gone: {
        control.nodeGone(nodeID, change)
      }
    }
  }

  private func node(_ id: String, for change: HeadscaleChange) async throws -> MeshNode {
    guard let node = try await way.nodes().nodes.first(where: { $0.id == id }) else {
      throw nodeGone(id, change)
    }
    return node
  }

  private func nodeGone(_ nodeID: String, _ change: HeadscaleChange) -> Failure {
    Failure(
      .apiNodeGone, "node #\(nodeID) is not on the server any more",
      detail: "meshctl wanted to \(change.purpose).", hint: "plan again: meshctl plan")
  }

  /// Sends one write once; where its fate is unclear, the goal state decides.
  ///
  /// Most mistakes are a 500 in Headscale up to 0.29 and a mere text on the command line, so texts
  /// are not relied upon (reference headscale-api.md §4).
  private func write(
    _ change: HeadscaleChange, holds goal: () async throws -> Bool, gone: (() -> Failure)? = nil
  ) async throws {
    do {
      try await way.send(change)
    } catch let problem as APIProblem {
      switch problem.reach {
      case .neverSent:
        throw problem
      case .refused(let status):
        if status == 404, let gone, problem.failure.diagnostic.code == .apiRefused { throw gone() }
        // 0.30 says 409 for a user that another run made in between.
        if status == 409, try await goal() { return }
        throw problem
      case .unclear:
        do {
          if try await goal() { return }
        } catch let failure as Failure where failure.diagnostic.code == .apiNodeGone {
          throw failure
        } catch is APIProblem {
          // The look failed too: the first problem is the one to tell.
        }
        throw problem
      }
    }
  }

  /// True where a local user has exactly that name.
  ///
  /// - Throws: `Failure` where somebody who signs in from outside has it: a policy that names both
  ///   stops the server at its next start (upstream #3054, #3429).
  private func hasLocalUser(_ name: String) async throws -> Bool {
    let same = try await way.users().filter { $0.name == name || $0.email == name }
    if same.contains(where: { $0.provider.isEmpty && $0.name == name }) { return true }
    guard let other = same.first else { return false }
    throw Failure(
      .apiUserTaken, "a user \(name) exists already, from another sign-in",
      detail: """
        User #\(other.id) (\(other.name)\(other.provider.isEmpty ? "" : ", \(other.provider)")) has \
        that name or email; two users of one name can stop the server.
        """,
      hint: "use that user as owner, or choose another name")
  }
}
