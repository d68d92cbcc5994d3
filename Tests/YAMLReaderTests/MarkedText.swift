import Testing
import YAMLReader

/// A text whose interesting places are marked in it (`1️⃣`), so that nobody counts columns.
struct MarkedText {
  /// The text without the marks.
  let text: String
  private let marks: [String: SourceMark]

  init(_ marked: String) {
    var text = String.UnicodeScalarView()
    var marks: [String: SourceMark] = [:]
    var mark = SourceMark(line: 1, column: 1)
    let scalars = Array(marked.unicodeScalars)
    var index = 0
    while index < scalars.count {
      // A mark is a digit, U+FE0F and U+20E3.
      if index + 2 < scalars.count, scalars[index + 1] == "\u{FE0F}",
        scalars[index + 2] == "\u{20E3}"
      {
        marks[String(scalars[index])] = mark
        index += 3
        continue
      }
      let scalar = scalars[index]
      text.append(scalar)
      let isFirstOfCRLF =
        scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      if scalar == "\n" || scalar == "\r" && !isFirstOfCRLF {
        mark = SourceMark(line: mark.line + 1, column: 1)
      } else if !isFirstOfCRLF {
        mark.column += 1
      }
      index += 1
    }
    self.text = String(text)
    self.marks = marks
  }

  /// The place of a mark, as `"1️⃣"` or `1`.
  func mark(_ number: Int) throws -> SourceMark {
    try #require(marks[String(number)], "no mark \(number) in the text")
  }

  /// Reads the text.
  func read(limits: YAMLLimits = .inventory) throws(YAMLError) -> YAMLNode {
    try YAMLReader.read(Array(text.utf8), limits: limits)
  }
}

/// Reads a text without marks.
func read(_ text: String, limits: YAMLLimits = .inventory) throws(YAMLError) -> YAMLNode {
  try YAMLReader.read(Array(text.utf8), limits: limits)
}

/// Expects a text to be refused, at mark 1 (where there is one) and with a second place at mark 2.
@discardableResult
func expectError(
  _ kind: YAMLError.Kind, _ marked: String, limits: YAMLLimits = .inventory,
  says words: String..., sourceLocation: SourceLocation = #_sourceLocation
) throws -> YAMLError {
  let text = MarkedText(marked)
  let error = try #require(
    throws: YAMLError.self, "\(marked.prefix(200))", sourceLocation: sourceLocation
  ) {
    try text.read(limits: limits)
  }
  #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
  if marked.contains("1️⃣") {
    #expect(error.mark == (try text.mark(1)), "\(error)", sourceLocation: sourceLocation)
  }
  if marked.contains("2️⃣") {
    #expect(error.related?.mark == (try text.mark(2)), "\(error)", sourceLocation: sourceLocation)
  }
  for word in words {
    #expect(error.description.contains(word), "\(error)", sourceLocation: sourceLocation)
  }
  return error
}

extension YAMLNode {
  var items: [YAMLNode] {
    if case .sequence(let items) = content { items } else { [] }
  }

  var pairs: [YAMLPair] {
    if case .mapping(let pairs) = content { pairs } else { [] }
  }

  var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  subscript(key: String) -> YAMLNode? {
    pairs.first { $0.key == key }?.value
  }

  /// The tree in one line, without marks: `{a: 'text', b: [1]}` with quotes where not plain.
  var outline: String {
    switch content {
    case .scalar(let scalar): scalar.isPlain ? scalar.text : "'\(scalar.text)'"
    case .sequence(let items): "[" + items.map(\.outline).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { "\($0.key): \($0.value.outline)" }.joined(separator: ", ") + "}"
    }
  }
}
