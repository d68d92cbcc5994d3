import MeshCore
import Testing
import YAMLReader

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain text, büro, 日本 🙂", "plain text, büro, 日本 🙂"), ("", ""),
    ("a\nb", "a\\u{A}b"), ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\tb\r", "a\\u{9}b\\u{D}"),
    ("\u{7F}\u{9B}", "\\u{7F}\\u{9B}"), ("a\u{202E}b\u{2066}", "a\\u{202E}b\\u{2066}"),
    ("a\u{200B}b\u{FEFF}", "a\\u{200B}b\\u{FEFF}"), ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
    ("\u{0}", "\\u{0}"), ("\u{E0041}", "\\u{E0041}"), ("e\u{301}", "e\u{301}"),
    ("\u{61C}\u{200E}\u{AD}", "\\u{61C}\\u{200E}\\u{AD}"),
  ]) func escapes(text: String, shown: String) {
    #expect(VisibleText.escaped(text) == shown)
    #expect(VisibleText.escaped(shown) == shown)
  }

  @Test func cutsLongTexts() {
    let text = String(repeating: "x", count: 1_000_000)
    #expect(VisibleText.escaped(text, limit: 10) == "xxxxxxxxx…")
    #expect(VisibleText.escaped("abc", limit: 3) == "abc")
    #expect(VisibleText.escaped("\u{1B}bc", limit: 3) == "\\u…")
  }
}

@Suite struct SuggestionTests {
  static let keys = [
    "os", "address", "port", "owner", "tags", "routes", "exit_node", "accept_routes",
  ]

  @Test(arguments: [
    ("adress", "address"), ("prot", "port"), ("ownr", "owner"), ("Tags", "tags"),
    ("exitnode", "exit_node"), ("acept_route", "accept_routes"), ("ports", "port"), ("so", "os"),
  ]) func finds(word: String, meant: String) {
    #expect(Suggestion.nearest(to: word, in: Self.keys) == meant)
  }

  @Test(arguments: ["", "frobnicate", "x", "zz", String(repeating: "a", count: 10_000)])
  func findsNothing(word: String) {
    #expect(Suggestion.nearest(to: word, in: Self.keys) == nil)
  }

  @Test func prefersTheNearestThenTheFirst() {
    #expect(Suggestion.nearest(to: "web-3", in: ["web-1", "web-2"]) == "web-1")
    #expect(Suggestion.nearest(to: "servers", in: ["serverx", "server", "servers-2"]) == "serverx")
    #expect(Suggestion.nearest(to: "abcdef", in: ["abcxyf", "abcdeg"]) == "abcdeg")
    #expect(Suggestion.nearest(to: "a", in: [String]()) == nil)
  }

  @Test func listsInWords() {
    #expect(Suggestion.alternatives(["a", "b", "c"]) == "`a`, `b` or `c`")
    #expect(Suggestion.alternatives(["a"]) == "`a`")
    #expect(Suggestion.listed(["a", "b"]) == "`a` and `b`")
    #expect(Suggestion.listed(["a", "b", "c", "d", "e"]) == "`a`, `b`, `c` and 2 more")
  }
}

@Suite struct GlobTests {
  @Test(arguments: [
    ("web-*", "web-1", true), ("web-*", "web-", true), ("web-*", "db-1", false), ("*", "", true),
    ("*-1", "web-1", true), ("w?b-1", "web-1", true), ("w?b-1", "wb-1", false),
    ("web-[0-3]", "web-2", true), ("web-[0-3]", "web-4", false), ("web-[!0-3]", "web-4", true),
    ("web-[^0-3]", "web-1", false), ("[]]", "]", true), ("a[", "a[", true),
    ("a*b*c", "aXbYc", true),
    ("a*b*c", "aXbY", false), ("**", "x", true), ("", "", true), ("", "a", false),
    ("[a-]", "-", true), ("tag:*", "tag:guest", true), ("é*", "é1", true), ("*a", "aa", true),
  ]) func matches(pattern: String, text: String, answer: Bool) {
    #expect(Glob(pattern).matches(text) == answer)
  }

  @Test func hostilePatternsStayFast() {
    let pattern = String(repeating: "*a", count: 200) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 5_000)))
  }
}
