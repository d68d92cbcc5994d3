import YAMLReader

/// A value with the place it was read from.
struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
  var value: Value
  var mark: SourceMark
  var end: SourceMark

  init(_ value: Value, at node: YAMLNode) {
    self.value = value
    self.mark = node.mark
    self.end = node.end
  }
}

/// A known key of the file with its value.
struct Field {
  let key: InventoryKey
  let pair: YAMLPair

  var node: YAMLNode { pair.value }
}

/// What decoding carries along: the findings so far, and where it stands.
///
/// The readers in its extensions return nil after they have reported why, so that decoding goes on
/// and finds every problem of the file.
struct DecodingContext {
  let path: String
  private(set) var diagnostics: [Diagnostic] = []
  /// The host whose keys are being read; goes into each finding.
  var host: String?
  /// How many names may still be compared for a "did you mean"; keeps a large file full of wrong
  /// names from being compared with itself.
  private var comparisons = 200_000

  init(path: String) { self.path = path }

  private(set) var hasErrors = false

  // MARK: Reporting

  mutating func report(
    _ code: DiagnosticCode, _ severity: Severity, _ message: String,
    detail: String? = nil, hint: String? = nil, from mark: SourceMark, to end: SourceMark,
    host: String? = nil, isSecret: Bool = false
  ) {
    let length = mark.line == end.line ? end.column - mark.column : 1
    var diagnostic = Diagnostic(
      code, severity, message, detail: detail, hint: hint,
      position: SourcePosition(file: path, mark: mark, length: length), host: host ?? self.host)
    if isSecret { diagnostic.secrets = [SecretSpan(file: path, start: mark, end: end)] }
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { hasErrors = true }
  }

  mutating func report(
    _ code: DiagnosticCode, _ severity: Severity, _ message: String,
    detail: String? = nil, hint: String? = nil, at node: YAMLNode, host: String? = nil,
    isSecret: Bool = false
  ) {
    report(
      code, severity, message, detail: detail, hint: hint, from: node.mark, to: node.end,
      host: host, isSecret: isSecret)
  }

  mutating func report<Value>(
    _ code: DiagnosticCode, _ severity: Severity, _ message: String,
    detail: String? = nil, hint: String? = nil, at place: Located<Value>, host: String? = nil
  ) {
    report(
      code, severity, message, detail: detail, hint: hint, from: place.mark, to: place.end,
      host: host)
  }

  /// Marks every value of a node as a secret that no printed line may show.
  ///
  /// Called after a finding was reported, which carries the marks.
  mutating func hide(_ node: YAMLNode) {
    guard !diagnostics.isEmpty else { return }
    switch node.content {
    case .scalar:
      diagnostics[diagnostics.count - 1].secrets.append(
        SecretSpan(file: path, start: node.mark, end: node.end))
    case .sequence(let entries): for entry in entries { hide(entry) }
    case .mapping(let pairs): for pair in pairs { hide(pair.value) }
    }
  }

  /// "expected …, found …" for a value of the wrong type.
  mutating func wrongType(_ key: InventoryKey, _ node: YAMLNode, hint: String? = nil) {
    let wanted = key.type.words
    if node.isNull {
      report(
        .invType, .error, "`\(key.name)` has no value, expected \(wanted)",
        hint: "write the value, or remove the line", at: node)
    } else {
      report(
        .invType, .error, "`\(key.name)`: expected \(wanted), found \(node.inWords)",
        hint: hint ?? node.quotingHint(for: key.type), at: node)
    }
  }

  // MARK: Mappings

  /// The known keys of a mapping in file order; reports the unknown ones.
  ///
  /// A mapping without any content (`web-1:`) is an empty one where `mayBeEmpty`.
  mutating func fields(
    of node: YAMLNode, in sections: [InventorySection], mayBeEmpty: Bool = true,
    title: @autoclosure () -> String
  ) -> [Field]? {
    guard let pairs = node.pairs else {
      if node.isNull, mayBeEmpty { return [] }
      let found = node.isNull ? "nothing" : node.inWords
      report(
        .invType, .error, "\(title()): expected a mapping (`key: value` lines), found \(found)",
        at: node)
      return nil
    }
    var fields: [Field] = []
    fields.reserveCapacity(pairs.count)
    for pair in pairs {
      var known: InventoryKey?
      for section in sections where known == nil {
        known = InventoryKey.named(pair.key, in: section)
      }
      if let known {
        fields.append(Field(key: known, pair: pair))
      } else {
        unknownKey(pair, in: sections, title: title())
      }
    }
    return fields
  }

  /// Reports required keys that are not there, at the key of their section.
  mutating func requireKeys(
    of section: InventorySection, in fields: [Field], from mark: SourceMark, to end: SourceMark
  ) {
    for key in InventoryKey.keys(of: section) where key.isRequired {
      if fields.contains(where: { $0.key.name == key.name }) { continue }
      report(
        key.name == "version" ? .invVersion : .invMissing, .error,
        "\(section.title) has no `\(key.name)`", detail: key.doc,
        hint: "add `\(key.name): \(key.type.isMapping ? "…" : key.example)`", from: mark, to: end)
    }
  }

  // MARK: Suggestions

  /// The nearest of many names, as long as the budget of comparisons lasts.
  mutating func suggestion(for word: String, among names: [String]) -> String? {
    guard comparisons >= names.count else { return nil }
    comparisons -= names.count
    return Suggestion.nearest(to: word, in: names).map { "did you mean `\($0)`?" }
  }
}

extension InventoryType {
  var isMapping: Bool {
    switch self {
    case .section, .named: true
    default: false
    }
  }
}
