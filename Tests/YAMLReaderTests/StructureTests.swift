import Testing
import YAMLReader

/// What a document may hold: one document, unique scalar keys, core tags.
struct StructureTests {
  @Test(arguments: [
    ("a: 1\nb: [x, 'y', \"z\"]\n", "{a: 1, b: [x, 'y', 'z']}"),
    ("- a\n- - b\n  - c\n- {d: e}\n", "[a, [b, c], {d: e}]"),
    ("a:\n- 1\n- 2\nb: {}\nc: []\n", "{a: [1, 2], b: {}, c: []}"),
    ("--- # start\na: >\n  two\n  lines\n...\n# end\n", "{a: 'two lines\n'}"),
    ("just a text", "just a text"), ("~", "~"), ("[a: b, c]", "[{a: b}, c]"),
    ("? a\n: b\n? c\n", "{a: b, c: }"), ("%YAML 1.2\n---\na: \"\\x41\\0\"", "{a: 'A\0'}"),
    ("{\"a\":1, b: 2}", "{a: 1, b: 2}"), ("\u{FEFF}a: 1", "{a: 1}"), ("--- &a\n...\n", ""),
    ("url: https://mesh.example.com:8443", "{url: https://mesh.example.com:8443}"),
  ])
  func `a document becomes a tree`(text: String, outline: String) throws {
    #expect(try read(text).outline == outline)
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "   ", "---\n", "\u{FEFF}", "---\n...\n"])
  func `a file without content is empty`(text: String) throws {
    try expectError(.empty, text, says: "the file is empty")
  }

  @Test(arguments: ["a: 1\n1️⃣---\nb: 2\n", "--- a\n...\n1️⃣---\n", "a: 1\n1️⃣---\n"])
  func `a second document is refused where it begins`(text: String) throws {
    try expectError(.multipleDocuments, text, says: "second document")
  }

  @Test(arguments: [
    "2️⃣a: 1\nb: 2\n1️⃣a: 3\n", "{2️⃣a: 1, 1️⃣\"a\": 2}", "2️⃣'a': 1\n1️⃣a: 2\n",
    "x: &k a\ny:\n  2️⃣a: 1\n  1️⃣*k : 2\n", "? 2️⃣a\n? 1️⃣a\n",
    "2️⃣<<: {a: 1}\n1️⃣<<: {b: 1}\n", "2️⃣1: a\n1️⃣1: b\n", "2️⃣\u{E9}: 1\n1️⃣e\u{301}: 2\n",
  ])
  func `a key twice is refused at the second, naming the first`(text: String) throws {
    try expectError(.duplicateKey, text, says: "twice", "first here")
  }

  @Test(arguments: [14, 15, 16, 17, 18, 40])
  func `a key twice is found in mappings of any size`(count: Int) throws {
    let keys = (1..<count).map { "key-\($0): x\n" }.joined()
    let node = try read("key-0: x\n" + keys)
    #expect(node.pairs.count == count)
    #expect(node.pairs.last?.key == "key-\(count - 1)")
    try expectError(.duplicateKey, "2️⃣key-0: x\n" + keys + "1️⃣key-0: y\n")
    try expectError(
      .duplicateKey, "key-0: x\n2️⃣key-x: 1\n" + keys + "1️⃣key-x: y\n", says: "line 2")
  }

  @Test func `the same key in two mappings is fine`() throws {
    #expect(try read("a: {k: 1}\nb: {k: 2}\nk: 3").outline == "{a: {k: 1}, b: {k: 2}, k: 3}")
  }

  @Test(arguments: [
    "? 1️⃣[a, b]\n: c\n", "1️⃣{a: b}: c\n", "? 1️⃣- a\n: b\n", "x: &l [a]\n1️⃣*l : b\n",
    "1️⃣\(String(repeating: "[", count: 3))x]]]: 1",
  ])
  func `a key that is no scalar is refused`(text: String) throws {
    try expectError(.complexKey, text)
  }

  @Test func `a key of megabytes is refused, also through an alias`() throws {
    let long = String(repeating: "k", count: 4096)
    #expect(try read("? \(long)\n: 1").pairs.count == 1)
    try expectError(.complexKey, "? 1️⃣\(long)k\n: 1", says: "4096 bytes")
    try expectError(.complexKey, "a: &a \(long)k\n1️⃣*a : 1")
  }

  @Test(
    arguments: [
      ("!!str 12", .string("12")), ("!!str ", .string("")), ("! 12", .string("12")),
      ("&a ! 12", .string("12")), ("! &a 12", .string("12")), ("!!int 12", .integer(12)),
      ("!!int \"12\"", .integer(12)), ("!!float 1.5", .float(1.5)), ("!!float 1", .integer(1)),
      ("!!bool 'true'", .bool(true)), ("!!null ''", .null), ("!!null ~", .null),
      ("!<tag:yaml.org,2002:int> 7", .integer(7)), ("&a 12", .integer(12)),
      ("é é ! 12", .string("é é ! 12")),
    ] as [(String, YAMLScalar.Value)])
  func `core tags decide the type`(text: String, value: YAMLScalar.Value) throws {
    #expect(try read("[é, \(text)]").items.last?.scalar?.value == value)
  }

  @Test func `core tags stand on collections`() throws {
    #expect(
      try read("!!map {a: !!seq [1], b: ! [2], c: ! {}}").outline == "{a: [1], b: [2], c: {}}")
  }

  @Test(arguments: [
    "a: 1️⃣!vault x", "a: 1️⃣!!binary x", "a: 1️⃣!!int x", "a: 1️⃣!!int 1.5", "a: 1️⃣!!bool yes",
    "a: 1️⃣!!int 99999999999999999999", "a: 1️⃣!!null x", "a: 1️⃣!!seq x", "a: 1️⃣!!map [x]",
    "a: 1️⃣!!str {x: y}", "a: 1️⃣!secret {x: y}", "a: 1️⃣!!set {x: y}", "1️⃣!x a: b",
    "%TAG !! tag:example.com,2000:\n---\n1️⃣!!str x", "a: !x!y z", "a: 1️⃣!<str> x",
    "a: &a !!timestamp 2024-01-01",
  ])
  func `any other tag is refused`(text: String) throws {
    let error = try expectError(.tag, text, says: "tag")
    #expect(error.mark != nil)
  }
}
