import HeadscaleHTTP
import MeshCore
import MeshEngine
import MeshSimulation
import Synchronization
import Testing

@testable import MeshAdapters

/// What every way to every version keeps: the whole `ControlPlane` port against one server.
struct HeadscaleContract {
  let mesh: ContractMesh
  let control: HeadscaleControl
  /// The same way in for another run.
  let next: HeadscaleControl

  /// Reads, then writes or is refused, as the version is.
  func hold() async throws {
    try await reading()
    if Mode.writable.contains(mesh.mode) {
      try await usersAndKeys()
      try await lostKeys()
      try await nodes()
      try await refusals()
    } else {
      try await readOnly()
    }
  }

  private func server() async -> SimulatedHeadscale { await mesh.service.state }

  // MARK: Reading

  private func reading() async throws {
    let identity = try await control.identify()
    let isStated = identity.version == mesh.mode.rules.version
    // 0.26 has no page for its version, and 0.30 none on its socket.
    let isTold = ["0.26", "0.30-dev"].contains(identity.version)
    #expect(isStated || isTold, "\(identity)")
    #expect(identity.url == "http://127.0.0.1:\(mesh.port)")
    #expect(try await control.notices().isEmpty)
    let list = try await control.nodes()
    #expect(list.nodes == (try await mesh.nodes()))
    #expect(list.nodes.map(\.id) == ["1", "2", "10"])
    let now = await mesh.service.now
    let difference = try #require(list.serverTime).seconds(since: now)
    #expect(abs(difference) <= 5)
    let expected = await server().listUsers().map { ContractMesh.user($0) }
    #expect(try await control.users() == expected)
    #expect(try await control.policy() == .none)
    try await mesh.service.withServer { server, now in
      _ = try server.setPolicy(
        "{// who\n\"tagOwners\":{\"tag:db\":[],\"tag:new\":[]},}", now: now)
    }
    #expect(try await control.policy() == .tagOwners(["tag:db", "tag:new"]))
  }

  private func readOnly() async throws {
    let before = await server()
    for write in HeadscaleWrite.all {
      let problem = try await failure { try await write.call(control) }
      #expect(problem.code == .apiVersionReadOnly, "\(write.testDescription): \(problem)")
    }
    let refused = try await failure { try await control.requireWritable() }
    #expect(refused.hint?.contains("upgrade to 0.28") == true)
    #expect(await server() == before)
  }

  // MARK: Users and keys

  private func usersAndKeys() async throws {
    try await control.requireWritable()
    for _ in 0..<2 { try await control.createUser(name: "dora") }
    let doras = await server().users.filter { $0.name == "dora" }
    #expect(doras.count == 1)
    for name in ["carol", "carol@example.com"] {
      let taken = try await failure { try await control.createUser(name: name) }
      #expect(taken.code == .apiUserTaken)
    }

    let announced = Mutex<[Timestamp]>([])
    let minted = try await control.createPreAuthKey(
      KeyRequest(owner: .user("alice@example.com"), lifetime: 600)
    ) { time in
      announced.withLock { $0.append(time) }
    }
    let made = try #require(await server().preAuthKeys.first { String($0.id) == minted.id })
    #expect(made.userID == 1 && made.tags.isEmpty && !made.reusable && !made.ephemeral)
    #expect(minted.key.reveal().contains(try #require(made.secret)))
    #expect(minted.expiration == made.expiration)
    let lived = made.expiration.seconds(since: made.createdAt)
    #expect((479...605).contains(lived), "\(lived)")
    let times = announced.withLock { $0 }
    #expect(times.count == 1 && abs(times[0].seconds(since: made.expiration)) <= 2)

    let tagged = try await control.createPreAuthKey(
      KeyRequest(owner: .tags(["tag:db", "tag:x"], keyOwner: "alice")))
    let second = try #require(await server().preAuthKeys.first { String($0.id) == tagged.id })
    #expect(second.tags == ["tag:db", "tag:x"])
    #expect(second.userID == (mesh.mode == .v0_28 ? 1 : nil))

    try await control.expirePreAuthKey(id: minted.id)
    try await control.expirePreAuthKey(id: "99")
    let now = await mesh.service.now
    let ends = await server().preAuthKeys.map(\.expiration)
    #expect(ends[0] <= now && ends[1] > now)
    for owner in [KeyRequest.Owner.user("nobody"), .tags(["tag:x"], keyOwner: "nobody")] {
      if case .tags = owner, mesh.mode != .v0_28 { continue }
      let unknown = try await failure { try await control.createPreAuthKey(.init(owner: owner)) }
      #expect(unknown.code == .apiUserUnknown)
    }
    let bad = try await failure {
      try await control.createPreAuthKey(.init(owner: .tags(["TAG:X"], keyOwner: "alice")))
    }
    #expect(bad.code == .apiRefused, "\(bad)")
  }

