package import YAMLReader

/// A stable name of one kind of finding, for example `MESH-INV-UNKNOWN-KEY`.
///
/// Scripts match on it, so a published code never changes its meaning. Codes are declared in
/// `DiagnosticCode+<Area>.swift`, one file an area.
package struct DiagnosticCode: Sendable, Hashable, RawRepresentable {
  package var rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
}

/// How much a finding matters; `error` stops what it is about.
package enum Severity: String, Sendable, Comparable {
  case note, warning, error

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }

  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// A place in a named file, with the length of the text it is about (on that line).
package struct SourcePosition: Sendable, Hashable {
  package var file: String
  package var mark: SourceMark
  /// In Unicode scalars; at least 1.
  package var length: Int

  package init(file: String, mark: SourceMark, length: Int = 1) {
    self.file = file
    self.mark = mark
    self.length = max(1, length)
  }
}

/// A stretch of a file that must never be shown: a secret that somebody wrote into it.
package struct SecretSpan: Sendable, Hashable {
  package var file: String
  package var start: SourceMark
  /// Exclusive.
  package var end: SourceMark

  package init(file: String, start: SourceMark, end: SourceMark) {
    self.file = file
    self.start = start
    self.end = end
  }
}

/// One finding: what, where, why it matters here, the evidence, and what to do next.
///
/// No secret may be put in any field; text from outside (`evidence`, parts of `message`) is raw here
/// and is escaped by the report that prints it.
package struct Diagnostic: Sendable, Hashable {
  package var code: DiagnosticCode
  package var severity: Severity
  /// One sentence without a final full stop.
  package var message: String
  /// Why it matters here; full sentences.
  package var detail: String?
  /// One line of what was really seen (an error text of another program, say).
  package var evidence: String?
  /// What to do: a command to run or a line to write.
  package var hint: String?
  package var position: SourcePosition?
  /// The inventory key of the host it is about.
  package var host: String?
  /// Where the file itself holds a secret; whoever prints a line of it leaves these places out.
  package var secrets: [SecretSpan] = []

  package init(
    _ code: DiagnosticCode, _ severity: Severity = .error, _ message: String,
    detail: String? = nil, evidence: String? = nil, hint: String? = nil,
    position: SourcePosition? = nil, host: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.detail = detail
    self.evidence = evidence
    self.hint = hint
    self.position = position
    self.host = host
  }
}

/// What ports throw: a failure that already knows how to say itself.
package struct Failure: Error, Sendable, Hashable {
  package var diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

  package init(
    _ code: DiagnosticCode, _ message: String, detail: String? = nil, evidence: String? = nil,
    hint: String? = nil, host: String? = nil
  ) {
    self.init(
      Diagnostic(
        code, .error, message, detail: detail, evidence: evidence, hint: hint, host: host))
  }
}
