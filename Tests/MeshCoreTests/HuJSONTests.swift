import MeshCore
import Testing

@Suite("HuJSON")
struct HuJSONTests {
  private func strict(_ text: String) throws -> String {
    String(decoding: try HuJSON.strictJSON(text.utf8), as: UTF8.self)
  }

  @Test(arguments: [
    ("{\"a\":1}", "{\"a\":1}"),
    ("{\"a\":1,}", "{\"a\":1 }"),
    ("[1, 2 , // two\n]", "[1, 2    \n]"),
    ("[1,/* a\nb */2]", "[1, \n2]"),
    ("{\"u\":\"http://x,]/*no*/\"}", "{\"u\":\"http://x,]/*no*/\"}"),
    ("[\"a\\\",]//\",]", "[\"a\\\",]//\" ]"),
    ("// only", " "),
    ("[1/*,*/,]", "[1  ]"),
    ("", ""),
  ])
  func `Comments and trailing commas go, strings stay`(text: String, expected: String) throws {
    #expect(try strict(text) == expected)
  }

  @Test func `A byte order mark is dropped`() throws {
    #expect(try HuJSON.strictJSON([0xEF, 0xBB, 0xBF, 0x5B, 0x5D]) == [0x5B, 0x5D])
  }

  @Test func `What never ends is refused with its place`() {
    #expect(throws: HuJSON.Problem.unterminatedString(2)) { try strict("[ \"abc") }
    #expect(throws: HuJSON.Problem.unterminatedString(0)) { try strict("\"abc\\") }
    #expect(throws: HuJSON.Problem.unterminatedComment(1)) { try strict("[/* a *") }
    #expect(throws: HuJSON.Problem.unterminatedComment(0)) { try strict("/*/") }
  }
}
