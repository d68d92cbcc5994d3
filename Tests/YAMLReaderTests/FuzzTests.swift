import Testing
import YAMLReader

/// Random damage to a document: it is refused or read, and every mark lies in the text.
@Suite(.timeLimit(.minutes(1)))
struct FuzzTests {
  private static let sample = """
    # inventory é
    version: 1
    server: {url: https://mesh.example.com, api: {key: {env: KEY}}}
    defaults: &d {os: linux, ssh: {user: "ops\\t", jump: 'it''s'}}
    groups:
      servers: {tags: [tag:server, !!str 12], hosts: [a]}
    hosts:
      spark-😀: {<<: *d, routes: [10.0.0.0/24]}
      win-lab:
        <<: [*d, {port: 2222}]
        text: |
          one
          two

        folded: >-
          three
        ? explicit
        : - x
          - - y
            - ~
      old: ! {state: absent, n: 0x1F, f: 1e3}

    """

  private static let pieces: [[UInt8]] =
    [
      "\n", "\r\n", " ", "  ", "\t", ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "\"", "'",
      "&d ",
      "*d", "!x ", "!!int ", "|\n", ">", "#", "<<: ", "%", "---\n", "...\n", "\\", "é", "😀", "\0",
      "\u{FEFF}", "\u{2028}",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0x80]]

  @Test(arguments: 0..<20)
  func `damaged documents are read or refused`(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let sample = Array(Self.sample.utf8)
    var outcomes: Set<String> = []
    for _ in 0..<100 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&bytes, &random) }
      let lines = lineLengths(bytes)
      do throws(YAMLError) {
        try expectMarksInside(YAMLReader.read(bytes), lines)
        outcomes.insert("read")
      } catch {
        outcomes.insert(error.kind.rawValue)
        #expect(!error.message.isEmpty)
        for mark in [error.mark, error.related?.mark].compactMap(\.self) {
          #expect(isInside(mark, lines), "\(error)")
        }
      }
    }
    #expect(outcomes.contains("read") && outcomes.count > 3, "\(outcomes)")
  }

  @Test func `every prefix of a document is read or refused`() throws {
    let sample = Array(Self.sample.utf8)
    var refused = 0
    for length in 0..<sample.count {
      let prefix = Array(sample[..<length])
      do throws(YAMLError) {
        try expectMarksInside(YAMLReader.read(prefix), lineLengths(prefix))
      } catch {
        refused += 1
        #expect(error.mark.map { isInside($0, lineLengths(prefix)) } ?? true, "\(error)")
      }
    }
    #expect((1..<sample.count).contains(refused))
  }

  @Test func `the sample itself is read`() throws {
    let node = try read(Self.sample)
    #expect(node.pairs.map(\.key) == ["version", "server", "defaults", "groups", "hosts"])
    #expect(node["hosts"]?["win-lab"]?["ssh"]?["jump"]?.scalar?.text == "it's")
    expectMarksInside(node, lineLengths(Array(Self.sample.utf8)))
  }

  private func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.remove(at: place)
    case 1: bytes.removeSubrange(place..<end)
    case 2:
      bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...place, using: &random))
    case 3: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
    default: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
    }
    if bytes.isEmpty { bytes = [0x61] }
  }

  /// How many scalars each line has, as an editor counts.
  private func lineLengths(_ bytes: [UInt8]) -> [Int] {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    var lengths = [0]
    for index in text.indices {
      let isReturn = text[index] == 0x0D
      let isPair = isReturn && index + 1 < text.endIndex && text[index + 1] == 0x0A
      if text[index] == 0x0A || isReturn && !isPair {
        lengths.append(0)
      } else if text[index] & 0xC0 != 0x80, !isPair {
        lengths[lengths.count - 1] += 1
      }
    }
    return lengths
  }

  private func isInside(_ mark: SourceMark, _ lines: [Int]) -> Bool {
    (1...lines.count).contains(mark.line) && (1...lines[mark.line - 1] + 1).contains(mark.column)
  }

  private func expectMarksInside(_ node: YAMLNode, _ lines: [Int]) {
    #expect(isInside(node.mark, lines) && isInside(node.end, lines) && node.mark <= node.end)
    for item in node.items { expectMarksInside(item, lines) }
    for pair in node.pairs {
      #expect(isInside(pair.keyMark, lines) && isInside(pair.keyEnd, lines))
      #expect(pair.keyMark <= pair.keyEnd)
      expectMarksInside(pair.value, lines)
    }
  }
}

/// A small generator whose numbers depend on its seed alone.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
