import Testing
import YAMLReader

/// Texts that are not clean UTF-8.
struct EncodingTests {
  private func error(_ bytes: [UInt8]) throws -> YAMLError {
    try #require(throws: YAMLError.self) { try YAMLReader.read(bytes) }
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"), ([0xFE, 0xFF, 0x00, 0x61], "UTF-16"),
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61], "UTF-32"),
      ([0x61, 0, 0x3A, 0], "UTF-16"), ([0, 0x61, 0, 0x3A], "UTF-16"),
    ] as [([UInt8], String)])
  func `other encodings are named`(bytes: [UInt8], name: String) throws {
    let error = try error(bytes)
    #expect(error.kind == .encoding)
    #expect(error.message.contains(name))
    #expect(error.hint?.contains("save it as UTF-8") == true)
    #expect(error.mark == SourceMark(line: 1, column: 1))
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE0, 0x9F, 0xBF],
      [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0xFF], [0xE9, 0x20], [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func `invalid UTF-8 is refused where it stands`(bytes: [UInt8]) throws {
    let before = MarkedText("# é😀\r\na: ü1️⃣")
    for after in ["", "\nb: 1\n"] {
      let error = try error(Array(before.text.utf8) + bytes + Array(after.utf8))
      #expect(error.kind == .encoding)
      #expect(error.message.contains("0x" + String(bytes[0], radix: 16, uppercase: true)))
      #expect(error.mark == (try before.mark(1)))
    }
  }

  @Test func `NUL looks like a binary file`() throws {
    try expectError(.binary, "abc\nd: 1️⃣\0x", says: "looks like a binary file")
    #expect(try error([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]).kind == .controlCharacter)
    #expect(try error([0, 0, 0, 0]).kind == .binary)
  }

  @Test(arguments: [
    ("\u{1}", "U+0001"), ("\u{1B}", "U+001B"), ("\u{7F}", "U+007F"), ("\u{80}", "U+0080"),
    ("\u{85}", "U+0085"), ("\u{9F}", "U+009F"), ("\u{B}", "U+000B"), ("\u{C}", "U+000C"),
    ("\u{2028}", "U+2028"), ("\u{2029}", "U+2029"), ("\u{FEFF}", "U+FEFF"), ("\u{FFFE}", "U+FFFE"),
    ("\u{FFFF}", "U+FFFF"),
  ])
  func `control characters are refused where they stand`(character: String, name: String) throws {
    try expectError(.controlCharacter, "é: 1\n# x1️⃣\(character)y: z\n", says: name)
  }

  @Test(arguments: ["\u{A0}", "\u{D7FF}", "\u{E000}", "\u{FFFD}", "\u{10FFFF}", "é", "😀", "\t"])
  func `any other character is fine`(character: String) throws {
    #expect(try read("a: \"x\(character)y\"")["a"]?.scalar?.text == "x\(character)y")
  }

  @Test func `escapes may write what may not stand in the text`() throws {
    let node = try read(#"a: "\0\e\x85\u2028\uFEFF\U0001F600""#)
    #expect(node["a"]?.scalar?.text == "\0\u{1B}\u{85}\u{2028}\u{FEFF}😀")
  }
}
