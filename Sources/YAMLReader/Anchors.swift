/// How much has been read, aliases counted as what they stand for.
struct Weight {
  /// Values of any kind; keys are not counted.
  var nodes = 0
  /// The text of scalars, keys included.
  var textBytes = 0

  static func - (left: Weight, right: Weight) -> Weight {
    Weight(nodes: left.nodes - right.nodes, textBytes: left.textBytes - right.textBytes)
  }
}

/// The anchors read so far; a name may be used again and then means the later node.
struct Anchors {
  /// A node that has a name.
  struct Named {
    var node: YAMLNode
    var weight: Weight
    /// How many levels of sequences and mappings it has; 0 for a scalar.
    var height: Int
  }

  private enum State {
    /// Its end has not been read; `depth` tells which frame it is.
    case open(SourceMark, depth: Int)
    case done(Named)
  }

  private var states: [String: State] = [:]

  /// Notes that a sequence or mapping with this name begins.
  mutating func open(_ name: String, at mark: SourceMark, depth: Int) {
    states[name] = .open(mark, depth: depth)
  }

  /// Notes a node that was opened, unless a node inside it took the name over.
  mutating func close(_ name: String, depth: Int, _ named: Named) {
    if case .open(_, depth: depth) = states[name] { states[name] = .done(named) }
  }

  /// Notes a scalar.
  mutating func define(_ name: String, _ named: Named) {
    states[name] = .done(named)
  }

  /// Finds what an alias stands for.
  ///
  /// - Throws: `unknownAlias` or `recursiveAlias`.
  func resolve(_ name: String, at mark: SourceMark) throws(YAMLError) -> Named {
    switch states[name] {
    case .done(let named):
      return named
    case .open(let opened, _):
      throw YAMLError(
        .recursiveAlias, "the alias `*\(name)` stands inside the node it stands for", at: mark,
        related: .init(message: "`&\(name)` is here", mark: opened))
    case nil:
      let known = states.keys.sorted().prefix(8).map { "`&\($0)`" }.joined(separator: ", ")
      throw YAMLError(
        .unknownAlias, "no `&\(name)` stands before the alias `*\(name)`",
        hint: known.isEmpty
          ? "a text that begins with `*` needs quotes" : "anchors up to here: \(known)", at: mark)
    }
  }
}
