import MeshCore
import MeshSimulation
import Testing

/// Reference headscale-api.md §5.2: what a second registration of one machine does.
@Suite struct RegistrationTests {
  /// Who a node belongs to, or which key registers it.
  enum Owner: Sendable {
    case user(Int)
    case tags([String], user: Int?)
  }

  enum Result: Sendable, Equatable {
    case same(tags: [String], user: Int?)
    case new
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var mode: Mode
    var existing: Owner
    var key: Owner
    var result: Result
    var testDescription: String { "\(mode.rawValue): \(existing) with key of \(key)" }
  }

  static let web = ["tag:web"]
  static let rows: [Row] = [
    Row(mode: .v0_28, existing: .user(1), key: .user(1), result: .same(tags: [], user: 1)),
    Row(mode: .v0_28, existing: .user(1), key: .user(2), result: .new),
    Row(
      mode: .v0_28, existing: .user(1), key: .tags(web, user: 1),
      result: .same(tags: [], user: 1)),
    Row(mode: .v0_28, existing: .user(1), key: .tags(web, user: nil), result: .new),
    Row(
      mode: .v0_28, existing: .tags(web, user: 1), key: .tags(["tag:db"], user: 1),
      result: .same(tags: web, user: 1)),
    Row(
      mode: .v0_28, existing: .tags(web, user: nil), key: .tags(web, user: nil), result: .new),
    Row(
      mode: .v0_28, existing: .tags(web, user: 1), key: .user(1),
      result: .same(tags: web, user: 1)),
    Row(mode: .v0_28, existing: .tags(web, user: 2), key: .user(1), result: .new),
    Row(mode: .v0_29, existing: .user(1), key: .user(1), result: .same(tags: [], user: 1)),
    Row(mode: .v0_29, existing: .user(1), key: .user(2), result: .new),
    Row(
      mode: .v0_29, existing: .user(1), key: .tags(web, user: 1),
      result: .same(tags: web, user: nil)),
    Row(
      mode: .v0_29, existing: .user(1), key: .tags(web, user: nil),
      result: .same(tags: web, user: nil)),
    Row(mode: .v0_29, existing: .user(1), key: .tags(web, user: 2), result: .new),
    Row(
      mode: .v0_29, existing: .tags(web, user: nil), key: .tags(["tag:db"], user: nil),
      result: .same(tags: web, user: nil)),
    Row(
      mode: .v0_29, existing: .tags(web, user: nil), key: .tags(web, user: nil),
      result: .same(tags: web, user: nil)),
    Row(
      mode: .v0_29, existing: .tags(web, user: nil), key: .user(1),
      result: .same(tags: web, user: nil)),
  ]

  /// HEAD is as 0.29.2; 0.29.3 gives a tagged node the tags of another key; up to 0.27 tags are an
  /// attribute of a user's node.
  static let otherRows: [Row] =
    rows.filter { $0.mode == .v0_29 }.map { row in
      var row = row
      row.mode = .v0_30
      return row
    } + [
      Row(
        mode: .v0_29, existing: .tags(web, user: 1), key: .user(2),
        result: .same(tags: web, user: nil)),
      Row(
        mode: .v0_29_3, existing: .tags(web, user: nil), key: .tags(["tag:db"], user: nil),
        result: .same(tags: ["tag:db"], user: nil)),
      Row(
        mode: .v0_29_3, existing: .tags(web, user: nil), key: .tags(web, user: nil),
        result: .same(tags: web, user: nil)),
      Row(
        mode: .v0_29_3, existing: .tags(web, user: nil), key: .user(1),
        result: .same(tags: web, user: nil)),
      Row(
        mode: .v0_29_3, existing: .user(1), key: .tags(web, user: nil),
        result: .same(tags: web, user: nil)),
      Row(
        mode: .v0_26, existing: .tags(web, user: 1), key: .user(1),
        result: .same(tags: [], user: 1)),
      Row(
        mode: .v0_27, existing: .user(1), key: .tags(web, user: 1),
        result: .same(tags: web, user: 1)),
      Row(mode: .v0_27, existing: .user(1), key: .user(2), result: .new),
      Row(mode: .v0_26, existing: .tags(web, user: 1), key: .tags(web, user: 2), result: .new),
    ]

