import MeshCore
import Testing
import YAMLReader

@Suite struct HostSelectorTests {
  static let hosts: [Host] = ["web-1", "web-2", "db-1", "nas.example.com"].map { key in
    var host = Host(key: key, mark: SourceMark(line: 1, column: 1))
    if key.hasPrefix("web") { host.groups = ["web", "linux"] }
    if key == "db-1" { host.groups = ["linux"] }
    if key.hasPrefix("nas") {
      host.name = "nas"
      host.aliases = ["old-nas"]
    }
    return host
  }

  static func select(_ limit: [String], _ exclude: [String] = []) throws -> [String] {
    let keys = try HostSelector.select(
      hosts, groups: ["web", "linux", "empty"], limit: limit, exclude: exclude, shard: nil)
    return hosts.map(\.key).filter(keys.contains)
  }

  @Test(
    arguments: [
      ([], [], ["web-1", "web-2", "db-1", "nas.example.com"]),
      (["all"], [], ["web-1", "web-2", "db-1", "nas.example.com"]),
      (["web-1"], [], ["web-1"]), (["web"], [], ["web-1", "web-2"]),
      (["web-*"], [], ["web-1", "web-2"]), (["linux", "!web-2"], [], ["web-1", "db-1"]),
      (["!web-2,linux"], [], ["web-1", "db-1"]), (["!web"], [], ["db-1", "nas.example.com"]),
      ([" db-1 , web-1 "], [], ["web-1", "db-1"]), (["all"], ["linux"], ["nas.example.com"]),
      ([], ["*-1"], ["web-2", "nas.example.com"]), (["db-1", "empty"], [], ["db-1"]),
      (["nas*"], [], ["nas.example.com"]),
      (["all", "!nope*"], [], ["web-1", "web-2", "db-1", "nas.example.com"]),
    ] as [([String], [String], [String])])
  func selects(limit: [String], exclude: [String], keys: [String]) throws {
    #expect(try Self.select(limit, exclude) == keys)
  }

  @Test(
    arguments: [
      (["web-3"], [], "MESH-SEL-UNKNOWN", "did you mean `web-1`?"),
      (
        ["nas"], [], "MESH-SEL-UNKNOWN",
        "`nas` is a node name or alias of the host `nas.example.com`"
      ),
      ([], ["web-9"], "MESH-SEL-UNKNOWN", "did you mean `web-1`?"),
      ([""], [], "MESH-SEL-PATTERN", "leave the flag out to select all hosts"),
      (["web-1,"], [], "MESH-SEL-PATTERN", "leave the flag out to select all hosts"),
      (["!"], [], "MESH-SEL-PATTERN", "leave the flag out to select all hosts"),
      ([], ["!web-1"], "MESH-SEL-PATTERN", "write --limit web-1"),
      (["zzz*"], [], "MESH-SEL-EMPTY", nil), (["empty"], [], "MESH-SEL-EMPTY", nil),
      (["web-1"], ["all"], "MESH-SEL-EMPTY", nil), (["qqqqqqqq"], [], "MESH-SEL-UNKNOWN", nil),
    ] as [([String], [String], String, String?)])
  func refuses(limit: [String], exclude: [String], code: String, hint: String?) throws {
    let failure = #expect(throws: Failure.self) { try Self.select(limit, exclude) }
    #expect(failure?.diagnostic.code.rawValue == code)
    #expect(failure?.diagnostic.hint == hint)
  }

  @Test func anEmptyInventoryWithoutPatternsIsNoError() throws {
    let keys = try HostSelector.select([], groups: [], limit: [], exclude: [], shard: nil)
    #expect(keys.isEmpty)
  }
}
