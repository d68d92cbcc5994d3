import MeshCore
import MeshSimulation
import Testing

/// Reference headscale-api.md §6.
@Suite struct KeyTests {
  @Test("#1579: a key without expiration is born expired", arguments: Mode.allCases)
  func bornExpired(mode: Mode) throws {
    var model = try ModelServer(mode)
    let view = try model.server.createPreAuthKey(
      .init(userID: 1, expiration: nil), now: model.now)
    #expect(view.key.expiration.isZeroTime)
    #expect(throws: RegistrationRefusal("authkey expired")) {
      try model.register(key: view.text)
    }
  }

  @Test("A single-use key works once; a restart with the same node key needs none (#2830)")
  func singleUse() throws {
    var model = try ModelServer(.v0_29)
    let key = try model.key(user: 1, reusable: false)
    try model.register(key: key)
    #expect(model.server.preAuthKeys[0].used)
    #expect(try model.register(key: key).node.id == 1)
    #expect(throws: RegistrationRefusal("authkey already used")) {
      try model.register(node: "2", key: key)
    }
    #expect(throws: RegistrationRefusal("authkey already used")) {
      try model.register(machine: "b", node: "3", key: key)
    }
  }

  @Test("0.29.3: an expired tagged node comes back with a fresh key, and logging out spares it [P]")
  func repairedTagged() throws {
    var model = try ModelServer(.v0_29_3)
    try model.register(key: try model.key(tags: ["tag:web"], reusable: false))
    let nodeKey = model.server.nodes[0].nodeKey
    model.server.logout(nodeKey: nodeKey, now: model.now)
    #expect(model.server.nodes[0].expiry == nil)
    _ = try model.server.expire(node: 1, now: model.now)
    try model.register(key: try model.key(tags: ["tag:web"]))
    #expect(model.server.nodes.map(\.id) == [1])
    #expect(!model.server.nodes[0].isExpired(at: model.now))
  }

  @Test(
    "#3371: logging out expires a node, up to 0.29.2 a tagged one too", arguments: Mode.writable)
  func logout(mode: Mode) throws {
    var model = try ModelServer(mode)
    try model.register(key: try model.key(user: 1))
    try model.register(
      machine: "b", node: "2", key: try model.key(user: 1, tags: ["tag:web"]))
    for node in model.server.nodes { model.server.logout(nodeKey: node.nodeKey, now: model.now) }
    #expect(model.server.nodes[0].isExpired(at: model.now))
    #expect(model.server.nodes[1].isExpired(at: model.now) == (mode != .v0_29_3))
    #expect(model.server.nodes.allSatisfy { !$0.isOnline(at: model.now) })
  }

  @Test("Up to 0.27 keys are 48 hex digits, belong to a user and are named by their text")
  func oldKeys() throws {
    for mode in [Mode.v0_26, .v0_27] {
      var model = try ModelServer(mode)
      let text = try model.key(user: 1)
      #expect(text.count == 48)
      #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
      #expect(model.server.listPreAuthKeys()[0].text == text)
      #expect(try model.server.preAuthKeyID(text: text, user: 1) == 1)
      #expect(throws: SimulatedServerError.unknown("preauth key does not belong to user")) {
        try model.server.preAuthKeyID(text: text, user: 2)
      }
      #expect(throws: SimulatedServerError.unknown("user not found")) {
        try model.server.listPreAuthKeys(user: nil)
      }
      #expect(throws: SimulatedServerError.unknown("user not found")) {
        try model.key(tags: ["tag:web"])
      }
      #expect(try model.register(key: text).user?.name == "alice")
      let api = model.server.createAPIKey(expiration: model.now.adding(seconds: 9), now: model.now)
      #expect(api.split(separator: ".").map(\.count) == [7, 32])
      #expect(model.server.isValidAPIKey(api, now: model.now))
      #expect(!model.server.isValidAPIKey(api + "0", now: model.now))
    }
  }

  @Test("#3371: an expired tagged node stays expired and its used key fails for ever on 0.29.2")
  func expiredTagged() throws {
    var model = try ModelServer(.v0_29)
    let key = try model.key(tags: ["tag:web"], reusable: false)
    try model.register(key: key)
    _ = try model.server.expire(node: 1, now: model.now)
    #expect(throws: RegistrationRefusal("authkey already used")) { try model.register(key: key) }
    let fresh = try model.key(tags: ["tag:web"])
    try model.register(key: fresh)
    #expect(model.server.nodes[0].isExpired(at: model.now))
    let repaired = try model.server.expire(node: 1, disable: true, now: model.now)
    #expect(repaired.node.expiry == nil)
  }

  @Test(
    "Unknown, malformed and wrong keys in the server's words",
    arguments: [
      (Mode.v0_29, "abc", "invalid pre auth key"),
      (.v0_28, "abc", "handling register with auth key: auth-key not found"),
    ])
  func unknown(mode: Mode, key: String, message: String) throws {
    var model = try ModelServer(mode)
    #expect(throws: RegistrationRefusal(message)) { try model.register(key: key) }
    let wellFormed =
      "hskey-auth-" + String(repeating: "x", count: 12) + "-"
      + String(repeating: "y", count: 64)
    #expect(throws: RegistrationRefusal(message)) { try model.register(key: wellFormed) }
    let good = try model.key(user: 1)
    #expect {
      try model.register(key: String(good.dropLast()) + (good.hasSuffix("a") ? "b" : "a"))
    } throws: { error in
      (error as? RegistrationRefusal)?.message.contains("hashedPassword is not the hash") ?? false
    }
    #expect {
      try model.register(key: "hskey-auth-short")
    } throws: { error in
      (error as? RegistrationRefusal)?.message.contains("failed to parse auth-key") ?? false
    }
  }

  @Test("Expired keys are refused; unknown ids are no error", arguments: Mode.allCases)
  func expire(mode: Mode) throws {
    var model = try ModelServer(mode)
    let key = try model.key(user: 1)
    model.server.expirePreAuthKey(99, now: model.now)
    model.server.expirePreAuthKey(1, now: model.now)
    #expect(throws: RegistrationRefusal("authkey expired")) { try model.register(key: key) }
  }

  @Test("A key needs a user or tags, and well-formed tags")
  func orders() throws {
    var model = try ModelServer(.v0_29)
    let end = model.now.adding(seconds: 900)
    func create(_ order: SimulatedHeadscale.KeyOrder) throws {
      _ = try model.server.createPreAuthKey(order, now: model.now)
    }
    #expect(throws: SimulatedServerError.unknown("auth-key must be either tagged or owned by user"))
    { try create(.init(expiration: end)) }
    #expect(throws: SimulatedServerError.unknown("user not found")) {
      try create(.init(userID: 9, expiration: end))
    }
    #expect(
      throws: SimulatedServerError.invalidArgument("tag must start with the string 'tag:'")
    ) { try create(.init(expiration: end, tags: ["web"])) }
    // Tags on keys need no policy.
    try create(.init(expiration: end, tags: ["tag:web"]))
  }

  @Test("Only the creating answer shows a key; a deleted key leaves its nodes")
  func masked() throws {
    var model = try ModelServer(.v0_29)
    let key = try model.key(user: 1)
    #expect(model.server.listPreAuthKeys()[0].text == String(key.prefix(23)) + "-***")
    try model.register(key: key)
    model.server.deletePreAuthKey(1)
    #expect(model.server.nodes[0].authKeyID == nil)
    #expect(model.server.listPreAuthKeys().isEmpty)
  }

  @Test("#3155: deleting any user drops every key on 0.28, only his own on 0.29")
  func userDeletion() throws {
    for (mode, left) in [(Mode.v0_28, 0), (.v0_29, 1)] {
      var model = try ModelServer(mode)
      _ = try model.key(user: 1)
      _ = try model.key(user: 2)
      try model.server.deleteUser(2)
      #expect(model.server.preAuthKeys.count == left)
    }
  }
}
