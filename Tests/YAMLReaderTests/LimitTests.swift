import Testing
import YAMLReader

/// The limits, and the texts that libyaml alone takes minutes or gigabytes for.
@Suite(.timeLimit(.minutes(1)))
struct LimitTests {
  private static let small = YAMLLimits(bytes: 100, depth: 3, nodes: 10)

  @Test func `the limits of an inventory`() {
    #expect(YAMLLimits.inventory == YAMLLimits(bytes: 16_777_216, depth: 64, nodes: 2_000_000))
  }

  @Test func `bytes`() throws {
    let fits = "a: " + String(repeating: "x", count: 97)
    #expect(try read(fits, limits: Self.small)["a"]?.scalar?.text.count == 97)
    let error = try expectError(.bytes, fits + "x", limits: Self.small, says: "101", "100")
    #expect(error.mark == nil)
  }

  @Test func `depth`() throws {
    #expect(try read("[[[x]]]", limits: Self.small).outline == "[[[x]]]")
    try expectError(.depth, "[[[1️⃣[x]]]]", limits: Self.small, says: "3 levels")
    try expectError(.depth, "a:\n  b:\n    c:\n      1️⃣d: e", limits: Self.small)
    try expectError(.depth, "- - - 1️⃣- x", limits: Self.small)
    #expect(try read(nested(64)).items.count == 1)
    try expectError(.depth, nested(65))
  }

  @Test func `depth counts what aliases stand for`() throws {
    #expect(try read("[&a [x], [*a]]", limits: Self.small).outline == "[[x], [[x]]]")
    try expectError(.depth, "[&a [[x]], [1️⃣*a]]", limits: Self.small)
    let chain = (1...200).map { "- &a\($0) [*a\($0 - 1)]\n" }.joined()
    try expectError(.depth, "- &a0 x\n" + chain)
  }

  @Test func `nodes`() throws {
    #expect(try read("[1,2,3,4,5,6,7,8,9]", limits: Self.small).items.count == 9)
    try expectError(.nodes, "[1,2,3,4,5,6,7,8,9,1️⃣10]", limits: Self.small, says: "10 values")
    #expect(try read("{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}", limits: Self.small).pairs.count == 6)
  }

  @Test func `nodes count what aliases stand for`() throws {
    #expect(try read("[&a [1, 2], *a, *a]", limits: Self.small).items.count == 3)
    try expectError(.nodes, "[&a [1, 2], *a, *a, 1️⃣*a]", limits: Self.small)
    try expectError(.nodes, "[&a {x: 1, y: 2}, {<<: *a}, {<<: 1️⃣*a}]", limits: Self.small)
  }

  @Test func `a billion laughs fail at once`() throws {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...20 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let error = try expectError(.nodes, text, says: "aliases")
    #expect(error.mark?.line == 7)
    try expectError(
      .nodes,
      text.replacing("[*", with: "{<<: [*").replacing("]\n", with: "]}\n")
        .replacing("[lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]}", with: "{a: b}"))
  }

  @Test func `aliases to a long text count by its length`() throws {
    let long = "- &a " + String(repeating: "x", count: 256_000) + "\n"
    let fits = String(repeating: "- *a\n", count: 1000)
    #expect(try read(long + fits).items.count == 1001)
    try expectError(.nodes, long + fits + fits)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: ", "? - ", "&a [", "!!seq ["])
  func `two hundred thousand levels fail at once`(opening: String) throws {
    let error = try #require(throws: YAMLError.self) {
      try read(String(repeating: opening, count: 200_000))
    }
    #expect([.depth, .complexKey, .syntax].contains(error.kind), "\(error)")
    #expect(error.mark?.line == 1)
  }

  /// A text of megabytes, named by its beginning: swift-testing prints arguments whole.
  struct LongText: Sendable, CustomTestStringConvertible {
    let text: String
    init(_ text: String) { self.text = text }
    var testDescription: String {
      "\(text.prefix(10).debugDescription)… of \(text.utf8.count) bytes"
    }
  }

  @Test(arguments: [
    LongText(
      "a: b" + String(repeating: " ", count: 1_000_000) + String(repeating: "c ", count: 1_000_000)),
    LongText(
      "a: b" + String(repeating: "\n", count: 1_000_000)
        + String(repeating: " c\n", count: 1_000_000)),
    LongText("a: b" + String(repeating: "\n  ", count: 10_000)),
    LongText(String(repeating: "%TAG !x! y\n", count: 1_000_000) + "---\na: 1\n"),
  ])
  func `what libyaml takes quadratic time for fails at once`(long: LongText) throws {
    let error = try #require(throws: YAMLError.self) { try read(long.text) }
    #expect(error.kind == .blanks)
    #expect(error.description.contains("more than"))
    #expect(error.mark != nil)
  }

  @Test func `the run that is too long is named`() throws {
    let blanks = String(repeating: " ", count: 4096)
    try expectError(.blanks, "%YAML 1.2\n---\na:\(blanks)1️⃣ 1", says: "4096 blanks")
    let directives = String(repeating: "%TAG !x! y\n", count: 64)
    try expectError(.blanks, directives + "1️⃣%TAG !x! y\n---\na", says: "64 lines", "`%`")
  }

  @Test func `many blanks that a file may have are fine`() throws {
    let blanks = String(repeating: " ", count: 4000)
    #expect(try read("a:\(blanks)1\n" + String(repeating: "\n", count: 4000))["a"] != nil)
    #expect(try read(String(repeating: "\(blanks)\n", count: 1000) + "a: 1")["a"] != nil)
  }

  @Test func `a mapping of a hundred thousand keys is read`() throws {
    let node = try read((0..<100_000).map { "k\($0): x\n" }.joined())
    #expect(node.pairs.count == 100_000)
    #expect(node.pairs.last?.keyMark == SourceMark(line: 100_000, column: 1))
  }

  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + "x" + String(repeating: "]", count: depth)
  }
}
