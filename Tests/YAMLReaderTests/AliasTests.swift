import Testing
import YAMLReader

/// Aliases and merge keys.
struct AliasTests {
  @Test(arguments: [
    ("a: &x 1\nb: *x\n", "{a: 1, b: 1}"), ("[&x [1, 2], *x]", "[[1, 2], [1, 2]]"),
    ("a: &x {k: &y v}\nb: *x\nc: *y", "{a: {k: v}, b: {k: v}, c: v}"),
    ("a: &x 'no'\n*x : b", "{a: 'no', no: b}"), ("&x a: *x", "{a: a}"),
    ("[&x 1, *x, &x 2, *x]", "[1, 1, 2, 2]"), ("&x [&x 1, *x]", "[1, 1]"),
    ("[&x [&x 1], *x]", "[[1], 1]"), ("[&x , *x]", "[, ]"),
  ])
  func `an alias is replaced by a copy`(text: String, outline: String) throws {
    #expect(try read(text).outline == outline)
  }

  @Test func `an alias has its own mark and the marks of its anchor inside`() throws {
    let text = MarkedText("a: 1️⃣&x {2️⃣k: 3️⃣v}\nb: 4️⃣*x5️⃣\n")
    let alias = try #require(try text.read()["b"])
    #expect(alias.mark == (try text.mark(4)))
    #expect(alias.end == (try text.mark(5)))
    #expect(alias.pairs.first?.keyMark == (try text.mark(2)))
    #expect(alias["k"]?.mark == (try text.mark(3)))
  }

  @Test(arguments: ["a: 1️⃣*x\nb: &x 1\n", "- &y 1\n- 1️⃣*x\n", "<<: 1️⃣*x", "1️⃣*x : 1"])
  func `an unknown alias is refused`(text: String) throws {
    try expectError(.unknownAlias, text, says: "*x")
  }

  @Test func `an unknown alias lists the anchors there are`() throws {
    try expectError(.unknownAlias, "[&one 1, &two 2, 1️⃣*tow]", says: "`&one`, `&two`")
  }

  @Test(arguments: [
    "2️⃣&a [1️⃣*a]", "2️⃣&a\nk: 1️⃣*a", "x: 2️⃣&a {<<: 1️⃣*a}", "2️⃣&a [[b, {c: 1️⃣*a}]]",
  ])
  func `an alias inside its own node is refused`(text: String) throws {
    try expectError(.recursiveAlias, text, says: "*a", "&a")
  }

  // MARK: Merge keys

  @Test(arguments: [
    ("<<: {a: 1}\nb: 2", "{b: 2, a: 1}"), ("b: 2\n<<: {a: 1, b: 3}", "{b: 2, a: 1}"),
    ("<<: {a: 1, b: 3}\nb: 2", "{b: 2, a: 1}"),
    ("<<: [{a: 1}, {a: 2, b: 2}, {b: 3, c: 3}]", "{a: 1, b: 2, c: 3}"),
    ("[&x {a: 1}, {<<: *x, b: 2}]", "[{a: 1}, {b: 2, a: 1}]"),
    ("[&x {a: 1}, &y {b: 2}, {<<: [*x, *y]}]", "[{a: 1}, {b: 2}, {a: 1, b: 2}]"),
    ("[&x [{a: 1}, {b: 2}], {<<: *x}]", "[[{a: 1}, {b: 2}], {a: 1, b: 2}]"),
    ("<<: {<<: {a: 1, b: 1}, a: 2}\nc: 3", "{c: 3, a: 2, b: 1}"), ("<<: {}", "{}"),
    ("<<: []\na: 1", "{a: 1}"), ("\"<<\": {a: 1}", "{<<: {a: 1}}"), ("'<<': 1", "{<<: 1}"),
    ("!!str <<: 1", "{<<: 1}"), ("\"<<\": 1\n<<: {a: 2}", "{<<: 1, a: 2}"), ("[<<]", "[<<]"),
    ("[&m <<, {*m : 1}]", "[<<, {<<: 1}]"),
  ])
  func `own keys win over merged ones, earlier merged ones over later`(
    text: String, outline: String
  ) throws {
    #expect(try read(text).outline == outline)
  }

  @Test func `merging keeps its rules in mappings of many keys`() throws {
    let base = (0..<100).map { "k\($0): base" }.joined(separator: ", ")
    let own = (50..<120).map { "k\($0): own" }.joined(separator: ", ")
    let node = try read("[&b {\(base)}, {<<: *b, \(own)}]").items[1]
    #expect(node.pairs.map(\.key) == (50..<120).map { "k\($0)" } + (0..<50).map { "k\($0)" })
    #expect(node.pairs.map(\.value.scalar?.text).prefix(70).allSatisfy { $0 == "own" })
    #expect(node.pairs.map(\.value.scalar?.text).suffix(50).allSatisfy { $0 == "base" })
  }

  @Test(arguments: [
    "<<: 1️⃣a", "<<:1️⃣", "<<: [{}, 1️⃣a]", "x: &x 1\ny: {<<: 1️⃣*x}", "<<: [1️⃣[{a: 1}]]",
    "<<: 1️⃣\"a\"",
  ])
  func `a merge key takes mappings only`(text: String) throws {
    try expectError(.mergeKey, text, says: "merges mappings")
  }
}
