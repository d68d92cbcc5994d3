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

  /// Status and words of a refusal.
  private func refusal<Result>(
    _ body: () throws(SimulatedServerError) -> Result
  ) -> (status: Int, text: String)? {
    do throws(SimulatedServerError) {
      _ = try body()
      return nil
    } catch {
      return (error.status, error.text)
    }
  }

  @Test("#3152: tags need tagOwners; [] and bad forms are refused", arguments: Mode.writable)
  func tagRules(mode: Mode) throws {
    let isHead = mode == .v0_30
    let prefix = isHead ? "setting tags: " : ""
    var bare = try model(mode, policy: false)
    let unknown = refusal { () throws(SimulatedServerError) in
      try bare.server.setTags(node: 1, tags: ["tag:web"], now: bare.now)
    }
    #expect(unknown?.status == 400)
    #expect(unknown?.text == prefix + "requested tags [tag:web] are invalid or not permitted")
    var model = try model(mode)
    func refused(_ tags: [String]) -> (status: Int, text: String)? {
      refusal { () throws(SimulatedServerError) in
        try model.server.setTags(node: 1, tags: tags, now: model.now)
      }
    }
    let empty = refused([])
    #expect(empty?.status == 400)
    #expect(empty?.text.hasPrefix("cannot remove all tags") == true)
    let upper = refused(["tag:Web"])
    #expect(upper?.status == (isHead ? 400 : 500))
    #expect(upper?.text == prefix + "tag should be lowercase")
    let message = mode == .v0_28 ? "tag should not contains space" : "tags must not contain spaces"
    #expect(refused(["tag:a b"])?.text == prefix + message)
  }

  @Test("Up to 0.27 tags are set without a policy, also none, and the node keeps its user")
  func oldTags() throws {
    for mode in [Mode.v0_26, .v0_27] {
      var model = try model(mode, policy: false)
      let tagged = try model.server.setTags(node: 1, tags: ["tag:web"], now: model.now)
      #expect(tagged.user?.name == "alice")
      #expect(try model.server.listNodes(now: model.now)[0].user?.name == "alice")
      #expect(try model.server.setTags(node: 1, tags: [], now: model.now).node.tags.isEmpty)
    }
  }

  @Test("#3048, #3077: a user's node becomes tagged and keeps its expiry; 0.28 keeps its creator")
  func tagging() throws {
    for mode in Mode.writable {
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

  @Test("#3279: 0.28 forgets an expiry set by the API when it restarts, later versions do not")
  func restart() throws {
    for mode in Mode.writable {
      var model = try model(mode)
      let before = model.server.nodes[0].expiry
      let expiry = model.now.adding(seconds: 3600)
      for end in [model.now, expiry] {
        _ = try model.server.expire(node: 1, at: end, now: model.now)
      }
      model.server.restart()
      #expect(model.server.nodes[0].expiry == (mode == .v0_28 ? before : expiry))
      #expect(!model.server.nodes[0].isOnline(at: model.now))
    }
  }

  @Test(
    "#2485, #2891: autoApprovers add what is advertised again, and match tagged nodes by tag only")
  func autoApprovers() throws {
    var model = try ModelServer(.v0_29)
    let policy = """
      {"groups": {"group:net": ["alice@"]},
       "autoApprovers": {
         "routes": {"10.0.0.0/8": ["group:net"], "192.168.0.0/16": ["tag:web"]},
         "exitNode": ["tag:exit", "bob@"],
       }}
      """
    _ = try model.server.setPolicy(policy, now: model.now)
    let alice = try model.register(
      key: try model.key(user: 1), routes: ["10.1.0.0/16", "192.168.1.0/24", "0.0.0.0/0", "::/0"])
    #expect(alice.node.approvedRoutes == ["10.1.0.0/16"])
    let tagged = try model.register(
      machine: "b", node: "2", key: try model.key(tags: ["tag:web"]),
      routes: ["10.2.0.0/16", "192.168.2.0/24"])
    #expect(tagged.node.approvedRoutes == ["192.168.2.0/24"])
    let bob = try model.register(
      machine: "c", node: "3", key: try model.key(user: 2), routes: ["0.0.0.0/0", "::/0"])
    #expect(bob.node.approvedRoutes == ["0.0.0.0/0", "::/0"])

    _ = try model.server.approveRoutes(node: 1, routes: [], now: model.now)
    let node = model.server.nodes[0]
    var report = ClientReport(
      machineKey: node.machineKey, nodeKey: node.nodeKey, hostname: "web1",
      advertiseRoutes: node.availableRoutes)
    let polled = try model.server.poll(report, now: model.now)
    #expect(polled.node.approvedRoutes.isEmpty)
    report.advertiseRoutes = ["10.1.0.0/16", "10.3.0.0/16"]
    let advertised = try model.server.poll(report, now: model.now)
    #expect(advertised.node.approvedRoutes == ["10.1.0.0/16", "10.3.0.0/16"])
    #expect(throws: SimulatedServerError.self) {
      try model.server.setPolicy(#"{"autoApprovers":{"routes":{"x":[]}}}"#, now: model.now)
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

  @Test("Unknown nodes in the words of 0.26, 0.27 and 0.30")
  func missing() throws {
    var statuses: [Mode: [Int]] = [:]
    for mode in [Mode.v0_26, .v0_27, .v0_30] {
      var model = try model(mode)
      let now = model.now
      let refusals = [
        refusal { () throws(SimulatedServerError) in try model.server.node(9, now: now) },
        refusal { () throws(SimulatedServerError) in try model.server.delete(node: 9) },
        refusal { () throws(SimulatedServerError) in
          try model.server.rename(node: 9, to: "web", now: now)
        },
        refusal { () throws(SimulatedServerError) in try model.server.expire(node: 9, now: now) },
        refusal { () throws(SimulatedServerError) in
          try model.server.setTags(node: 9, tags: ["tag:web"], now: now)
        },
        refusal { () throws(SimulatedServerError) in
          try model.server.approveRoutes(node: 9, routes: [], now: now)
        },
      ]
      statuses[mode] = refusals.compactMap { $0?.status }
      let words = mode == .v0_26 ? "record not found" : "no"
      #expect(refusals.allSatisfy { $0?.text.contains(words) == true })
    }
    #expect(statuses[.v0_26] == [500, 500, 500, 500, 400, 400])
    #expect(statuses[.v0_27] == [404, 404, 500, 500, 400, 400])
    #expect(statuses[.v0_30] == [404, 404, 404, 404, 404, 404])
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
