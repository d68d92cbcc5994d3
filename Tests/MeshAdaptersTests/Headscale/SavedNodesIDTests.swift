import MeshAdapters
import MeshCore
import Testing

/// What `--nodes` files of other tools may hold.
@Suite struct SavedNodesIDTests {
  private func node(_ id: String) -> String {
    """
    {"id":"\(id)","machineKey":"mkey:1","nodeKey":"nodekey:1","name":"n\(id)","givenName":"n\(id)"}
    """
  }

  @Test func oneIDTwiceIsRefused() throws {
    let text = "{\"nodes\":[\(node("2")),\(node("1")),\(node("2"))]}"
    let failure = #expect(throws: Failure.self) {
      try SavedNodes(bytes: Array(text.utf8), file: "nodes.json")
    }
    #expect(failure?.diagnostic.evidence?.contains("Two nodes have the id 2.") == true)
  }

  @Test func aByteOrderMarkIsPassedOver() throws {
    let text = "\u{FEFF}{\"nodes\":[\(node("1"))]}"
    #expect(try SavedNodes(bytes: Array(text.utf8), file: "nodes.json").nodes.map(\.id) == ["1"])
  }
}
