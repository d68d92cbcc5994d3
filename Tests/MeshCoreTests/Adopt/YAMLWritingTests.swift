import Testing
import YAMLReader

@testable import MeshCore

/// What is written is what is read.
@Suite struct YAMLWritingTests {
  static let texts =
    RandomMesh.names + [
      "y", "Y", "on", "OFF", "True", "~", "Null", ".inf", "-.INF", ".nan", "0o17", "0777", "1_000",
      "12:30:45", "2001-12-14", "0b1", "+1", "1.", ".5", "1e3", "=", "<<", "-", "?", ":", "a:",
      "a: b",
      "a #b", "#", "@x", "`x", "%x", "|", ">", "'", "\"", "\\", "\\n", "\t", " lead", "trail ",
      "a,b",
      "[x]", "{x}", "tag:web", "fd00::/64", "::1", "10.0.0.1", "10.0.0.0/24", "1.2.3", "~/.ssh/id",
      "mkey:00", "http://x:80/", "é", "😀", "\u{85}", "\u{A0}", "\u{FEFF}", "\u{10FFFF}", "\r\n",
      "\u{0}",
      "---", "...", "null", "no", "_x", "x_", "1x", "0x", "1:2", "a::b", "%YAML 1.1",
    ]

  @Test(arguments: texts) func aScalarComesBack(text: String) throws {
    let items: [YAMLItem] = [
      .pair(text, .text(text), note: text), .comment(text),
      .pair("list", .list([text, "x", text])),
      .disabled([.pair(text, .mapping([.comment(text), .pair("k", .text(text))]))]),
      .pair("end", .number(1)),
    ]
    let written = YAMLWriting.text([.pair("top", .mapping(items))])
    let root = try YAMLReader.read(Array(written.utf8))
    guard case .mapping(let top) = root.content,
      case .mapping(let pairs)? = top.first?.value.content
    else {
      Issue.record("no mapping: \(written)")
      return
    }
    #expect(pairs.map { Array($0.key.utf8) } == [text, "list", "end"].map { Array($0.utf8) })
    #expect(pairs[0].value.scalar?.value == .string(text))
    guard case .sequence(let entries) = pairs[1].value.content else {
      Issue.record("no list: \(written)")
      return
    }
    #expect(entries.map { $0.scalar?.value } == [.string(text), .string("x"), .string(text)])
  }

  /// YAML 1.1 readers (PyYAML, Ansible, Go's v2) must not see numbers, dates and booleans.
  @Test(arguments: [
    "yes", "No", "on", "OFF", "y", "N", "null", "~", "true", "1_000", "0777", "0x1f", "0b1", "1e3",
    "12:30", "2001-12-14", "1.5", "1", "-1", "+1", ".5", ".inf", "=", "<<", "",
  ]) func wordsOfYAML11AreQuoted(text: String) {
    #expect(ScalarText.of(text) == "\"\(text)\"")
  }

  @Test(arguments: [
    "web-1", "tag:web", "10.0.0.0/24", "192.0.2.1", "https://mesh.example.com:8443/x", "alice",
    "alice@example.com", "mkey:0123456789abcdef", "/etc/x.pem", "Administrator",
  ]) func ordinaryWordsArePlain(text: String) {
    #expect(ScalarText.of(text) == text)
  }

  @Test func longListsAreBroken() throws {
    let names = (1...200).map { "host-\($0)" }
    let written = YAMLWriting.text([.pair("hosts", .list(names))], indent: 4)
    #expect(written.split(separator: "\n").allSatisfy { $0.utf8.count <= YAMLWriting.width })
    let root = try YAMLReader.read(Array(written.utf8))
    guard case .mapping(let pairs) = root.content,
      case .sequence(let entries)? = pairs.first?.value.content
    else {
      Issue.record("no list: \(written)")
      return
    }
    #expect(entries.compactMap { $0.scalar?.text } == names)
  }
}
