import MeshCore
import MeshEngine

/// Changing users and nodes.
extension HeadscaleREST {
  package func createUser(name: String) async throws {
    try UserName.check(name)
    try await speaking { rest in
      try await rest.requireWrites()
      if try await rest.hasLocalUser(name) { return }
      let request = try HeadscaleRequests.createUser(name)
      // A second local user cannot slip in: names of local users are unique on the server.
      try await rest.write(request) { try await rest.hasLocalUser(name) }
    }
  }

  package func setTags(nodeID: String, tags: [String]) async throws {
    if tags.isEmpty {
      throw Failure(
        .apiTags, "node #\(nodeID) cannot be left without tags",
        detail: "Headscale refuses to take the last tag; a tagged node stays tagged.",
        hint: "give it another tag, or delete the node and join it again as a user's")
    }
    try await change(nodeID, HeadscaleRequests.setTags(nodeID: nodeID, tags)) {
      Set($0.tags) == Set(tags)
    }
  }

  package func approveRoutes(nodeID: String, routes: [String]) async throws {
    // One default route makes the server add the other (reference headscale-api.md §3).
    let defaults: Set = ["0.0.0.0/0", "::/0"]
    let wanted = Set(routes)
    let goal = wanted.isDisjoint(with: defaults) ? wanted : wanted.union(defaults)
    try await change(nodeID, HeadscaleRequests.approveRoutes(nodeID: nodeID, routes)) {
      Set($0.approvedRoutes) == goal
    }
  }

  package func rename(nodeID: String, to name: String) async throws {
    try await change(nodeID, HeadscaleRequests.rename(nodeID: nodeID, to: name)) {
      $0.givenName == name
    }
  }

  package func disableExpiry(nodeID: String) async throws {
    let server = try await speaking { try await $0.knownServer() }
    guard server.version >= HeadscaleVersion(0, 29) else {
      throw Failure(
        .apiVersionReadOnly,
        "Headscale \(server.version) cannot turn off the expiry of node #\(nodeID)",
        detail: "0.29 is the first that can.", hint: "upgrade Headscale to 0.29")
    }
    try await change(nodeID, HeadscaleRequests.disableExpiry(nodeID: nodeID)) { $0.expiry == nil }
  }

  package func deleteNode(id: String) async throws {
    try await speaking { rest in
      try await rest.requireWrites()
      let isGone = { try await !rest.listNodes().nodes.contains { $0.id == id } }
      do {
        try await rest.write(HeadscaleRequests.deleteNode(id), holds: isGone)
      } catch {
        // Whatever was answered: gone is what was asked for.
        guard (try? await isGone()) == true else { throw error }
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
    _ nodeID: String, _ request: APIRequest, holds goal: @Sendable (MeshNode) -> Bool
  ) async throws {
    try await speaking { rest in
      try await rest.requireWrites()
      try await rest.write(request) {
        let list = try await rest.listNodes()
        guard let node = list.nodes.first(where: { $0.id == nodeID }) else {
          throw rest.nodeGone(nodeID, request)
        }
        return goal(node)
      } gone: {
        rest.nodeGone(nodeID, request)
      }
    }
  }

  private func nodeGone(_ nodeID: String, _ request: APIRequest) -> Failure {
    transport.words.failure(
      .apiNodeGone, "node #\(nodeID) is not on the server any more",
      detail: "meshctl wanted to \(request.purpose).", hint: "plan again: meshctl plan")
  }

  /// Sends one write once; where its fate is unclear, the goal state decides.
  ///
  /// Most mistakes are a 500 in Headscale up to 0.29, so texts are not relied upon (reference
  /// headscale-api.md §4).
  private func write(
    _ request: APIRequest, holds goal: () async throws -> Bool, gone: (() -> Failure)? = nil
  ) async throws {
    let problem: APIProblem
    do {
      let answer = try await transport.send(request)
      if answer.isSuccess, !answer.isPage { return }
      problem =
        answer.isSuccess
        ? APIProblem(.unclear, transport.words.notHeadscale(answer))
        : transport.words.problem(answer, to: request.purpose)
    } catch let thrown as APIProblem {
      problem = thrown
    }
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

  /// True where a local user has exactly that name.
  ///
  /// - Throws: `Failure` where somebody who signs in from outside has it: a policy that names both
  ///   stops the server at its next start (upstream #3054, #3429).
  private func hasLocalUser(_ name: String) async throws -> Bool {
    let same = try await listUsers().filter { $0.name == name || $0.email == name }
    if same.contains(where: { $0.provider.isEmpty && $0.name == name }) { return true }
    guard let other = same.first else { return false }
    throw transport.words.failure(
      .apiUserTaken, "a user \(name) exists already, from another sign-in",
      detail: """
        User #\(other.id) (\(other.name)\(other.provider.isEmpty ? "" : ", \(other.provider)")) has \
        that name or email; two users of one name can stop the server.
        """,
      hint: "use that user as owner, or choose another name")
  }
}
