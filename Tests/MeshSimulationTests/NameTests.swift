import MeshCore
import MeshSimulation
import Testing

/// Reference headscale-api.md §5.1.
@Suite struct NameTests {
  @Test(
    "0.29 derives the given name as Tailscale's SanitizeHostname does (#2926)",
    arguments: [
      ("Joe's Mac mini", "joes-mac-mini"), ("mail.server", "mail-server"), ("My-PC!", "my-pc"),
      ("例え", "node"), ("web1.local", "web1"), ("web1.lan", "web1"), ("", "node"),
      ("a_b@c d", "a-b-c-d"), ("--x--", "x"),
    ])
  func derives029(hostname: String, expected: String) throws {
    var model = try ModelServer(.v0_29)
    let view = try model.register(hostname: hostname, key: try model.key(user: 1))
    #expect(view.node.givenName == expected)
    #expect(view.node.hostname == hostname)
  }

  @Test("0.28 keeps valid names in lower case and replaces others (#3188)")
  func derives028() throws {
    var model = try ModelServer(.v0_28)
    let key = try model.key(user: 1)
    #expect(try model.register(hostname: "Web1", key: key).node.givenName == "web1")
    let odd = try model.register(machine: "b", node: "2", hostname: "Joe's Mac", key: key)
    #expect(odd.node.givenName.hasPrefix("invalid-"))
    #expect(odd.node.givenName == odd.node.hostname)
    let empty = try model.register(machine: "c", node: "3", hostname: "", key: key)
    #expect(empty.node.givenName == "node-33333333")
  }

  @Test("A taken name gets -1 on 0.29 and eight random characters on 0.28 (#634)")
  func collisions() throws {
    var new = try ModelServer(.v0_29)
    var key = try new.key(user: 1)
    let names = try ["a", "b", "c"].enumerated().map { index, machine in
      try new.register(
        machine: Character(machine), node: Character("\(index)"), hostname: "web", key: key
      ).node.givenName
    }
    #expect(names == ["web", "web-1", "web-2"])

    var old = try ModelServer(.v0_28)
    key = try old.key(user: 1)
    try old.register(hostname: "web", key: key)
    let second = try old.register(machine: "b", node: "2", hostname: "web", key: key)
    #expect(second.node.givenName.hasPrefix("web-"))
    #expect(second.node.givenName.count == 12)
  }

  @Test("A derived name follows the host name, a given one does not", arguments: Mode.allCases)
  func follows(mode: Mode) throws {
    var model = try ModelServer(mode)
    let key = try model.key(user: 1)
    let id = try model.register(hostname: "web1", key: key).node.id
    #expect(try model.register(hostname: "web2", key: key).node.givenName == "web2")
    _ = try model.server.rename(node: id, to: "kept", now: model.now)
    let view = try model.register(hostname: "web3", key: key)
    #expect(view.node.hostname == "web3")
    #expect(view.node.givenName == "kept")
  }

  @Test(
    "Renaming refuses what is no label, in the server's words",
    arguments: [
      (
        Mode.v0_28, "Bad_Name",
        "renaming node: hostname \"Bad_Name\" must be lowercase (try \"bad_name\")"
      ),
      (
        .v0_28, "x", "renaming node: hostname \"x\" is too short, must be at least 2 characters"
      ),
      (
        .v0_29, "a.b",
        "renaming node: \"a.b\" is not a valid DNS label: \"a.b\" is not a valid DNS label: "
          + "contains invalid character '.'"
      ),
    ])
  func renameWords(mode: Mode, name: String, message: String) throws {
    var model = try ModelServer(mode)
    let id = try model.register(key: try model.key(user: 1)).node.id
    #expect(throws: SimulatedServerError.unknown(message)) {
      try model.server.rename(node: id, to: name, now: model.now)
    }
  }

  @Test("Names are unique; a swap needs a third name", arguments: Mode.allCases)
  func unique(mode: Mode) throws {
    var model = try ModelServer(mode)
    let key = try model.key(user: 1)
    let first = try model.register(hostname: "one", key: key).node.id
    let second = try model.register(machine: "b", node: "2", hostname: "two", key: key).node.id
    let isOld = [.v0_26, .v0_27].contains(mode)
    let words = isOld ? "name is not unique: two" : "node name is not unique: two"
    let refusal: SimulatedServerError =
      mode == .v0_30 ? .problem(400, "renaming node", words) : .unknown(words)
    #expect(throws: refusal) {
      try model.server.rename(node: first, to: "two", now: model.now)
    }
    #expect(try model.server.rename(node: first, to: "one", now: model.now).node.id == first)
    _ = try model.server.rename(node: first, to: "third", now: model.now)
    _ = try model.server.rename(node: second, to: "one", now: model.now)
    _ = try model.server.rename(node: first, to: "two", now: model.now)
    #expect(model.server.nodes.map(\.givenName) == ["two", "one"])
  }

  @Test("0.29 takes upper case and one character in a rename, 0.28 does not")
  func renameDifferences() throws {
    var new = try ModelServer(.v0_29)
    let id = try new.register(key: try new.key(user: 1)).node.id
    #expect(try new.server.rename(node: id, to: "X", now: new.now).node.givenName == "X")
  }
}
