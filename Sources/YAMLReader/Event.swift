/// One event of the parser as a safe value; nothing in it points into libyaml's memory.
struct Event {
  /// How a scalar was written.
  enum Style {
    case plain, quoted, block
  }

  enum Kind {
    case streamStart, streamEnd
    case documentStart, documentEnd
    case alias(String)
    case scalar(String, Style)
    case sequenceStart, mappingStart
    case sequenceEnd, mappingEnd
  }

  var kind: Kind
  var anchor: String?
  var tag: String?
  var start: SourceMark
  var end: SourceMark
  /// Where the event starts and ends, in Unicode scalars from the start of the text.
  var scalars: Range<Int>
  /// True where a sequence or mapping starts with a bracket of its own.
  var hasBracket = false
}

/// What libyaml said when it gave up.
struct ParserFailure: Error {
  var problem: String
  var mark: SourceMark?
  /// What it was doing, as "while parsing a block mapping".
  var context: String?
  /// Where that began.
  var contextMark: SourceMark?
  var isOutOfMemory = false
}
