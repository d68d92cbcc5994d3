/// Builds the tree from events; nesting lives on an explicit stack.
struct TreeBuilder {
  private let limits: YAMLLimits
  private var source: SourceText
  private var stack: [Frame] = []
  private var anchors = Anchors()
  private var weight = Weight()
  private var root: YAMLNode?

  init(source: SourceText, limits: YAMLLimits) {
    self.source = source
    self.limits = limits
  }

  /// Takes the next event.
  ///
  /// - Returns: The root when the event was the end of the text, else nil.
  /// - Throws: What the document may not hold.
  mutating func take(_ event: Event) throws(YAMLError) -> YAMLNode? {
    switch event.kind {
    case .scalar(let text, let style): try addScalar(text, style, event)
    case .alias(let name): try addAlias(name, event)
    case .sequenceStart: try open(event, isMapping: false)
    case .mappingStart: try open(event, isMapping: true)
    case .sequenceEnd, .mappingEnd: try close(event)
    case .documentStart:
      guard root == nil else {
        throw YAMLError(
          .multipleDocuments, "a second document begins here",
          hint: "one file holds one document: delete this `---` and what follows", at: event.start)
      }
    case .streamEnd:
      guard let root else { throw Self.emptyText }
      return root
    case .streamStart, .documentEnd: break
    }
    return nil
  }

  private static let emptyText = YAMLError(
    .empty, "the file is empty", hint: "it holds nothing but blanks and comments")

  /// The innermost bracket that has not been closed, to explain a failure.
  var openBracket: OpenBracket? {
    stack.last { $0.hasBracket }.map { OpenBracket(isBrace: $0.isMapping, mark: $0.start) }
  }

  // MARK: Scalars and aliases

  private mutating func addScalar(
    _ text: String, _ style: Event.Style, _ event: Event
  ) throws(YAMLError) {
    if stack.isEmpty, style == .plain, event.scalars.isEmpty { throw Self.emptyText }
    var scalar = YAMLScalar(text: text, isPlain: style == .plain)
    if let tag = event.tag {
      scalar = try Tags.apply(tag, to: scalar, at: event.start)
    } else if style == .plain, event.scalars.count > text.utf8.count,
      source.hasBareTag(event)
    {
      scalar.isPlain = false
    }
    var (start, end) = (event.start, event.end)
    if style == .block {
      end = source.endOfBlockScalar(event)
    } else if event.scalars.isEmpty, start.column == 1, source.isAtEnd(event) {
      // libyaml invents a last line end; a value that is missing there lies at the end of the text.
      start = source.mark(ofByte: source.bytes.count)
      end = start
    }
    let node = YAMLNode(content: .scalar(scalar), mark: start, end: end)
    if let anchor = event.anchor {
      let weight = Weight(nodes: 1, textBytes: text.utf8.count)
      anchors.define(anchor, .init(node: node, weight: weight, height: 0))
    }
    weight.textBytes += text.utf8.count
    if stack.last?.expectsKey == true {
      let isMerge = scalar.isPlain && event.tag == nil && text == "<<"
      try addKey(text, node, isMerge: isMerge)
    } else {
      try count(1, at: event.start)
      try add(node, height: 0)
    }
  }

  private mutating func addAlias(_ name: String, _ event: Event) throws(YAMLError) {
    let named = try anchors.resolve(name, at: event.start)
    let node = YAMLNode(content: named.node.content, mark: event.start, end: event.end)
    if stack.last?.expectsKey == true {
      guard case .scalar(let scalar) = named.node.content else {
        throw Self.complexKey(at: event.start)
      }
      return try addKey(scalar.text, node, isMerge: false)
    }
    try checkDepth(stack.count + named.height, at: event.start)
    weight.textBytes += named.weight.textBytes
    try count(
      named.weight.nodes + named.weight.textBytes / YAMLLimits.bytesPerNode, at: event.start)
    try add(node, height: named.height)
  }

  private mutating func addKey(
    _ text: String, _ node: YAMLNode, isMerge: Bool
  ) throws(YAMLError) {
    guard text.utf8.count <= YAMLLimits.keyBytes else {
      throw YAMLError(
        .complexKey, "the key has more than \(YAMLLimits.keyBytes) bytes", at: node.mark)
    }
    let key = Frame.Key(text: text, mark: node.mark, end: node.end, isMerge: isMerge)
    try stack[stack.count - 1].open(key)
  }

  // MARK: Sequences and mappings

  private mutating func open(_ event: Event, isMapping: Bool) throws(YAMLError) {
    if stack.last?.expectsKey == true { throw Self.complexKey(at: event.start) }
    try checkDepth(stack.count + 1, at: event.start)
    if let tag = event.tag { try Tags.check(tag, isMapping: isMapping, at: event.start) }
    let frame = Frame(event, isMapping: isMapping, before: weight)
    try count(1, at: event.start)
    if let anchor = event.anchor {
      anchors.open(anchor, at: event.start, depth: stack.count)
    }
    stack.append(frame)
  }

  private mutating func close(_ event: Event) throws(YAMLError) {
    guard var frame = stack.popLast() else { return }
    // The end of a block, and of a pair in `[a: b]`, is an empty place at the next token.
    let end = event.scalars.isEmpty ? frame.lastEnd : event.end
    let node = YAMLNode(content: frame.finish(), mark: frame.start, end: end)
    let height = frame.childHeight + 1
    if let anchor = frame.anchor {
      anchors.close(
        anchor, depth: stack.count,
        .init(node: node, weight: weight - frame.before, height: height))
    }
    try add(node, height: height)
  }

  private mutating func add(_ node: YAMLNode, height: Int) throws(YAMLError) {
    guard !stack.isEmpty else {
      root = node
      return
    }
    let top = stack.count - 1
    stack[top].childHeight = max(stack[top].childHeight, height)
    try stack[top].append(node)
  }

  // MARK: Limits

  private mutating func count(_ nodes: Int, at mark: SourceMark) throws(YAMLError) {
    weight.nodes += nodes
    guard weight.nodes <= limits.nodes else {
      throw YAMLError(
        .nodes,
        "the document has more than \(limits.nodes) values, aliases counted as what they "
          + "stand for", at: mark)
    }
  }

  private func checkDepth(_ depth: Int, at mark: SourceMark) throws(YAMLError) {
    guard depth <= limits.depth else {
      throw YAMLError(.depth, "nested deeper than \(limits.depth) levels", at: mark)
    }
  }

  private static func complexKey(at mark: SourceMark) -> YAMLError {
    YAMLError(
      .complexKey, "a key must be a single text, not a sequence or mapping",
      hint: "a text that begins with `[`, `{` or `?` needs quotes", at: mark)
  }
}
