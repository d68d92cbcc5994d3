import YAMLReader

/// How lines on standard error are written.
package enum LogFormat: String, Sendable, CaseIterable { case text, json }

/// One line of standard error under `--log-format json`; keys may be added, never changed.
package struct LogLine: Encodable, Sendable {
  package enum Level: String, Encodable, Sendable { case info, warning, error }

  package var time: String
  package var level: Level
  package var message: String
  /// The run's id, the same as in the journal.
  package var run: String?
  package var code: String?
  package var host: String?
  package var step: String?
  /// Of a step: `start`, `ok`, `failed`, `skipped`.
  package var result: String?
  package var round: Int?
  package var detail: String?
  package var evidence: String?
  package var hint: String?
  package var file: String?
  package var line: Int?
  package var column: Int?

  package init(_ level: Level, _ message: String, at time: Timestamp, run: String?) {
    self.level = level
    self.message = message
    self.time = time.rfc3339
    self.run = run
  }

  package init(_ diagnostic: Diagnostic, at time: Timestamp, run: String?) {
    self.init(Level(diagnostic.severity), diagnostic.message, at: time, run: run)
    code = diagnostic.code.rawValue
    host = diagnostic.host
    detail = diagnostic.detail
    evidence = diagnostic.evidence
    hint = diagnostic.hint
    file = diagnostic.position?.file
    line = diagnostic.position?.mark.line
    column = diagnostic.position?.mark.column
  }

  /// One line of JSON without a line feed.
  package var rendered: String { StableJSON.encode(self, indented: false) }
}

extension LogLine.Level {
  package init(_ severity: Severity) {
    switch severity {
    case .note: self = .info
    case .warning: self = .warning
    case .error: self = .error
    }
  }
}
