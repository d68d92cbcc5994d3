import MeshCore
import Testing

@testable import MeshAdapters

@Suite("Policies")
struct HeadscalePolicyTextTests {
  @Test(
    "Tag owners are the keys, whatever the owners are",
    arguments: [
      ("{}", PolicyState.tagOwners([])), (" \n", .none),
      ("{\"tagOwners\":null}", .tagOwners([])),
      ("{\"TagOwners\":{\"tag:a\":[\"group:x\"],},}", .tagOwners(["tag:a"])),
      (
        "// c\n{/* tagOwners */\"tagOwners\":{\"tag:a\":[],// \"tag:b\":[]\n}}",
        .tagOwners(["tag:a"])
      ),
      ("{\"acls\":[{\"src\":[\"tagOwners\"]}]}", .tagOwners([])),
      ("/* x", .unreadable("a comment that begins at byte 0 has no end")),
      ("{\"a\" 1}", .unreadable("line 1, column 6 (byte 5): \"1\" does not fit")),
    ])
  func states(text: String, expected: PolicyState) {
    #expect(PolicyText.state(of: text) == expected)
  }

  @Test(
    "A policy of the wrong shape is unreadable, not empty",
    arguments: ["[]", "1", "{\"tagOwners\":[]}"])
  func wrongShape(text: String) {
    guard case .unreadable = PolicyText.state(of: text) else {
      Issue.record("\(PolicyText.state(of: text))")
      return
    }
  }
}