  /// What a kill between making and noting left is found by what was announced, and nothing else is.
  private func lostKeys() async throws {
    let announced = Mutex<Timestamp?>(nil)
    let request = KeyRequest(owner: .tags(["tag:db"], keyOwner: "alice"))
    let lost = try await control.createPreAuthKey(request) { time in
      announced.withLock { $0 = time }
    }
    let other = try await control.createPreAuthKey(
      KeyRequest(owner: request.owner, lifetime: 300))
    let expiration = try #require(announced.withLock { $0 })
    try await next.expireUnusedKeys(expiringAt: expiration)
    let now = await mesh.service.now
    let keys = await server().preAuthKeys
    #expect(try #require(keys.first { String($0.id) == lost.id }).expiration <= now)
    #expect(try #require(keys.first { String($0.id) == other.id }).expiration > now)
  }

  // MARK: Nodes

  private func nodes() async throws {
    try await control.setTags(nodeID: "2", tags: ["tag:new"])
    try await control.approveRoutes(nodeID: "1", routes: ["10.2.0.0/24", "10.1.0.0/24"])
    #expect(await node(1)?.approvedRoutes.sorted() == ["10.1.0.0/24", "10.2.0.0/24"])
    try await control.approveRoutes(nodeID: "1", routes: ["0.0.0.0/0"])
    #expect(await node(1)?.approvedRoutes.sorted() == ["0.0.0.0/0", "::/0"])
    try await control.approveRoutes(nodeID: "1", routes: [])
    #expect(await node(1)?.approvedRoutes == [])
    try await control.rename(nodeID: "1", to: "web-old-1")
    #expect(await node(1)?.givenName == "web-old-1")
    #expect(await node(2)?.tags == ["tag:new"])
    if mesh.mode == .v0_28 {
      let cannot = try await failure { try await control.disableExpiry(nodeID: "10") }
      #expect(cannot.code == .apiVersionReadOnly)
      #expect(await node(10)?.expiry == Timestamp(seconds: 4_000_000_000))
    } else {
      try await control.disableExpiry(nodeID: "10")
      #expect(await node(10)?.expiry == nil)
    }
    // Whatever was written is what is read.
    #expect(try await control.nodes().nodes == (try await mesh.nodes()))
  }

  private func refusals() async throws {
    let before = await server()
    let unowned = try await failure { try await control.setTags(nodeID: "2", tags: ["tag:zzz"]) }
    #expect(unowned.code == .apiTags)
    let none = try await failure { try await control.setTags(nodeID: "2", tags: []) }
    #expect(none.code == .apiTags)
    let taken = try await failure { try await control.rename(nodeID: "1", to: "db") }
    #expect(taken.code == .apiRefused)
    #expect(taken.evidence?.isEmpty == false)
    for write in [
      HeadscaleWrite("rename") { try await $0.rename(nodeID: "99", to: "x1") },
      HeadscaleWrite("tags") { try await $0.setTags(nodeID: "99", tags: ["tag:new"]) },
    ] {
      let gone = try await failure { try await write.call(control) }
      #expect(gone.code == .apiNodeGone, "\(write.testDescription): \(gone)")
    }
    let routes = try await failure {
      try await control.approveRoutes(nodeID: "99", routes: ["10.0.0.0/24"])
    }
    #expect([.apiNodeGone, .apiRefused].contains(routes.code))
    if mesh.mode != .v0_28 {
      let gone = try await failure { try await control.disableExpiry(nodeID: "99") }
      #expect(gone.code == .apiNodeGone)
    }
    #expect(await server().nodes == before.nodes)
    for _ in 0..<2 { try await control.deleteNode(id: "10") }
    #expect(await server().nodes.map(\.id) == [1, 2])
  }

  private func node(_ id: Int) async -> ServerNode? {
    await server().nodes.first { $0.id == id }
  }
}
