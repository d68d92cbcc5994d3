import Foundation
import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale's two shapes, and what every node has")
struct HeadscaleShapeTests {
  private static let names = ["machine_key", "created_at", "acl_tags", "node_key"]

  /// Answers both lists with files.
  private static let files = """
    case "$1 $2" in
      "nodes list") cat "$here/nodes"; exit ;;
      "users list") cat "$here/users"; exit ;;
    esac
    """

  @Test("A client's hostname does not choose the shape of 0.30's list", arguments: names)
  func hostnames(name: String) async throws {
    try await FakeHeadscaleCommand.run(Self.files) { command in
      let list = "[\(MeshNode.json(id: "7", name: name)),\(MeshNode.json(id: "8", name: "web"))]"
      try command.write("nodes", list)
      try command.write("users", #"[{"id":"1","name":"\#(name)","displayName":"A"}]"#)
      let control = try command.control()
      let nodes = try await control.nodes().nodes
      #expect(nodes.map(\.givenName) == [name, "web"])
      #expect(nodes.allSatisfy { $0.machineKey == "mkey:1" && $0.nodeKey == "nodekey:1" })
      let users = try await control.users()
      #expect(users == [MeshUser(id: "1", name: name, displayName: "A")])
      let saved = try SavedNodes(bytes: Array(list.utf8), file: "nodes.json")
      #expect(saved.nodes == nodes)
    }
  }

  @Test("Nor does one of REST's words choose that of older lists") func oldHostnames() async throws
  {
    try await FakeHeadscaleCommand.run(Self.files) { command in
      try command.write(
        "nodes",
        #"[{"id":7,"machine_key":"mkey:1","node_key":"nodekey:1","name":"machineKey","given_name":"machineKey"}]"#
      )
      let nodes = try await command.control().nodes().nodes
      #expect(nodes.map(\.givenName) == ["machineKey"] && nodes[0].nodeKey == "nodekey:1")
    }
  }

  private static let lacking: [(node: String, words: String)] = [
    (#"{"id":7,"node_key":"n","given_name":"a"}"#, "node 7 has no machine key"),
    (#"{"id":7,"machine_key":"m","given_name":"a"}"#, "node 7 has no node key"),
    (#"{"id":7,"machine_key":"m","node_key":"","given_name":"a"}"#, "node 7 has no node key"),
    (#"{"id":7,"machine_key":"m","node_key":"n"}"#, "node 7 has no given name"),
    (#"{"id":7,"machine_key":7,"node_key":"n","given_name":"a"}"#, "[0].machine_key"),
    (#"{"machine_key":"m","node_key":"n","given_name":"a"}"#, "There is no id"),
    (#"{"id":"7","nodeKey":"n","givenName":"a"}"#, "node 7 has no machine key"),
    (#"{"id":"7","machineKey":"m","nodeKey":null,"givenName":"a"}"#, "node 7 has no node key"),
    (#"{"id":"7","machineKey":"m","nodeKey":"n","givenName":""}"#, "node 7 has no given name"),
  ]

  @Test("A node without keys or name is no node", arguments: lacking)
  func lack(node: String, words: String) async throws {
    try await FakeHeadscaleCommand.run(Self.files) { command in
      try command.write("nodes", "[\(node)]")
      let problem = try await failure { try await command.control().nodes() }
      #expect(problem.code == .apiBadAnswer)
      #expect(problem.message.contains(words), "\(problem)")
    }
  }

  @Test("Over REST too", arguments: lacking.filter { $0.node.hasPrefix(#"{"id":"7""#) })
  func lackOverREST(node: String, words: String) async throws {
    try await HeadscaleTestServer.run({ request in
      request.uri.hasPrefix("/version")
        ? .answer(200, versionBody("0.29.2")) : .answer(200, "{\"nodes\":[\(node)]}")
    }) { server in
      let problem = try await withREST(port: server.port) { control in
        try await failure { try await control.nodes() }
      }
      #expect(problem.code == .apiBadAnswer)
      #expect(problem.message.contains(words), "\(problem)")
    }
  }

  /// Changes and deletions are told to the server by id.
  @Test("A list with one id twice is none") func repeatedID() async throws {
    let one = #"{"id":"7","machineKey":"m","nodeKey":"n","givenName":"a"}"#
    let two = #"{"id":"7","machineKey":"m2","nodeKey":"n2","givenName":"b"}"#
    try await HeadscaleTestServer.run({ request in
      request.uri.hasPrefix("/version")
        ? .answer(200, versionBody("0.29.2")) : .answer(200, "{\"nodes\":[\(one),\(two)]}")
    }) { server in
      let problem = try await withREST(port: server.port) { control in
        try await failure { try await control.nodes() }
      }
      #expect(problem.code == .apiBadAnswer)
      #expect(problem.message.contains("two nodes have the id 7"), "\(problem)")
    }
  }
}
