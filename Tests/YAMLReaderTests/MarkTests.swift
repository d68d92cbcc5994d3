import Testing
import YAMLReader

/// Where nodes begin and end; the places are marked in the texts.
struct MarkTests {
  /// Expects the value of the first pair (or the root itself) to lie from mark 1 to mark 2.
  @Test(arguments: [
    "a: 1️⃣plain2️⃣\nb: 1", "a: 1️⃣'it''s'2️⃣  # c\n", "a: 1️⃣\"x\\ty\"2️⃣", "a: 1️⃣two words2️⃣   \nb: 1",
    "a: 1️⃣two\n  lines2️⃣\nb: 1", "a: 1️⃣\"two\n  lines\"2️⃣\nb: 1", "a: 1️⃣[x, {y: z}]2️⃣\nb: 1",
    "a: 1️⃣{\n  x: 1,\n}2️⃣ # c\n", "a: 1️⃣[]2️⃣", "a:\n  1️⃣- x\n  - y2️⃣\n\n# c\nb: 1", "a:\n1️⃣- x2️⃣\nb: 1",
    "a:\n  1️⃣k: 1\n  l: 22️⃣\n\n\nb: 1", "a:\n  1️⃣k:\n    l: m2️⃣\nb: 1", "a: 1️⃣&n x2️⃣\nb: 1",
    "a: 1️⃣!!str x2️⃣\nb: 1", "a: 1️⃣|\n  one\n  two2️⃣\nb: 1", "a: 1️⃣>-\n  one\n\n  two2️⃣\n\n\n# c\nb: 1",
    "a: 1️⃣|+\n  one2️⃣\n\n\nb: 1", "a: 1️⃣|2️⃣\nb: 1", "a: 1️⃣|\n  at the end2️⃣", "a: 1️⃣|\n  é€😀2️⃣\n",
    "a:1️⃣2️⃣\nb: 1", "a:1️⃣2️⃣", "é€😀: 1️⃣é2️⃣", "\"é\": 1️⃣[\"😀\", ü]2️⃣", "# é\r\na: 1️⃣x2️⃣\r\nb: 1\r\n",
    "# one\r# two\ra: 1️⃣x2️⃣\r", "a: 1️⃣|\r\n  one\r\n  two2️⃣\r\nb: 1\r\n", "a: 1️⃣{<<: {x: y}}2️⃣\n",
    "a:\n  1️⃣x: y\n  <<: {z: z}2️⃣\nb: 1", "a:\n  1️⃣x:2️⃣\nb: 1", "a:\n  1️⃣-\n  -2️⃣\nb: 1",
    "? a\n: 1️⃣b2️⃣\n", "? a1️⃣2️⃣", "? é 1️⃣2️⃣",
  ])
  func `a value lies where it is written`(marked: String) throws {
    let text = MarkedText(marked)
    let value = try #require(try text.read().pairs.first?.value)
    #expect(value.mark == (try text.mark(1)))
    #expect(value.end == (try text.mark(2)))
  }

  @Test(arguments: [
    "1️⃣a2️⃣: 1", "1️⃣\"a b\"2️⃣: 1", "{1️⃣a2️⃣: 1}", "? 1️⃣a2️⃣\n: 1", "\n\n  1️⃣é€2️⃣ : 1", "\r\n# 😀\r\n1️⃣ü2️⃣: 1",
    "{1️⃣\"a\"2️⃣:1}",
  ])
  func `a key lies where it is written`(marked: String) throws {
    let text = MarkedText(marked)
    let pair = try #require(try text.read().pairs.first)
    #expect(pair.keyMark == (try text.mark(1)))
    #expect(pair.keyEnd == (try text.mark(2)))
  }

  @Test func `a byte-order mark counts for no column`() throws {
    let text = MarkedText("a: 1️⃣x\n")
    let node = try YAMLReader.read([0xEF, 0xBB, 0xBF] + Array(text.text.utf8))
    #expect(node["a"]?.mark == (try text.mark(1)))
  }

  @Test func `a pair in brackets ends with its value`() throws {
    let text = MarkedText("[1️⃣a: b2️⃣  , c]")
    let pair = try #require(try text.read().items.first)
    #expect(pair.mark == (try text.mark(1)))
    #expect(pair.end == (try text.mark(2)))
  }

  @Test func `the ends of many block scalars are found in a text that is not ASCII`() throws {
    let node = try read(String(repeating: "- |\n  é😀\n", count: 1000))
    #expect(node.items.count == 1000)
    for (index, item) in node.items.enumerated() {
      #expect(item.mark == SourceMark(line: 2 * index + 1, column: 3))
      #expect(item.end == SourceMark(line: 2 * index + 2, column: 5))
    }
  }

  @Test(arguments: ["\r\n", "\r", "\n"])
  func `line ends of every kind give the same tree`(end: String) throws {
    let text = "a: 1\nb:\n  - x\n  - |\n    one\n    two\nc: \"x\n  y\"\n"
    #expect(
      try read(
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .joined(separator: end)) == read(text))
  }

  @Test func `marks are ordered as they are read`() {
    let marks = [(1, 1), (1, 2), (2, 1), (10, 0)].map { SourceMark(line: $0.0, column: $0.1) }
    #expect(marks.shuffled().sorted() == marks)
  }
}