  @Test("A machine that registers again (#3370)", arguments: rows + otherRows)
  func matrix(row: Row) throws {
    var model = try ModelServer(row.mode)
    func key(_ owner: Owner, _ model: inout ModelServer) throws -> String {
      switch owner {
      case .user(let id): try model.key(user: id)
      case .tags(let tags, let user): try model.key(user: user, tags: tags)
      }
    }
    let first = try model.register(key: try key(row.existing, &model))
    let second = try model.register(node: "2", key: try key(row.key, &model))
    switch row.result {
    case .new:
      #expect(second.node.id != first.node.id)
      #expect(second.node.ipAddresses != first.node.ipAddresses)
      #expect(second.node.givenName != first.node.givenName)
      #expect(model.server.nodes.count == 2)
    case .same(let tags, let user):
      #expect(second.node.id == first.node.id)
      #expect(second.node.ipAddresses == first.node.ipAddresses)
      #expect(second.node.tags == tags)
      #expect(second.node.userID == user)
      #expect(second.node.nodeKey != first.node.nodeKey)
      #expect(model.server.nodes.count == 1)
    }
  }

  @Test(
    "Two users' nodes of one machine and a user-less tagged key: ambiguous from 0.29 on",
    arguments: [Mode.v0_29, .v0_29_3, .v0_30])
  func ambiguous(mode: Mode) throws {
    var model = try ModelServer(mode)
    try model.register(key: try model.key(user: 1))
    try model.register(node: "2", key: try model.key(user: 2))
    let key = try model.key(tags: Self.web)
    #expect(throws: RegistrationRefusal("machine key maps to ambiguous node ownership")) {
      try model.register(node: "3", key: key)
    }
  }

  @Test("Wiped client state makes a new node", arguments: Mode.allCases)
  func wiped(mode: Mode) throws {
    var model = try ModelServer(mode)
    let key = try model.key(user: 1)
    try model.register(key: key)
    #expect(try model.register(machine: "b", node: "2", key: key).node.id == 2)
  }

  @Test("--advertise-tags with a key is refused at first registration (#3374)")
  func advertiseTags() throws {
    var model = try ModelServer(.v0_29)
    let key = try model.key(user: 1)
    #expect(
      throws: RegistrationRefusal(
        "handling register with auth key: requested tags [tag:x] are invalid or not permitted")
    ) {
      try model.register(key: key, requestTags: ["tag:x"])
    }
    #expect(model.server.nodes.isEmpty)
  }

  @Test("A node key of another machine is refused")
  func foreignNodeKey() throws {
    var model = try ModelServer(.v0_29)
    let key = try model.key(user: 1)
    try model.register(key: key)
    #expect(throws: RegistrationRefusal("node key already in use by another machine")) {
      try model.register(machine: "b", key: key)
    }
  }

  @Test("Before 0.28 freed addresses are not used again")
  func oldAddresses() throws {
    var model = try ModelServer(.v0_27)
    let key = try model.key(user: 1)
    try model.register(key: key)
    try model.server.delete(node: 1)
    let second = try model.register(machine: "b", node: "2", hostname: "b1", key: key)
    #expect(second.node.ipAddresses == ["100.64.0.2", "fd7a:115c:a1e0::2"])
  }

  @Test("Freed addresses are used again", arguments: Mode.writable)
  func addresses(mode: Mode) throws {
    var model = try ModelServer(mode)
    let key = try model.key(user: 1)
    try model.register(key: key)
    try model.register(machine: "b", node: "2", hostname: "b1", key: key)
    try model.server.delete(node: 1)
    let third = try model.register(machine: "c", node: "3", hostname: "c1", key: key)
    #expect(third.node.ipAddresses == ["100.64.0.1", "fd7a:115c:a1e0::1"])
    #expect(third.node.id == 3)
  }
}
