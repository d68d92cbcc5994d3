import Foundation
import MeshCore
import Testing

@testable import MeshAdapters

/// Which listed API key is ours (samples recorded from 0.26.1, 0.28.0 and 0.29.2).
@Suite struct HeadscaleExaminingTests {
  private func list(_ entries: String) throws -> WireAPIKeyList {
    try JSONDecoder().decode(WireAPIKeyList.self, from: Data("{\"apiKeys\":[\(entries)]}".utf8))
  }

  private static let old =
    #"{"id":"1","prefix":"CB7enef","expiration":"2027-02-20T21:21:42.968225331Z","createdAt":"2026-11-22T21:21:43.026155668Z","lastSeen":null}"#
  private static let new =
    #"{"id":"2","prefix":"hskey-api-X3epZtzW4GWQ-***","expiration":"2027-02-20T21:34:37.622673838Z","createdAt":"2026-11-22T21:34:37.675462831Z","lastSeen":null}"#
  private static let never = #"{"id":"3","prefix":"hskey-api-AAAAAAAAAAAA-***","expiration":null}"#

  @Test(arguments: [
    ("CB7enef.secretsecretsecret", "2027-02-20T21:21:42"),
    ("hskey-api-X3epZtzW4GWQ-" + String(repeating: "s", count: 64), "2027-02-20T21:34:37"),
  ])
  func oursIsFound(key: String, end: String) throws {
    let found = try #require(
      try list([Self.old, Self.new, Self.never].joined(separator: ",")).entry(of: Secret(key)))
    #expect(found.expiration?.rfc3339.hasPrefix(end) == true)
  }

  @Test func oneThatNeverEnds() throws {
    let key = Secret("hskey-api-AAAAAAAAAAAA-xyz")
    let found = try list([Self.new, Self.never].joined(separator: ",")).entry(of: key)
    #expect(found != nil && found?.expiration == nil)
  }

  @Test(arguments: [
    "hskey-api-X3epZtzW4GWR-xyz", "CB7enefX.secret", "CB7ene.secret", "", "hskey-api-",
  ])
  func othersAreNotOurs(key: String) throws {
    #expect(try list([Self.old, Self.new].joined(separator: ",")).entry(of: Secret(key)) == nil)
  }

  @Test func oddLists() throws {
    #expect(try list(#"{"id":"1"}"#).entry(of: Secret("abc")) == nil)
    #expect(try list(#"{"id":"1","prefix":"***"}"#).entry(of: Secret("abc")) == nil)
    #expect(try list(Self.old + "," + Self.old).entry(of: Secret("CB7enef.x")) == nil, "two fit")
    let empty = try JSONDecoder().decode(WireAPIKeyList.self, from: Data("{}".utf8))
    #expect(empty.entry(of: Secret("abc")) == nil)
  }
}
