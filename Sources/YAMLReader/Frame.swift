/// A sequence or mapping whose end has not been read yet.
struct Frame {
  /// The key of a pair whose value has not been read yet.
  struct Key {
    var text: String
    var mark: SourceMark
    var end: SourceMark
    /// True for a plain `<<`: its value is merged and the key itself is none of the mapping's.
    var isMerge: Bool
  }

  let isMapping: Bool
  let hasBracket: Bool
  let start: SourceMark
  let anchor: String?
  /// What had been read before, to tell afterwards what this node weighs.
  let before: Weight
  /// Where the last child ends.
  var lastEnd: SourceMark
  /// How many levels the deepest child has; 0 for scalars.
  var childHeight = 0
  var items: [YAMLNode] = []
  var pairs: [YAMLPair] = []
  var key: Key?
  private(set) var mergeMark: SourceMark?
  private var merged: [YAMLPair] = []
  /// Where each key stands in `pairs`; made when comparing them one by one gets slow.
  private var index: [String: Int]?

  init(_ event: Event, isMapping: Bool, before: Weight) {
    self.isMapping = isMapping
    hasBracket = event.hasBracket
    start = event.start
    anchor = event.anchor
    self.before = before
    lastEnd = event.start
  }

  /// True where the next node is a key.
  var expectsKey: Bool { isMapping && key == nil }

  /// Finds where in `pairs` this key stands.
  ///
  /// Strings are compared as Swift does, so keys that differ in Unicode normalisation are the same.
  private func position(of key: String) -> Int? {
    if let index { return index[key] }
    return pairs.indices.first { pairs[$0].key == key }
  }

  /// Takes the key of the next pair.
  ///
  /// - Throws: `duplicateKey`.
  mutating func open(_ key: Key) throws(YAMLError) {
    let first = key.isMerge ? mergeMark : position(of: key.text).map { pairs[$0].keyMark }
    if let first {
      throw YAMLError(
        .duplicateKey, "the key `\(key.text)` stands twice in this mapping",
        hint: key.isMerge ? "give one `<<` a list: `<<: [*first, *second]`" : nil, at: key.mark,
        related: .init(message: "first here", mark: first))
    }
    if key.isMerge { mergeMark = key.mark }
    self.key = key
  }

  /// Takes a child: an item, or the value of the pair that is open.
  ///
  /// - Throws: `mergeKey`.
  mutating func append(_ node: YAMLNode) throws(YAMLError) {
    lastEnd = node.end
    guard isMapping else { return items.append(node) }
    guard let key else { return }
    self.key = nil
    if key.isMerge {
      merged = try mergedPairs(of: node)
    } else {
      index?[key.text] = pairs.count
      pairs.append(
        YAMLPair(key: key.text, keyMark: key.mark, keyEnd: key.end, value: node))
      if index == nil, pairs.count == 16 { indexPairs() }
    }
  }

  /// Makes the content, merged pairs behind the own ones.
  mutating func finish() -> YAMLNode.Content {
    guard isMapping else { return .sequence(items) }
    if !merged.isEmpty {
      if index == nil, merged.count + pairs.count > 16 { indexPairs() }
      for candidate in merged where position(of: candidate.key) == nil {
        index?[candidate.key] = pairs.count
        pairs.append(candidate)
      }
    }
    return .mapping(pairs)
  }

  private mutating func indexPairs() {
    index = Dictionary(pairs.enumerated().map { ($1.key, $0) }) { first, _ in first }
  }
}

/// The pairs a merge key brings, those that win first.
private func mergedPairs(of node: YAMLNode) throws(YAMLError) -> [YAMLPair] {
  let sources: [YAMLNode]
  if case .sequence(let items) = node.content { sources = items } else { sources = [node] }
  var pairs: [YAMLPair] = []
  for source in sources {
    guard case .mapping(let found) = source.content else {
      throw YAMLError(
        .mergeKey, "`<<` merges mappings, and this is none",
        hint: "write `<<: *name` or `<<: [*first, *second]`; a key of that name: `\"<<\"`",
        at: source.mark)
    }
    pairs += found
  }
  return pairs
}
