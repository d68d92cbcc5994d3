/// A place in the source text; both numbers count from 1, columns in Unicode scalars.
package struct SourceMark: Sendable, Hashable, Comparable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: SourceMark, right: SourceMark) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One node of a YAML document with the place it was written at.
///
/// An alias is replaced by a copy of its anchor's node that keeps the *anchor's* marks inside, while the
/// node itself carries the alias's own mark, so that messages point to what the reader can change.
package struct YAMLNode: Sendable, Equatable {
  /// What a node holds.
  package enum Content: Sendable, Equatable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// Pairs in file order; keys are unique and are scalars. Merge keys (`<<`) are already resolved:
    /// the mapping's own keys come first, merged ones that it does not have follow.
    case mapping([YAMLPair])
  }

  package var content: Content
  package var mark: SourceMark
  /// Where the node ends (exclusive); used for the length of a caret on one line.
  package var end: SourceMark

  package init(content: Content, mark: SourceMark, end: SourceMark) {
    self.content = content
    self.mark = mark
    self.end = end
  }
}

/// One key with its value, in file order.
package struct YAMLPair: Sendable, Equatable {
  package var key: String
  package var keyMark: SourceMark
  package var keyEnd: SourceMark
  package var value: YAMLNode

  package init(key: String, keyMark: SourceMark, keyEnd: SourceMark, value: YAMLNode) {
    self.key = key
    self.keyMark = keyMark
    self.keyEnd = keyEnd
    self.value = value
  }
}

/// A scalar as written, with what the YAML 1.2 core schema makes of it.
package struct YAMLScalar: Sendable, Equatable {
  /// The text after unescaping and folding.
  package var text: String
  /// True when the scalar was plain (not quoted, not a block scalar); only plain scalars have a type
  /// other than string.
  package var isPlain: Bool

  package init(text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
  }

  /// The value under the YAML 1.2 core schema: `no` and `22:22` are strings, `0o17` and `0xF` are
  /// integers, `0777` is the decimal 777, `1e3` a float.
  package enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
  }
}
