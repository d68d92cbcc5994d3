import MeshCore
import MeshSimulation
import Testing

/// Reference headscale-api.md §5.3 to §5.5.
@Suite struct NodeRuleTests {
  private func model(_ mode: Mode, policy: Bool = true) throws -> ModelServer {
    var model = try ModelServer(mode)
    try model.register(key: try model.key(user: 1), routes: ["10.0.0.0/24", "0.0.0.0/0", "::/0"])
    if policy {
      _ = try model.server.setPolicy("{\"tagOwners\": {\"tag:web\": []},}", now: model.now)
    }
    return model
  }

  @Test("#3152: tags need tagOwners; [] and bad forms are refused", arguments: Mode.allCases)
  func tagRules(mode: Mode) throws {
    var bare = try model(mode, policy: false)
    #expect(
      throws: SimulatedServerError.invalidArgument(
        "requested tags [tag:web] are invalid or not permitted")
    ) { try bare.server.setTags(node: 1, tags: ["tag:web"], now: bare.now) }
    var model = try model(mode)
    #expect {
      try model.server.setTags(node: 1, tags: [], now: model.now)
    } throws: { error in
      let error = error as? SimulatedServerError
      return error?.status == 400 && error?.message.hasPrefix("cannot remove all tags") == true
    }
    #expect(throws: SimulatedServerError.unknown("tag should be lowercase")) {
      try model.server.setTags(node: 1, tags: ["tag:Web"], now: model.now)
    }
    let message = mode == .v0_28 ? "tag should not contains space" : "tags must not contain spaces"
    #expect(throws: SimulatedServerError.unknown(message)) {
      try model.server.setTags(node: 1, tags: ["tag:a b"], now: model.now)
    }
  }

  @Test("#3048, #3077: a user's node becomes tagged and keeps its expiry; 0.28 keeps its creator")
  func tagging() throws {
    for mode in Mode.allCases {
      var model = try model(mode)
      let expiry = model.now.adding(seconds: 3600)
      _ = try model.server.expire(node: 1, at: expiry, now: model.now)
      let view = try model.server.setTags(node: 1, tags: ["tag:web"], now: model.now)
      #expect(view.node.expiry == expiry)
      #expect(view.user?.name == (mode == .v0_28 ? "alice" : nil))
      #expect(try model.server.listNodes(now: model.now)[0].user?.name == "tagged-devices")
      let listedUnderAlice = try model.server.listNodes(user: "alice", now: model.now).count
      #expect(listedUnderAlice == (mode == .v0_28 ? 1 : 0))
      if mode == .v0_28 {
        #expect(throws: SimulatedServerError.unknown("user not empty: node(s) found")) {
          try model.server.deleteUser(1)
        }
      } else {
        try model.server.deleteUser(1)
      }
    }
  }

  @Test("#3085: approving replaces the set; either default route stands for both")
  func routes() throws {
    var model = try model(.v0_29)
    var view = try model.server.approveRoutes(
      node: 1, routes: ["10.0.0.0/24", "::/0"], now: model.now)
    #expect(view.node.approvedRoutes == ["0.0.0.0/0", "10.0.0.0/24", "::/0"])
    #expect(view.subnetRoutes == ["10.0.0.0/24"])
    #expect(try model.server.node(1, now: model.now).subnetRoutes.isEmpty)
    let listed = try model.server.listNodes(now: model.now)[0]
    #expect(listed.subnetRoutes == ["0.0.0.0/0", "10.0.0.0/24", "::/0"])
    view = try model.server.approveRoutes(node: 1, routes: [], now: model.now)
    #expect(view.node.approvedRoutes.isEmpty)
    #expect(view.node.availableRoutes.count == 3)
  }

  @Test("#2896: one node serves a prefix; approval of what is not advertised is stored")
  func primary() throws {
    var model = try model(.v0_29)
    try model.register(
      machine: "b", node: "2", key: try model.key(user: 1), routes: ["10.0.0.0/24"])
    for id in [1, 2] {
      _ = try model.server.approveRoutes(
        node: id, routes: ["10.0.0.0/24", "10.9.0.0/24"], now: model.now)
    }
    var served = try model.server.listNodes(now: model.now).map(\.subnetRoutes)
    #expect(served == [["10.0.0.0/24"], []])
    model.server.disconnect(nodeKey: model.server.nodes[0].nodeKey, now: model.now)
    served = try model.server.listNodes(now: model.now).map(\.subnetRoutes)
    #expect(served == [[], ["10.0.0.0/24"]])
    #expect(model.server.nodes[0].approvedRoutes == ["10.0.0.0/24", "10.9.0.0/24"])
  }

  @Test("Bad routes in Go's words; unknown nodes by call")
  func refusals() throws {
    var model = try model(.v0_29)
    #expect(
      throws: SimulatedServerError.unknown("parsing route: netip.ParsePrefix(\"x\"): no '/'")
    ) { try model.server.approveRoutes(node: 1, routes: ["x"], now: model.now) }
    let gone = "node no longer exists in NodeStore: 9"
    #expect(throws: SimulatedServerError.invalidArgument(gone)) {
      try model.server.approveRoutes(node: 9, routes: [], now: model.now)
    }
    #expect(throws: SimulatedServerError.unknown(gone)) {
      try model.server.rename(node: 9, to: "web", now: model.now)
    }
    #expect(throws: SimulatedServerError.unknown(gone)) {
      try model.server.expire(node: 9, now: model.now)
    }
    #expect(throws: SimulatedServerError.notFound("node not found")) {
      try model.server.delete(node: 9)
    }
  }

  @Test("#2033: an expired node may still be online; both arguments at once are refused")
  func expiry() throws {
    var model = try model(.v0_29)
    let view = try model.server.expire(node: 1, now: model.now)
    #expect(view.online)
    #expect(view.node.isExpired(at: model.now))
    #expect(
      throws: SimulatedServerError.invalidArgument("cannot set both disable_expiry and expiry")
    ) { try model.server.expire(node: 1, at: model.now, disable: true, now: model.now) }
  }

  @Test("#3262: 0.28 writes the zero time for never, 0.29 null; 0.28 ignores disableExpiry")
  func never() throws {
    var old = try model(.v0_28)
    #expect(old.server.nodes[0].expiry == .goZero)
    #expect(!old.server.nodes[0].isExpired(at: old.now))
    let view = try old.server.expire(node: 1, disable: true, now: old.now)
    #expect(view.node.expiry == old.now)
    #expect(try model(.v0_29).server.nodes[0].expiry == nil)
  }

  @Test("A stand-in's poll keeps its node online for the lease; lastSeen moves on disconnect")
  func presence() throws {
    var model = try model(.v0_29)
    let node = model.server.nodes[0]
    let report = ClientReport(
      machineKey: node.machineKey, nodeKey: node.nodeKey, hostname: "web1", advertiseRoutes: [])
    _ = try model.server.poll(report, lease: 3, now: model.now)
    #expect(model.server.nodes[0].isOnline(at: model.now.adding(seconds: 2)))
    #expect(!model.server.nodes[0].isOnline(at: model.now.adding(seconds: 3)))
    #expect(model.server.nodes[0].availableRoutes.isEmpty)
    _ = try model.server.poll(report, now: model.now)
    let later = model.now.adding(seconds: 60)
    model.server.disconnect(nodeKey: node.nodeKey, now: later)
    #expect(model.server.nodes[0].lastSeen == later)
    try model.server.delete(node: 1)
    #expect(throws: SimulatedHeadscale.PollRefusal.unknown) {
      try model.server.poll(report, now: later)
    }
  }

  @Test("The policy: 500 while none is set, HuJSON with comments taken, problems with their place")
  func policy() throws {
    var model = try ModelServer(.v0_29)
    #expect(
      throws: SimulatedServerError.unknown("loading ACL from database: acl policy not found")
    ) { try model.server.storedPolicy() }
    let text = "{ // who may\n \"tagOwners\": {\"tag:a\": [], /* x */ },\n}"
    _ = try model.server.setPolicy(text, now: model.now)
    #expect(try PolicyText.tagOwners(in: text) == ["tag:a"])
    #expect(
      throws: SimulatedServerError.unknown(
        "setting policy: parsing policy: parsing HuJSON: hujson: line 1, column 11: "
          + "invalid literal: nope")
    ) { try model.server.setPolicy("{ \"acls\": nope }", now: model.now) }
    #expect(try model.server.storedPolicy().text == text)
  }
}
