internal import CLibYAML

/// The libyaml parser over a text; all memory of libyaml is owned and freed here.
///
/// The text must outlive the parser, which keeps a pointer to it.
@safe
struct EventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// Starts a parser.
  ///
  /// - Parameter text: UTF-8 without a byte-order mark; it must outlive the parser.
  /// - Throws: `YAMLError` of kind `memory`.
  @unsafe
  init(_ text: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      throw YAMLError(.memory, "the YAML parser got no memory")
    }
    unsafe self.parser = unsafe parser
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
  }

  /// Reads the next event.
  ///
  /// - Returns: The event; after `streamEnd` do not call again.
  /// - Throws: What libyaml said; do not call again.
  func next() throws(ParserFailure) -> Event {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe Event(event)
  }

  private func failure() -> ParserFailure {
    let state = unsafe parser.pointee
    let hasMark = unsafe state.error != YAML_READER_ERROR && state.error != YAML_MEMORY_ERROR
    let context = unsafe state.context.map { unsafe String(cString: $0) }
    return unsafe ParserFailure(
      problem: state.problem.map { unsafe String(cString: $0) } ?? "unknown error",
      mark: hasMark ? SourceMark(state.problem_mark) : nil,
      context: context,
      contextMark: context == nil ? nil : SourceMark(state.context_mark),
      isOutOfMemory: state.error == YAML_MEMORY_ERROR)
  }
}

extension Event {
  /// Copies what libyaml's event holds.
  fileprivate init(_ event: yaml_event_t) {
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    var isFlow = false
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      unsafe (anchor, tag) = unsafe (scalar.anchor, scalar.tag)
      let text = unsafe String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      kind = .scalar(text, Style(unsafe scalar.style))
    case YAML_ALIAS_EVENT:
      kind = unsafe .alias(String(event.data.alias.anchor) ?? "")
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      unsafe (anchor, tag) = unsafe (start.anchor, start.tag)
      kind = .sequenceStart
      isFlow = unsafe start.style == YAML_FLOW_SEQUENCE_STYLE
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      unsafe (anchor, tag) = unsafe (start.anchor, start.tag)
      kind = .mappingStart
      isFlow = unsafe start.style == YAML_FLOW_MAPPING_STYLE
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_STREAM_START_EVENT: kind = .streamStart
    default: kind = .streamEnd
    }
    self.anchor = unsafe String(anchor)
    self.tag = unsafe String(tag)
    start = unsafe SourceMark(event.start_mark)
    end = unsafe SourceMark(event.end_mark)
    scalars = unsafe event.start_mark.index..<max(event.start_mark.index, event.end_mark.index)
    // The mapping of a pair in `[a: b]` is of flow style too, but its start is an empty place.
    hasBracket = isFlow && !scalars.isEmpty
  }
}

extension Event.Style {
  fileprivate init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_PLAIN_SCALAR_STYLE: self = .plain
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: self = .block
    default: self = .quoted
    }
  }
}

extension String {
  /// Copies a C string, nil for a null pointer.
  @unsafe
  fileprivate init?(_ text: UnsafeMutablePointer<yaml_char_t>?) {
    guard let text = unsafe text else { return nil }
    unsafe self.init(cString: text)
  }
}

extension SourceMark {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
