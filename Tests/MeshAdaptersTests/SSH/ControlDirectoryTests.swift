import Foundation
import Testing

@testable import MeshAdapters

@Suite("The private folder of a run")
struct ControlDirectoryTests {
  /// Of runs that were killed: only old ones, only ours, only of that name, never through a link.
  @Test func whatKilledRunsLeft() throws {
    let files = FileManager.default
    let parent = NSTemporaryDirectory() + "/meshctl-control-\(UUID().uuidString)"
    try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: parent) }
    func make(_ name: String, mode: Int = 0o700, age: Double) throws {
      let place = parent + "/" + name
      try files.createDirectory(
        atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
      #expect(files.createFile(atPath: place + "/known_hosts", contents: Data("x".utf8)))
      try files.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: place)
    }
    try make("meshctl-0123456789ab", age: 90_000)
    try make("meshctl-0123456789ac", age: 3_600)
    try make("meshctl-0123456789ad", mode: 0o755, age: 90_000)
    try make("meshctl-0123456789ax", age: 90_000)
    try make("meshctl-tests", age: 90_000)
    try make("other", age: 90_000)
    try files.createSymbolicLink(
      atPath: parent + "/meshctl-0123456789ae", withDestinationPath: parent + "/other")
    ControlDirectory.removeStale(in: parent, olderThan: 86_400)
    #expect(
      try files.contentsOfDirectory(atPath: parent).sorted() == [
        "meshctl-0123456789ac", "meshctl-0123456789ad", "meshctl-0123456789ae",
        "meshctl-0123456789ax", "meshctl-tests", "other",
      ])
    #expect(try files.contentsOfDirectory(atPath: parent + "/other") == ["known_hosts"])
  }
}
