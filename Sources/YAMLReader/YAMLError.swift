/// Why a text could not be read as one YAML document.
///
/// Switch on `kind`; the words may change between versions.
package struct YAMLError: Error, Sendable, Hashable {
  /// What is wrong, for code; cases are stable.
  package enum Kind: String, Sendable, CaseIterable {
    /// Not YAML: indentation, quotes, brackets, colons.
    case syntax
    /// Not UTF-8.
    case encoding
    /// A NUL byte: not a text file.
    case binary
    /// A control character, an invisible line separator or a byte-order mark inside the text.
    case controlCharacter
    /// Nothing but blanks and comments.
    case empty
    /// More than one document.
    case multipleDocuments
    /// A key twice in one mapping.
    case duplicateKey
    /// A key that is a sequence or mapping, or is longer than 4096 bytes.
    case complexKey
    /// Nested deeper than the limit.
    case depth
    /// More nodes than the limit, aliases counted as what they stand for.
    case nodes
    /// More bytes than the limit.
    case bytes
    /// More blanks, blank lines or directives in a row than any written file has.
    case blanks
    /// An alias whose anchor does not stand before it.
    case unknownAlias
    /// An alias inside the very node it stands for.
    case recursiveAlias
    /// A custom tag, or a tag its value does not fit.
    case tag
    /// A `<<` whose value is neither a mapping nor a sequence of mappings.
    case mergeKey
    /// The parser ran out of memory.
    case memory
  }

  /// A second place that belongs to the error, such as the first of two equal keys.
  package struct Related: Sendable, Hashable {
    package var message: String
    package var mark: SourceMark

    /// Makes a second place with what is to be seen there.
    package init(message: String, mark: SourceMark) {
      self.message = message
      self.mark = mark
    }
  }

  package var kind: Kind
  /// What is wrong, in plain words, without position and without a full stop.
  package var message: String
  /// What to do about it, in plain words.
  package var hint: String?
  /// Where; nil only where the error is about the whole file.
  package var mark: SourceMark?
  package var related: Related?

  /// Makes an error; `message` begins in lower case because a position stands before it.
  package init(
    _ kind: Kind, _ message: String, hint: String? = nil, at mark: SourceMark? = nil,
    related: Related? = nil
  ) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.mark = mark
    self.related = related
  }
}

extension YAMLError: CustomStringConvertible {
  /// The error in one line: `3:7: message (related, line 1); hint`.
  package var description: String {
    var text = mark.map { "\($0.line):\($0.column): " } ?? ""
    text += message
    if let related { text += " (\(related.message), line \(related.mark.line))" }
    if let hint { text += "; \(hint)" }
    return text
  }
}
