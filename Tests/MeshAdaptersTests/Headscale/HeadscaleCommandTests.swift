import Foundation
import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale by its command")
struct HeadscaleCommandTests {
  /// Prints the recordings of one version.
  private func recorded(_ version: String) throws -> String {
    let folder = Bundle.module.resourceURL?.appending(path: "Fixtures/headscale/\(version)").path
    return """
      case "$1 $2" in
        "version "*) cat '\(try #require(folder))/headscale-version.json'; exit ;;
        "nodes list") cat '\(try #require(folder))/headscale-nodes-list.json'; exit ;;
        "users list") cat '\(try #require(folder))/headscale-users-list.json'; exit ;;
        "preauthkeys list") cat '\(try #require(folder))/headscale-preauthkeys-list.json'; exit ;;
        "users create") cat '\(try #require(folder))/headscale-users-create-dup.stderr' >&2; exit 1 ;;
        "policy get") echo '{"error":"loading ACL from database: acl policy not found"}' >&2; exit 1 ;;
      esac
      """
  }

  @Test("Every recording of a real command is read", arguments: HeadscaleFixtures.versions)
  func recordings(version: String) async throws {
    try await FakeHeadscaleCommand.run(try recorded(version)) { command in
      let control = try command.control()
      let identity = try await control.identify()
      #expect(
        identity == ServerIdentity(url: "https://mesh.example.com", version: version))
      let list = try await control.nodes()
      #expect(list.nodes.map(\.givenName) == ["node1", "renamed2"])
      #expect(list.nodes.allSatisfy { $0.user?.name == "alice" && $0.online })
      let time = try #require(list.serverTime)
      #expect(abs(time.seconds - Int64(Date().timeIntervalSince1970)) <= 5)
      let users = try await control.users()
      #expect(users.first?.name == "alice")
      #expect(try await control.policy() == .none)
      // The same facts as over REST, up to what the recording changed in between.
      let rest = try JSONDecoder().decode(
        WireNodeList.self, from: HeadscaleFixtures.body(version, "api-node"))
      #expect(list.nodes.map(\.machineKey) == rest.nodes.map(\.machineKey))
      #expect(list.nodes.map(\.nodeKey) == rest.nodes.map(\.nodeKey))
      #expect(list.nodes.map(\.createdAt) == rest.nodes.map(\.createdAt))
      if version == "0.26.1" {
        let problem = try await failure { try await control.createUser(name: "bob") }
        #expect(problem.code == .apiVersionReadOnly)
        #expect(command.writes.isEmpty)
      } else {
        let problem = try await failure { try await control.createUser(name: "bob") }
        #expect(problem.code == .apiRefused)
        #expect(problem.evidence?.contains("UNIQUE constraint failed") == true)
        let keys = try await control.way.keys()
        #expect(keys.map(\.id).prefix(2) == ["1", "2"])
        #expect(keys.allSatisfy { $0.createdAt != nil } && keys[0].expiration != nil)
      }
    }
  }

  @Test("What 0.30 prints is read: REST's shape, and empty objects for null") func newShape()
    async throws
  {
    let text = """
      case "$1 $2" in
        "version "*) echo '{"version":"v0.30.0"}'; exit ;;
        "nodes list") cat "$here/nodes"; exit ;;
        "users list") echo '[{"id":"1","name":"alice","createdAt":"2026-07-21T10:00:00Z"}]'; exit ;;
        "preauthkeys list") echo '[{"user":{"id":"","name":""},"id":"4","key":"hskey-auth-x-***","used":true,"expiration":"2026-07-21T10:00:00+02:00","createdAt":"2026-07-21T07:00:00Z"}]'; exit ;;
        "policy get") printf '{// mine\\n"tagOwners":{"tag:a":[]}}'; exit ;;
      esac
      """
    try await FakeHeadscaleCommand.run(text) { command in
      let node = MeshNode.json(id: "7", name: "web", tags: #""tag:a""#)
        .replacingOccurrences(of: #""user":null"#, with: #""user":{"id":"","name":""}"#)
      try command.write("nodes", "[\n\(node)\n]\n")
      let control = try command.control()
      let nodes = try await control.nodes().nodes
      #expect(nodes.map(\.tags) == [["tag:a"]] && nodes[0].user == nil)
      #expect(try await control.users() == [MeshUser(id: "1", name: "alice")])
      #expect(try await control.policy() == .tagOwners(["tag:a"]))
      #expect(try await control.notices().isEmpty)
      let keys = try await control.way.keys()
      #expect(keys.map(\.expiration) == [Timestamp(rfc3339: "2026-07-21T08:00:00Z")])
    }
  }

  @Test("Empty lists: null and [] are none, nothing at all is an error") func empty() async throws {
    for (text, isList) in [("null", true), ("[]", true), ("", false), ("{}", false)] {
      try await FakeHeadscaleCommand.run("[ $1 = nodes ] && { printf '%s\\n' '\(text)'; exit; }") {
        command in
        let control = try command.control()
        if isList {
          let nodes = try await control.nodes().nodes
          #expect(nodes.isEmpty)
        } else {
          let problem = try await failure { try await control.nodes() }
          #expect(problem.code == .apiBadAnswer)
          #expect(problem.hint?.contains("nodes list -o json") == true)
        }
      }
    }
  }

  @Test("The exact commands; clearing routes names the flag all the same (#3085)") func exact()
    async throws
  {
    let text = """
      [ "$1 $2" = "nodes delete" ] && { echo '{"Result":"Node deleted"}'; exit; }
      """
    try await FakeHeadscaleCommand.run(text) { command in
      let control = try command.control()
      try await control.createUser(name: "bob")
      try await control.setTags(nodeID: "7", tags: ["tag:a", "tag:b"])
      try await control.approveRoutes(nodeID: "7", routes: ["10.0.0.0/24", "fd00::/64"])
      try await control.approveRoutes(nodeID: "7", routes: [])
      try await control.rename(nodeID: "7", to: "new")
      try await control.disableExpiry(nodeID: "7")
      try await control.expirePreAuthKey(id: "4")
      try await control.deleteNode(id: "7")
      #expect(
        command.writes == [
          "<users><create><-o><json><bob>",
          "<nodes><tag><--identifier=7><--tags=tag:a,tag:b><-o><json>",
          "<nodes><approve-routes><--identifier=7><--routes=10.0.0.0/24,fd00::/64><-o><json>",
          "<nodes><approve-routes><--identifier=7><--routes=><-o><json>",
          "<nodes><rename><--identifier=7><-o><json><new>",
          "<nodes><expire><--identifier=7><--disable><-o><json>",
          "<preauthkeys><expire><--id=4><-o><json>",
          "<nodes><delete><--identifier=7><--force><-o><json>",
        ])
    }
  }

  @Test("What a command line would take for something else is not sent") func unfit() async throws {
    try await FakeHeadscaleCommand.run("") { command in
      let control = try command.control()
      let refused: [() async throws -> Void] = [
        { try await control.rename(nodeID: "7", to: "--help") },
        { try await control.rename(nodeID: "7", to: "a b") },
        { try await control.rename(nodeID: "7 --force", to: "a") },
        { try await control.setTags(nodeID: "7", tags: ["tag:a,tag:b"]) },
        { try await control.approveRoutes(nodeID: "7", routes: [""]) },
        { try await control.deleteNode(id: "-1") },
        { try await control.expirePreAuthKey(id: "x") },
      ]
      for write in refused {
        let problem = try await failure(of: write)
        #expect(problem.code == .apiRefused)
        #expect(problem.message.contains("cannot be given to the headscale command"))
      }
      #expect(command.writes.isEmpty)
    }
  }

  @Test("A command built by hand is told by its help")
  func selfBuilt() async throws {
    let help = """
      case "$*" in
        version*) echo '{"version":"dev"}'; exit ;;
        *--help) grep -F -- "$*:" "$here/help"; exit ;;
      esac
      """
    let cases = [
      ("nodes expire --help: --disable\npolicy get --help: --bypass-server-and", "0.30-dev"),
      ("nodes expire --help: --disable\npolicy get --help: --bypass-grpc-and", "0.29"),
      ("preauthkeys expire --help: --id", "0.28"), ("nodes --help: approve-routes", "0.26"),
    ]
    for (text, version) in cases {
      try await FakeHeadscaleCommand.run(help) { command in
        try command.write("help", text)
        let identity = try await command.control().identify()
        #expect(identity.version == version)
      }
    }
    try await FakeHeadscaleCommand.run(help) { command in
      try command.write("help", "nothing")
      let problem = try await failure { try await command.control().identify() }
      #expect(problem.code == .apiVersionTooOld)
    }
  }

  @Test("The environment is handed on, without the API key; standard input is closed")
  func environment() async throws {
    let text = "[ \"$(cat)\" = '' ] || exit 9"
    try await FakeHeadscaleCommand.run(text) { command in
      let access = APIAccess(
        way: .command([command.program]), url: try #require(ServerURL("https://mesh.example.com")),
        key: nil, keyOrigin: "", caFile: nil)
      let control = try HeadscaleControl(
        access, key: nil,
        environment: [
          "PATH": "/usr/bin:/bin", "HEADSCALE_API_KEY": testKey, "SUDO_PW": "x-secret",
          "HEADSCALE_CONFIG": "/etc/x.yaml", "DOCKER_HOST": "unix:///x",
        ], withheld: ["HEADSCALE_API_KEY", "SUDO_PW"])
      _ = try await control.nodes()
      let seen = command.environment
      #expect(!seen.contains(testKey) && !seen.contains("x-secret"))
      #expect(seen.contains("HEADSCALE_CONFIG=/etc/x.yaml"))
      #expect(seen.contains("DOCKER_HOST=unix:///x") && seen.contains("LC_ALL=C"))
      await control.close()
    }
  }
}
