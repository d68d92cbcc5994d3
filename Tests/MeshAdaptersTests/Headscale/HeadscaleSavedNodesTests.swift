import Foundation
import MeshCore
import Testing

@testable import MeshAdapters

@Suite("Saved node lists")
struct HeadscaleSavedNodesTests {
  private func read(_ text: String) throws -> SavedNodes {
    try SavedNodes(bytes: Array(text.utf8), file: "nodes.json")
  }

  @Test("The API's body and the command line's list", arguments: HeadscaleFixtures.versions)
  func recorded(version: String) throws {
    let api = try read(HeadscaleFixtures.text(version, "api-node"))
    let cli = try read(HeadscaleFixtures.text(version, "headscale-nodes-list"))
    for saved in [api, cli] {
      #expect(saved.users == nil)
      #expect(saved.policy == .unknown)
      #expect(saved.takenAt == nil)
      #expect(saved.version == nil)
      #expect(saved.nodes.map(\.id) == ["1", "2"])
      let node = try #require(saved.nodes.first)
      #expect(node.user?.name == "alice" && node.user?.id == "1")
      #expect(node.hostname == "node1" && node.givenName == "node1")
      #expect(node.ipAddresses == ["100.64.0.1", "fd7a:115c:a1e0::1"])
      #expect(node.expiry == nil)
      #expect(node.lastSeen != nil && node.createdAt != nil)
    }
    // Both are of the same server and the same hour: who is who must agree.
    #expect(api.nodes.map(\.machineKey) == cli.nodes.map(\.machineKey))
    #expect(api.nodes.map(\.nodeKey) == cli.nodes.map(\.nodeKey))
    #expect(api.nodes.map(\.createdAt) == cli.nodes.map(\.createdAt))
    #expect(cli.nodes[1].approvedRoutes == ["10.77.0.0/24"])
    #expect(cli.nodes[1].availableRoutes == ["10.77.0.0/24", "10.78.0.0/24"])
  }

  @Test("The command line of 0.30: camelCase, empty objects for null") func cli30() throws {
    let saved = try read(
      #"""
      [{"id":"3","machineKey":"mkey:a","nodeKey":"nodekey:a","name":"web","givenName":"web",
        "user":{"id":"","name":"","createdAt":"","displayName":""},"tags":["tag:web"],
        "expiry":"","lastSeen":"2026-07-20T10:00:00.5Z","online":true,"ipAddresses":[]},
       {"id":"2","user":{"id":"1","name":"alice"},"givenName":"a"}]
      """#)
    #expect(saved.nodes.map(\.id) == ["2", "3"])
    #expect(saved.nodes[1].user == nil && saved.nodes[1].tags == ["tag:web"])
    #expect(saved.nodes[1].expiry == nil && saved.nodes[1].online)
    #expect(saved.nodes[0].user?.name == "alice")
  }

  @Test("Zero values of the old command line are absent") func sparse() throws {
    let saved = try read(
      #"[{"id":12,"machine_key":"mkey:a","expiry":{"seconds":123},"last_seen":{"seconds":-62135596800}}]"#
    )
    let node = try #require(saved.nodes.first)
    #expect(node.id == "12" && !node.online && node.user == nil)
    #expect(node.expiry == Timestamp(seconds: 123))
    #expect(node.lastSeen == nil)
  }

  @Test("Empty lists in every spelling", arguments: ["null", " null\n", "[]", #"{"nodes":[]}"#])
  func empty(text: String) throws {
    #expect(try read(text).nodes.isEmpty)
  }

  @Test("Our own format") func own() throws {
    let saved = try read(
      """
      {"format":"meshctl-nodes","version":1,"takenAt":"2026-11-22T21:26:14Z",
       "server":{"url":"https://mesh.example.com","version":"v0.29.2"},
       "nodes":[\(MeshNode.json(id: "5", name: "five"))],
       "users":[{"id":"1","name":"alice","email":"a@x"}],"tagOwners":["tag:a"]}
      """)
    #expect(saved.nodes.map(\.givenName) == ["five"])
    #expect(saved.users == [MeshUser(id: "1", name: "alice", email: "a@x")])
    #expect(saved.policy == .tagOwners(["tag:a"]))
    #expect(saved.takenAt?.rfc3339 == "2026-11-22T21:26:14Z")
    #expect(saved.version == "0.29.2")
    #expect(saved.serverURL == "https://mesh.example.com")
    let bare = try read(#"{"format":"meshctl-nodes","version":1,"nodes":[],"tagOwners":null}"#)
    #expect(bare.policy == .none && bare.users == nil && bare.version == nil)
    let unread = try read(#"{"format":"meshctl-nodes","version":1,"nodes":[]}"#)
    #expect(unread.policy == .unknown)
  }

  @Test(
    "What is no node list says why and where",
    arguments: [
      ("", "It is empty"), ("   \n", "It is empty"), ("nodes:\n  - a", "null"),
      ("# hi", "begins neither"), ("{}", "\"nodes\" is missing"),
      (#"{"nodes":[{"id":"1"},{"id":"x"}]}"#, "[1].id"),
      (#"{"nodes":[{"id":"1","expiry":"soon"}]}"#, "expiry: This is not a time"),
      (#"{"format":"other","version":1,"nodes":[]}"#, "format is unknown"),
      (#"{"format":"meshctl-nodes","version":2,"nodes":[]}"#, "newer meshctl"),
      (#"[{"id":1,"machine_key":"a"},{"machine_key":"b"}]"#, "[1].id: There is no id"),
      (#"{"nodes":[{"id":"1",}]"#, "line 1, column 21 (byte 20): \"}\" does not fit"),
      ("[1]", "[0]"),
      ("[\n {\"id\":\"1\"\n", "line 3, column 1 (byte 13): the end of the text"),
      ("\u{0}\u{1}", "begins neither"),
    ])
  func unreadable(text: String, words: String) async throws {
    let diagnostic = try await failure { try read(text) }
    #expect(diagnostic.code == .nodesFile)
    #expect(diagnostic.message.contains("nodes.json"))
    if words != "null" {
      #expect(diagnostic.evidence?.contains(words) == true, "\(diagnostic.evidence ?? "")")
    }
    #expect(diagnostic.evidence?.contains("\(text.utf8.count) bytes") == true)
  }
}
