import Testing

@testable import meshctl

/// What Tab offers from an inventory.
@Suite struct CompletionTests {
  @Test func hostsAndGroupsOfTheNamedInventory() throws {
    let scratch = try Scratch()
    let file = try scratch.file(
      "fleet.yaml",
      """
      version: 1
      server: {url: "https://mesh.example.com"}
      groups: {servers: {hosts: [web-1]}}
      hosts: {web-1: {}, "nas.example": {name: nas}, "odd$name": {address: 192.0.2.1, name: odd}}

      """)
    let words = ["meshctl", "plan", file, "--limit", ""]
    #expect(
      HostCompletion.words(words, index: 4, prefix: "") == ["web-1", "nas.example", "servers"])
    #expect(
      HostCompletion.words(words, index: 4, prefix: "web-1,s")
        == ["web-1,web-1", "web-1,nas.example", "web-1,servers"])
  }

  @Test(arguments: ["", "version: [", "version: 1\n"])
  func anInventoryThatIsNoneOffersNothing(text: String) throws {
    let scratch = try Scratch()
    let file = try scratch.file("fleet.yaml", text)
    #expect(HostCompletion.words(["meshctl", "plan", file, ""], index: 3, prefix: "").isEmpty)
  }

  /// The word under the cursor is no inventory yet, and a folder is none at all.
  @Test func nothingIsReadThatIsNoFile() throws {
    let scratch = try Scratch()
    #expect(HostCompletion.words(["meshctl", "x.yaml"], index: 1, prefix: "x").isEmpty)
    #expect(
      HostCompletion.words(["meshctl", scratch.path + "/a.yaml", ""], index: 2, prefix: "")
        .isEmpty)
    #expect(HostCompletion.words(["meshctl", "/dev/zero.yaml", ""], index: 2, prefix: "").isEmpty)
  }
}
