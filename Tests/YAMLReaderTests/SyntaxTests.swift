import Testing
import YAMLReader

/// What is said about a text that is no YAML: the cause in plain words, and what to do.
struct SyntaxTests {
  @Test(arguments: [
    ("a:\n1️⃣\tb: 1", "TAB"), ("a:\n  b: 1\n 1️⃣\tc: 2", "TAB"), ("1️⃣\ta: 1", "TAB"),
    ("a: |\n1️⃣\tx\n", "TAB"), ("a:\n  - 1\n1️⃣\t- 2\n", "TAB"),
    ("a: 1️⃣\"open\nb: 1\n", "quote that opens here is never closed"),
    ("a: 1️⃣'open\nb: 1\n", "quote that opens here is never closed"),
    ("a: 1️⃣\"open\n---\nb", "quote that opens here is never closed"),
    ("a: 1️⃣[1, 2", "`[` that opens here is never closed"),
    ("a: 1️⃣{b: 1\n", "`{` that opens here is never closed"),
    ("a: 2️⃣[1, 2\nb1️⃣: 3\n", "`,` or `]` is missing"),
    ("a: 2️⃣[\"x\" 1️⃣\"y\"]", "`,` or `]` is missing"),
    ("a: 2️⃣{\"x\": 1 \"y\"1️⃣: 2}", "`,` or `}` is missing"),
    ("a: 1\nb1️⃣:2\nc: 3\n", "a space is missing after this `:`"),
    ("a: 1\nos1️⃣:linux\n", "a space is missing after this `:`"),
    ("hosts:\n  b1️⃣:2\n  c: 3\n", "a space is missing after this `:`"),
    ("a: 1\n1️⃣hosts\nb: 2\n", "a key without `:`"), ("a: 1\n1️⃣hosts", "a key without `:`"),
    ("a: b1️⃣: c", "needs quotes"), ("a: x\n  b1️⃣: y", "indented deeper"),
    ("a: 2️⃣[[1, 2], 1️⃣, 3]", "a value is missing here"),
    ("a: [1, 1️⃣{b: [], c:\n", "`{` that opens here is never closed"),
    ("a: 1️⃣[b: \n", "`[` that opens here is never closed"),
    ("2️⃣- a\n1️⃣b: 1\n", "the indentation fits no line"),
    ("a:\n  b: 1\n 1️⃣c: 2\n", "the indentation fits no line"),
    ("a: \"x\" 1️⃣y", "closing quote"), ("a: 1️⃣@home", "cannot begin with `@`"),
    ("a: 1️⃣`x`", "cannot begin with ``"), ("a: 1️⃣%x", "cannot begin with `%`"),
    ("é: \"C:\\U1️⃣sers\"", "single quotes, as for Windows paths"), ("a: ]", "YAML"),
    ("a: *", "alias"), ("a: & x", "anchor"), ("%YAML 3.0\n---\na", "YAML"), ("a: |x\n  y", "block"),
    ("%FOO\n---\na: 1", "directive"),
  ])
  func `the cause is named`(text: String, words: String) throws {
    let error = try expectError(.syntax, text, says: words)
    #expect(error.mark != nil)
  }

  @Test func `libyaml's own words stay findable`() throws {
    try expectError(
      .syntax, "2️⃣a:\n  b: 1\n 1️⃣c: 2\n", says: "did not find expected key",
      "while parsing a block mapping", "line 1")
  }

  @Test func `a description is one line with position, second place and hint`() {
    let error = YAMLError(
      .duplicateKey, "twice", hint: "delete one", at: SourceMark(line: 3, column: 7),
      related: .init(message: "first here", mark: SourceMark(line: 1, column: 1)))
    #expect(error.description == "3:7: twice (first here, line 1); delete one")
    #expect(YAMLError(.empty, "the file is empty").description == "the file is empty")
  }
}
